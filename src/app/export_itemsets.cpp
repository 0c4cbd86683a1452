// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/core/rational.hpp"

#include <iterator>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "export_items.hpp"
#include "export_job.hpp"
#include "shown_profile.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

/// Some nodes of the tree, one after another.
struct Piece {
  std::vector<std::uint16_t> depth;
  std::vector<std::int32_t> item;
  std::vector<std::int64_t> support;
  std::vector<std::uint8_t> reported;
};

Piece read_piece(ResultReader const& reader, RowBlocks const& rows) {
  return {reader.read_rows<std::uint16_t>("/itemsets/depth", rows),
          reader.read_rows<std::int32_t>("/itemsets/item", rows),
          reader.read_rows<std::int64_t>("/itemsets/support", rows),
          reader.read_rows<std::uint8_t>("/itemsets/reported", rows)};
}

/// What a piece does to the path that it begins with: cuts it to `kept` items and appends others.
struct PathChange {
  std::size_t kept = std::numeric_limits<std::size_t>::max();
  std::vector<std::int32_t> more;

  void apply(std::vector<std::int32_t>& path) const {
    path.resize(std::min(path.size(), kept));
    path.insert(path.end(), more.begin(), more.end());
  }
};

PathChange change_by(ExportJob const& job, Piece const& piece, std::size_t items) {
  PathChange out;
  for (std::size_t i = 0; i < piece.depth.size(); ++i) {
    auto const depth = std::size_t{piece.depth[i]};
    if (depth == 0 || std::cmp_greater_equal(piece.item[i], items) || piece.item[i] < 0)
      throw inconsistent(job, "a node of /itemsets has no depth or no item of /itemsets/item_name");
    if (depth - 1 < out.kept) {
      out.kept = depth - 1;
      out.more.clear();
    }
    if (depth - 1 - out.kept > out.more.size())
      throw inconsistent(job, "a node of /itemsets has no parent before it");
    out.more.resize(depth - 1 - out.kept);
    out.more.push_back(piece.item[i]);
  }
  return out;
}

/// *Collective.* The path that this rank's piece begins with; `path` becomes that after all pieces.
std::vector<std::int32_t> path_before(Communicator const& comm, PathChange const& mine,
                                      std::vector<std::int32_t>& path) {
  auto const kept = all_gather(comm, std::uint64_t{mine.kept});
  auto const more = all_gather(comm, std::span<std::int32_t const>(mine.more));
  std::vector<std::int32_t> before;
  auto next = more.values.begin();
  for (std::size_t rank = 0; rank < kept.size(); ++rank) {
    if (std::cmp_equal(rank, comm.rank())) before = path;
    auto const end = next + static_cast<std::ptrdiff_t>(more.counts[rank]);
    PathChange{kept[rank], {next, end}}.apply(path);
    next = end;
  }
  return before;
}

}  // namespace

void export_itemsets(ExportJob const& job) {
  auto const& request = job.request;
  auto names = job.reader.read_strings("/itemsets/item_name");
  rename_items(job.comm, request.item_names, names);
  auto const nodes = job.reader.dataset("/itemsets/depth").shape;
  if (nodes.size() != 1) throw inconsistent(job, "/itemsets/depth is no list");
  auto const rows = job.reader.integer("/itemsets", "rows");
  auto const least = asked_support(job);
  std::uint64_t left_out = 0;
  bool const spmf = request.format == ExportFormat::spmf;
  ItemLists const lists(names, request.format);
  Records records(spmf ? ExportFormat::csv : request.format, {"items", "length", "support", "share"});
  write_head(job, spmf ? lists.spmf_header() : records.header());
  std::vector<std::int32_t> path;
  for_each_piece(job, nodes[0], [&](RowBlocks const& piece_rows) {
    auto const piece = read_piece(job.reader, piece_rows);
    auto const change = together(job.comm, [&] { return change_by(job, piece, names.size()); });
    auto prefix = path_before(job.comm, change, path);
    auto const text = together(job.comm, [&] {
      std::string lines, items;
      for (std::size_t i = 0; i < piece.depth.size(); ++i) {
        auto const depth = std::size_t{piece.depth[i]};
        if (depth - 1 > prefix.size()) throw inconsistent(job, "a node of /itemsets has no parent before it");
        prefix.resize(depth - 1);
        prefix.push_back(piece.item[i]);
        auto const support = piece.support[i];
        if (piece.reported[i] == 0 || support < least || depth < request.min_length ||
            depth > request.max_length)
          continue;
        // those who hold it and those who do not: a rule that concludes nothing
        if (tells_small_group(rows, support, 0, 0, job.min_cell)) {
          ++left_out;
          continue;
        }
        if (spmf) {
          lists.append(prefix, lines);
          fmt::format_to(std::back_inserter(lines), " #SUP: {}\n", support);
          continue;
        }
        items.clear();
        lists.append(prefix, items);
        records.raw(items);
        records.count(std::uint64_t{depth});
        records.count(support);
        records.real(static_cast<double>(support) / static_cast<double>(rows));
      }
      return spmf ? lines : records.take();
    });
    job.out.append(text);
  });
  tell_left_out(job, left_out, "itemsets");
}

}  // namespace tessera
