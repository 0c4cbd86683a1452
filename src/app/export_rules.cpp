// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/agree.hpp"

#include <iterator>
#include <span>
#include <utility>

#include "export_columns.hpp"
#include "export_items.hpp"
#include "shown_profile.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

/// One side of the rules of a piece: rule i has the items of [offset[i], offset[i + 1]), less offset[0].
struct Side {
  std::vector<std::int64_t> offset;
  std::vector<std::int32_t> item;

  [[nodiscard]] std::span<std::int32_t const> of(std::size_t rule) const {
    auto const first = static_cast<std::size_t>(offset[rule] - offset[0]);
    return std::span(item).subspan(first, static_cast<std::size_t>(offset[rule + 1] - offset[rule]));
  }
};

/// *Collective.* A side that has no offsets holds one item a rule.
Side read_side(ExportJob const& job, std::string const& name, RowBlocks const& piece, std::size_t items) {
  auto const offsets = "/rules/" + name + "_offset", list = "/rules/" + name + "_item";
  auto rows = piece;
  Side side;
  if (job.reader.has(offsets)) {
    rows.total_rows = piece.total_rows + 1;
    rows.offset = {0, piece.rows() == 0 ? 0 : piece.rows() + 1};
    side.offset = job.reader.read_rows<std::int64_t>(offsets, rows);
    auto const total = job.reader.dataset(list).shape;
    together(job.comm, [&] {
      bool const rise = std::is_sorted(side.offset.begin(), side.offset.end());
      bool const inside = side.offset.empty() || (side.offset.front() >= 0 && total.size() == 1 &&
                                                  std::cmp_less_equal(side.offset.back(), total[0]));
      if (!rise || !inside) throw inconsistent(job, offsets + " does not rise up to the items of " + list);
      rows.total_rows = total[0];
      rows.first_row = side.offset.empty() ? 0 : static_cast<std::uint64_t>(side.offset.front());
      rows.offset = {
          0, side.offset.empty() ? 0 : static_cast<std::size_t>(side.offset.back() - side.offset.front())};
    });
  } else {
    for (std::size_t i = 0; i <= piece.rows(); ++i) side.offset.push_back(static_cast<std::int64_t>(i));
  }
  side.item = job.reader.read_rows<std::int32_t>(list, rows);
  together(job.comm, [&] {
    for (auto const item : side.item) {
      if (item < 0 || std::cmp_greater_equal(item, items))
        throw inconsistent(job, list + " names an item that /itemsets/item_name does not have");
    }
  });
  return side;
}

}  // namespace

void export_rules(ExportJob const& job) {
  auto const& request = job.request;
  auto names = job.reader.read_strings("/itemsets/item_name");
  rename_items(job.comm, request.item_names, names);
  auto const shape = job.reader.dataset("/rules/support").shape;
  if (shape.size() != 1) throw inconsistent(job, "/rules/support is no list");
  auto const least = asked_support(job), baskets = job.reader.integer("/itemsets", "rows");
  std::uint64_t left_out = 0;
  auto columns =
      number_columns(job.reader, "/rules", shape[0],
                     {"support", "antecedent_support", "consequent_support", "confidence", "lift", "leverage",
                      "conviction", "zhang", "improvement", "p_value", "q_value"},
                     {"antecedent_item", "consequent_item", "antecedent_offset", "consequent_offset"});
  std::vector<std::string> titles{"antecedent", "consequent"};
  for (auto const& column : columns) titles.push_back(column.name());
  bool const spmf = request.format == ExportFormat::spmf;
  ItemLists const lists(names, request.format);
  Records records(spmf ? ExportFormat::csv : request.format, titles);
  write_head(job, spmf ? lists.spmf_header() : records.header());
  for_each_piece(job, shape[0], [&](RowBlocks const& piece) {
    auto const antecedent = read_side(job, "antecedent", piece, names.size());
    auto const consequent = read_side(job, "consequent", piece, names.size());
    auto const support = job.reader.read_rows<std::int64_t>("/rules/support", piece);
    auto const with_antecedent = job.reader.read_rows<std::int64_t>("/rules/antecedent_support", piece);
    auto const with_consequent = job.reader.read_rows<std::int64_t>("/rules/consequent_support", piece);
    auto const confidence = job.reader.read_rows<double>("/rules/confidence", piece);
    for (auto& column : columns) column.load(job.reader, piece);
    auto const text = together(job.comm, [&] {
      std::string lines, items;
      for (std::size_t rule = 0; rule < piece.rows(); ++rule) {
        auto const length = antecedent.of(rule).size() + consequent.of(rule).size();
        if (support[rule] < least || length < request.min_length || length > request.max_length) continue;
        if (tells_small_group(baskets, with_antecedent[rule], with_consequent[rule], support[rule],
                              job.min_cell)) {
          ++left_out;
          continue;
        }
        if (spmf) {
          lists.append(antecedent.of(rule), lines);
          lines += " ==> ";
          lists.append(consequent.of(rule), lines);
          fmt::format_to(std::back_inserter(lines), " #SUP: {} #CONF: {}\n", support[rule], confidence[rule]);
          continue;
        }
        for (auto const* side : {&antecedent, &consequent}) {
          items.clear();
          lists.append(side->of(rule), items);
          records.raw(items);
        }
        for (auto const& column : columns) column.put(records, rule);
      }
      return spmf ? lines : records.take();
    });
    job.out.append(text);
  });
  tell_left_out(job, left_out, "rules");
}

}  // namespace tessera
