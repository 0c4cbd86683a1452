// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/fimi.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/io/byte_ranges.hpp"
#include "tessera/io/byte_source.hpp"
#include "tessera/io/file_list.hpp"

#include <algorithm>
#include <bit>
#include <memory>
#include <utility>

#include "fimi_parser.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

constexpr std::size_t kReadBytes = 1 << 20;
constexpr char const* kFormat = "a FIMI file has a basket a line: whole numbers separated by blanks";

struct Part {
  RawBaskets baskets;
  std::optional<FimiProblem> problem;
};

std::string_view in_words(FimiProblem problem) {
  switch (problem) {
    case FimiProblem::not_a_digit:
      return "holds a character that is neither a digit nor a blank";
    case FimiProblem::nul_byte:
      return "holds a NUL byte";
    case FimiProblem::negative:
      return "holds a minus sign";
    case FimiProblem::too_large:
      return "holds an item above 2147483647";
    case FimiProblem::stray_return:
      return "holds a carriage return that no line feed follows";
  }
  throw BugError("a problem of a FIMI file without words");
}

FileEntry the_file(Communicator const& comm, std::string const& path) {
  auto const files = list_files(comm, std::span(&path, 1), "baskets");
  if (files.size() > 1) {
    throw InputError(fmt::format("baskets: '{}' names {} files", path, files.size()),
                     "baskets are mined from one file", "name one file, or concatenate them");
  }
  if (files[0].bytes == 0)
    throw InputError("the file '" + files[0].path + "' is empty", kFormat, "name another file");
  return files[0];
}

/// The baskets of this rank's byte range.
Part read_part(FileEntry const& file, int rank, int ranks) {
  Part part;
  auto const ranges = byte_ranges(std::span(&file, 1), rank, ranks);
  if (ranges.empty()) return part;
  bool const plain = file.compression == Compression::none;
  auto const& range = ranges.front();
  FimiParser parser(range.begin, plain ? range.end : FimiParser::kToTheEnd);
  auto const source = plain ? open_raw(file, range.begin == 0 ? 0 : range.begin - 1) : open_content(file);
  std::vector<char> buffer(kReadBytes);
  while (true) {
    auto const size = source->read(buffer);
    if (!parser.feed(std::span(buffer).first(size))) break;
    if (size < buffer.size()) {
      parser.finish();
      break;
    }
  }
  part.baskets = std::move(parser.baskets());
  part.problem = parser.problem();
  return part;
}

void make_distinct(std::vector<std::int32_t>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

/// The distinct items of this rank, ascending: by a bit for each possible item unless that would take more
/// memory than the items do.
std::vector<std::int32_t> distinct_here(std::span<std::int32_t const> items) {
  std::vector<std::int32_t> distinct;
  if (items.empty()) return distinct;
  auto const words = static_cast<std::size_t>(*std::max_element(items.begin(), items.end())) / 64 + 1;
  if (words / 2 > items.size()) {
    distinct.assign(items.begin(), items.end());
    make_distinct(distinct);
    return distinct;
  }
  std::vector<std::uint64_t> seen(words, 0);
  for (auto const item : items) seen[static_cast<std::size_t>(item) / 64] |= std::uint64_t{1} << (item % 64);
  for (std::size_t w = 0; w < words; ++w) {
    for (auto bits = seen[w]; bits != 0; bits &= bits - 1) {
      distinct.push_back(static_cast<std::int32_t>(64 * w) + std::countr_zero(bits));
    }
  }
  return distinct;
}

/// *Collective.* The distinct items of all ranks, ascending. Each item is first sent to one rank, so that
/// none receives the dictionaries of all.
std::vector<std::int32_t> distinct_items(Communicator const& comm, std::span<std::int32_t const> items) {
  auto const ranks = static_cast<std::size_t>(comm.size());
  std::vector<std::uint64_t> counts(ranks, 0);
  auto const outgoing = together(comm, [&] {
    auto distinct = distinct_here(items);
    auto const owner = [&](std::int32_t item) { return static_cast<std::size_t>(item) % ranks; };
    for (auto const item : distinct) ++counts[owner(item)];
    std::stable_sort(distinct.begin(), distinct.end(),
                     [&](std::int32_t x, std::int32_t y) { return owner(x) < owner(y); });
    return distinct;
  });
  auto owned = all_to_all(comm, std::span<std::int32_t const>(outgoing), counts).values;
  make_distinct(owned);
  auto all = all_gather(comm, std::span<std::int32_t const>(owned)).values;
  std::sort(all.begin(), all.end());
  return all;
}

/// Replaces items by their positions in `distinct`.
void number_items(std::span<std::int32_t> items, std::vector<std::int32_t> const& distinct) {
  if (items.empty()) return;
  auto const largest = static_cast<std::size_t>(distinct.back());
  if (largest / 8 > distinct.size() + 65536) {  // too scattered for a table
    for (auto& item : items) {
      item = static_cast<std::int32_t>(std::lower_bound(distinct.begin(), distinct.end(), item) -
                                       distinct.begin());
    }
    return;
  }
  std::vector<std::int32_t> number(largest + 1);
  for (std::size_t i = 0; i < distinct.size(); ++i) {
    number[static_cast<std::size_t>(distinct[i])] = static_cast<std::int32_t>(i);
  }
  for (auto& item : items) item = number[static_cast<std::size_t>(item)];
}

/// *Collective.* Moves baskets, in file order over the ranks, to the ranks that own their blocks.
void place(Communicator const& comm, RawBaskets const& from, std::uint64_t first_row, Baskets& baskets) {
  auto const ranks = static_cast<std::size_t>(comm.size());
  Placement const placement(baskets.blocks.total_blocks, comm.size());
  std::vector<std::uint64_t> rows_to(ranks, 0), items_to(ranks, 0);
  auto const lengths = together(comm, [&] {
    std::vector<std::uint64_t> out(from.rows());
    for (std::size_t r = 0; r < from.rows(); ++r) {
      auto const to = static_cast<std::size_t>(placement.rank_of((first_row + r) / kRowsPerBlock));
      out[r] = from.offset[r + 1] - from.offset[r];
      ++rows_to[to];
      items_to[to] += out[r];
    }
    return out;
  });
  auto const lengths_here = all_to_all(comm, std::span<std::uint64_t const>(lengths), rows_to).values;
  baskets.items = all_to_all(comm, std::span<std::int32_t const>(from.items), items_to).values;
  together(comm, [&] {
    baskets.offset.reserve(lengths_here.size() + 1);
    for (auto const length : lengths_here) baskets.offset.push_back(baskets.offset.back() + length);
  });
}

}  // namespace

Baskets read_fimi(Communicator const& comm, std::string const& path) {
  auto const file = the_file(comm, path);
  auto part = together(comm, [&] { return read_part(file, comm.rank(), comm.size()); });
  auto const first_row = exclusive_scan(comm, std::uint64_t{part.baskets.rows()});
  auto const total_rows = all_reduce(comm, std::uint64_t{part.baskets.rows()}, Reduce::sum);
  // The lowest rank with a problem speaks; the ranks before it read all their lines, so its line number is
  // right.
  together(comm, [&] {
    if (!part.problem) return;
    throw InputError(
        fmt::format("{}:{} {}", file.path, first_row + part.baskets.rows() + 1, in_words(*part.problem)),
        kFormat, "correct the line; items are whole numbers from 0 to 2147483647");
  });
  if (total_rows == 0)
    throw InputError("the file '" + file.path + "' holds no line", kFormat, "name another file");

  auto const distinct = distinct_items(comm, part.baskets.items);
  Baskets baskets;
  together(comm, [&] {
    number_items(part.baskets.items, distinct);
    baskets.item_names.reserve(distinct.size());
    for (auto const item : distinct) baskets.item_names.push_back(std::to_string(item));
    baskets.blocks = regular_blocks(total_rows, comm.rank(), comm.size());
  });
  place(comm, part.baskets, first_row, baskets);
  return baskets;
}

}  // namespace tessera
