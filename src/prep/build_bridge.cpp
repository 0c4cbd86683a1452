// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/data/placement.hpp"
#include "tessera/prep/bridge.hpp"
#include "tessera/prep/customer_rows.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <utility>

#include "by_owner.hpp"
#include "row_filter.hpp"

namespace tessera {

namespace {

struct Link {
  Key link, customer;
  double order;  // infinity where it is missing: behind the others
};

/// Reads a bridge's links, round after round.
class LinkReader {
 public:
  LinkReader(TableSpec const& spec, Table const& customers)
      : filter_(detail::row_filter_spec(spec, spec.where, std::nullopt)),
        link_(*detail::index_of_column(spec, spec.link)),
        order_(detail::index_of_column(spec, spec.order_by)),
        customers_(customers.keys) {}

  void add(TableStream const& stream, CustomerRows const& rows) {
    for (auto& set : filter_.code_sets()) set.extend(stream.categories(set.column()));
    std::vector<std::uint8_t> is_link(rows.customer.size());
    filter_.evaluate(rows.columns, {}, 0, is_link);
    auto const& links = std::get<KeyColumn>(rows.columns[link_].data).keys;
    for (std::size_t row = 0; row < links.size(); ++row) {
      if (is_link[row] == 0) continue;
      if (!links[row]) {
        ++without_link_;
        continue;
      }
      links_.push_back({*links[row], customers_[rows.customer[row]], order_of(rows, row)});
    }
    if (!order_ || !std::holds_alternative<CategoryColumn>(rows.columns[*order_].data)) return;
    auto const& met = stream.categories(*order_);
    categories_.insert(categories_.end(), met.begin() + static_cast<std::ptrdiff_t>(categories_.size()),
                       met.end());
  }

  /// Codes of categories depend on the number of ranks, the order of their values does not.
  void order_categories() {
    if (categories_.empty()) return;
    std::vector<std::size_t> by_value(categories_.size());
    std::iota(by_value.begin(), by_value.end(), std::size_t{0});
    std::sort(by_value.begin(), by_value.end(),
              [&](std::size_t a, std::size_t b) { return categories_[a] < categories_[b]; });
    std::vector<double> place(categories_.size());
    for (std::size_t i = 0; i < by_value.size(); ++i) place[by_value[i]] = static_cast<double>(i);
    for (auto& link : links_) {
      if (!std::isinf(link.order)) link.order = place[static_cast<std::size_t>(link.order)];
    }
  }

  [[nodiscard]] std::vector<Link>& links() noexcept { return links_; }
  [[nodiscard]] std::uint64_t without_link() const noexcept { return without_link_; }
  [[nodiscard]] detail::RowFilter const& filter() const noexcept { return filter_; }

 private:
  [[nodiscard]] double order_of(CustomerRows const& rows, std::size_t row) const {
    constexpr double kLast = std::numeric_limits<double>::infinity();
    if (!order_) return kLast;
    auto const& data = rows.columns[*order_].data;
    if (auto const* const category = std::get_if<CategoryColumn>(&data)) {
      return category->codes[row] == kMissingCode ? kLast : category->codes[row];
    }
    double const value = std::get<NumberColumn>(data).values[row];
    return std::isnan(value) ? kLast : value;
  }

  detail::RowFilter filter_;  // which rows are links
  std::size_t link_;
  std::optional<std::size_t> order_;
  std::span<Key const> customers_;
  std::vector<Link> links_;
  std::vector<std::string> categories_;  // of order_, in the order of their codes
  std::uint64_t without_link_ = 0;
};

/// Each pair of link and customer once, with its smallest order; then by link, order and customer.
void sort_owners(std::vector<Link>& links) {
  auto const pair = [](Link const& l) { return std::tie(l.link, l.customer); };
  std::sort(links.begin(), links.end(), [&](Link const& a, Link const& b) {
    return pair(a) != pair(b) ? pair(a) < pair(b) : a.order < b.order;
  });
  links.erase(std::unique(links.begin(), links.end(),
                          [&](Link const& a, Link const& b) { return pair(a) == pair(b); }),
              links.end());
  std::sort(links.begin(), links.end(), [](Link const& a, Link const& b) {
    return std::tie(a.link, a.order, a.customer) < std::tie(b.link, b.order, b.customer);
  });
}

/// *Collective.* Every link to the rank that owns its key.
std::vector<Link> send_to_owners(Communicator const& comm, std::vector<Link> links, KeyBlocks const& blocks) {
  std::vector<std::uint64_t> counts;
  auto const outgoing = together(comm, [&] {
    std::vector<Key> keys;
    keys.reserve(links.size());
    for (auto const& link : links) keys.push_back(link.link);
    auto shipment = detail::sort_by_owner(keys, blocks, comm.size());
    counts = std::move(shipment.counts);
    return detail::gather(std::exchange(links, {}), shipment.order);
  });
  return all_to_all(comm, std::span<Link const>(outgoing), counts).values;
}

/// *Collective.* The sorted links of this rank as runs of owners.
PlacedLinks runs_of(Communicator const& comm, std::vector<Link> const& links, KeyBlocks const& blocks) {
  PlacedLinks out;
  auto const links_in_block = together(comm, [&] {
    Placement const placement(blocks.count(), comm.size());
    std::uint64_t const first_block = placement.first_block(comm.rank());
    std::vector<std::size_t> in_block(placement.first_block(comm.rank() + 1) - first_block, 0);
    out.owners.reserve(links.size());
    for (auto const& link : links) {
      if (out.links.empty() || out.links.back() != link.link) {
        out.links.push_back(link.link);
        out.first_owner.push_back(out.owners.size());
        ++in_block[blocks.of(link.link) - first_block];
      }
      out.owners.push_back(link.customer);
    }
    out.first_owner.push_back(out.owners.size());
    return in_block;
  });
  out.blocks = gather_blocks(comm, blocks.count(), links_in_block);
  return out;
}

}  // namespace

Bridge build_bridge(Communicator const& comm, TableSpec const& spec, KeyHasher const& hash,
                    Table const& customers, Progress& progress, StreamOptions const& options) {
  check_bridge(spec);
  LinkReader reader(spec, customers);
  auto joined = join_table(
      comm, spec, hash, customers, nullptr, progress,
      [&](TableStream const& stream, CustomerRows&& rows) {
        together(comm, [&] { reader.add(stream, rows); });
      },
      options);
  together(comm, [&] { reader.order_categories(); });
  KeyBlocks const blocks(all_reduce(comm, std::uint64_t{reader.links().size()}, Reduce::sum));
  auto links = send_to_owners(comm, std::move(reader.links()), blocks);
  together(comm, [&] { sort_owners(links); });
  auto placed = runs_of(comm, links, blocks);
  auto const without_link = all_reduce(comm, reader.without_link(), Reduce::sum);
  return {std::move(joined.read), std::move(placed), without_link,
          detail::values_never_met(spec, {&reader.filter(), 1})};
}

}  // namespace tessera
