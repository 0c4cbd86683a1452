// SPDX-License-Identifier: Apache-2.0
#include "deliver.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>

#include "by_owner.hpp"
#include "packed_rows.hpp"

namespace tessera::detail {

namespace {

/// *Collective.* In how many parts rows travel so that no rank sends or gets more than `most` of them at
/// once.
std::uint64_t parts_of(Communicator const& comm, std::vector<std::uint64_t> const& counts,
                       std::uint64_t most) {
  std::vector<std::uint64_t> arriving = counts;
  all_reduce(comm, std::span(arriving), Reduce::sum);
  std::uint64_t sent = 0;
  for (auto const count : counts) sent += count;
  sent = all_reduce(comm, sent, Reduce::maximum);
  std::uint64_t const largest = std::max(sent, *std::max_element(arriving.begin(), arriving.end()));
  return std::max<std::uint64_t>(1, (largest + most - 1) / most);
}

/// The rows of one of several equal parts of what goes to each rank. Where all go at once, `all` is used up.
Shipment part_of(Shipment& all, std::uint64_t part, std::uint64_t parts) {
  if (parts == 1) return std::move(all);
  Shipment out;
  std::uint64_t begin = 0;
  for (auto const count : all.counts) {
    auto const at = [&](std::uint64_t p) {
      return all.order.begin() + static_cast<std::ptrdiff_t>(begin + count * p / parts);
    };
    out.counts.push_back(static_cast<std::uint64_t>(at(part + 1) - at(part)));
    out.order.insert(out.order.end(), at(part), at(part + 1));
    begin += count;
  }
  return out;
}

/// What arrived, grouped by customer.
struct Grouped {
  std::vector<std::uint32_t> arrival;   // [rows found]
  std::vector<std::uint32_t> customer;  // [rows found] ascending
  std::vector<std::uint32_t> unknown;   // arrivals without a customer, ascending
};

/// Block after block, by counting.
Grouped group(LocatedKeys const& located, RowBlocks const& blocks) {
  Grouped out;
  out.arrival.resize(located.order.size());
  out.customer.resize(located.order.size());
  std::size_t known = 0;
  std::vector<std::size_t> next;
  for (std::size_t b = 0; b < blocks.blocks(); ++b) {
    std::size_t const first = located.offset[b], last = located.offset[b + 1];
    if (first == last) continue;
    std::size_t const first_customer = blocks.offset[b];
    next.assign(blocks.offset[b + 1] - first_customer + 1, 0);
    for (std::size_t i = first; i < last; ++i) {
      if (located.row[i] == kNotThere) {
        out.unknown.push_back(located.order[i]);
      } else {
        ++next[located.row[i] - first_customer + 1];
      }
    }
    next[0] = known;
    for (std::size_t c = 1; c < next.size(); ++c) next[c] += next[c - 1];
    known = next.back();
    for (std::size_t i = first; i < last; ++i) {
      if (located.row[i] == kNotThere) continue;
      std::size_t const at = next[located.row[i] - first_customer]++;
      out.arrival[at] = located.order[i];
      out.customer[at] = located.row[i];
    }
  }
  out.arrival.resize(known);
  out.customer.resize(known);
  std::sort(out.unknown.begin(), out.unknown.end());
  return out;
}

/// *Collective.* Tells the senders which of the rows that they sent have no customer; returns those that this
/// rank sent, as places in its shipment's order.
std::vector<std::size_t> send_back(Communicator const& comm, std::span<std::uint32_t const> unknown,
                                   std::span<std::uint64_t const> arrived,
                                   std::span<std::uint64_t const> sent) {
  std::vector<std::size_t> places;
  if (all_reduce(comm, std::uint64_t{unknown.size()}, Reduce::sum) == 0) return places;
  std::vector<std::uint32_t> outgoing;
  std::vector<std::uint64_t> counts(arrived.size(), 0);
  std::uint64_t begin = 0;
  auto next = unknown.begin();
  for (std::size_t rank = 0; rank < arrived.size(); ++rank) {
    for (; next != unknown.end() && *next < begin + arrived[rank]; ++next, ++counts[rank]) {
      outgoing.push_back(static_cast<std::uint32_t>(*next - begin));
    }
    begin += arrived[rank];
  }
  auto const answers = all_to_all(comm, std::span<std::uint32_t const>(outgoing), counts);
  std::size_t answer = 0, first = 0;
  for (std::size_t rank = 0; rank < sent.size(); ++rank) {
    for (std::uint64_t i = 0; i < answers.counts[rank]; ++i)
      places.push_back(first + answers.values[answer++]);
    first += sent[rank];
  }
  return places;
}

std::vector<std::uint64_t> times(std::vector<std::uint64_t> counts, std::uint64_t factor) {
  for (auto& count : counts) count *= factor;
  return counts;
}

}  // namespace

std::vector<std::uint32_t> deliver(Communicator const& comm, std::vector<Column> const& columns,
                                   Addressed const& addressed, KeyIndex const& customers,
                                   std::uint64_t most_rows, std::function<void(CustomerRows&&)> const& take) {
  PackedRows const layout(columns);
  auto all =
      together(comm, [&] { return sort_by_owner(addressed.customer, customers.key_blocks(), comm.size()); });
  std::uint64_t const parts = parts_of(comm, all.counts, most_rows);
  std::vector<std::uint32_t> unknown;
  for (std::uint64_t part = 0; part < parts; ++part) {
    Shipment shipment;
    auto outgoing = together(comm, [&] {
      shipment = part_of(all, part, parts);
      return layout.pack(columns, addressed.customer, addressed.row, shipment.order);
    });
    auto arrived =
        all_to_all(comm, std::span<std::byte const>(outgoing), times(shipment.counts, layout.bytes_a_row()));
    outgoing = {};
    for (auto& count : arrived.counts) count /= layout.bytes_a_row();
    Grouped grouped;
    CustomerRows rows;
    together(comm, [&] {
      grouped = group(customers.locate(layout.keys(arrived.values)), customers.blocks());
      rows = {std::move(grouped.customer), layout.unpack(arrived.values, grouped.arrival)};
    });
    arrived.values = {};
    take(std::move(rows));
    for (auto const place : send_back(comm, grouped.unknown, arrived.counts, shipment.counts)) {
      unknown.push_back(addressed.row[shipment.order[place]]);
    }
  }
  std::sort(unknown.begin(), unknown.end());
  unknown.erase(std::unique(unknown.begin(), unknown.end()), unknown.end());
  return unknown;
}

}  // namespace tessera::detail
