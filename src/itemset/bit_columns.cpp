// SPDX-License-Identifier: Apache-2.0
#include "bit_columns.hpp"

#include <algorithm>
#include <cstring>

namespace tessera {

namespace {

/// Of a block with all its columns: a good half of a second-level cache of 2 MiB.
constexpr std::size_t kBlockBytes = std::size_t{5} << 18;
/// A column of a block and two sets of rows are to stay in the first-level cache.
constexpr std::size_t kMostWords = 512;

/// Columns that are projected at a time.
constexpr std::size_t kTogether = 4;

std::size_t block_words(std::size_t rows, std::size_t columns) {
  auto const all = kernel::column_words(rows);
  auto const fit =
      std::bit_floor(kBlockBytes / sizeof(std::uint64_t) / std::max<std::size_t>(1, columns) + 1);
  return std::min(all, std::clamp(fit, kernel::kColumnWords, kMostWords));
}

}  // namespace

BitColumns::BitColumns(std::size_t rows, std::size_t columns, MemoryMeter& meter)
    : rows_(rows),
      columns_(columns),
      words_(block_words(rows, columns)),
      blocks_(words_ == 0 ? 0 : (kernel::column_words(rows) + words_ - 1) / words_),
      shift_(blocks_ > 1 ? static_cast<unsigned>(std::countr_zero(64 * words_)) : 63U),
      charge_(meter, blocks_ * columns * words_ * sizeof(std::uint64_t)),
      bits_(blocks_ * columns * words_) {}

std::size_t BitColumns::words_in(std::size_t block) const noexcept {
  return std::min(words_, kernel::column_words(rows_) - block * words_);
}

std::span<std::uint64_t const> BitColumns::rows_with(std::size_t block, std::span<std::int32_t const> path,
                                                     std::span<std::uint64_t> room) const {
  auto rows = column_of(block, static_cast<std::size_t>(path[0]));
  for (auto const column : path.subspan(1)) {
    auto const out = room.first(rows.size());
    kernel::intersect(rows, column_of(block, static_cast<std::size_t>(column)), out);
    rows = out;
  }
  return rows;
}

std::size_t BitColumns::count(std::span<std::int32_t const> path) const {
  kernel::BitWords room(words_);
  std::size_t rows = 0;
  for (std::size_t block = 0; block < blocks_; ++block) rows += kernel::count(rows_with(block, path, room));
  return rows;
}

void BitColumns::count(std::span<ClassPairs const> classes) const {
  kernel::BitWords prefix_room(words_), room(words_);
  for (std::size_t block = 0; block < blocks_; ++block) {
    auto const* const table = bits_.data() + block * columns_ * words_;
    for (auto const& pairs : classes) {
      std::span<std::uint64_t const> prefix;
      if (!pairs.path.empty()) prefix = rows_with(block, pairs.path, prefix_room);
      auto counts = pairs.counts;
      for (std::size_t a = pairs.first; a < pairs.last; ++a) {
        auto rows = column_of(block, static_cast<std::size_t>(pairs.columns[a]));
        if (!pairs.path.empty()) {
          auto const both = std::span(room).first(rows.size());
          kernel::intersect(prefix, rows, both);
          rows = both;
        }
        auto const later = pairs.columns.subspan(a + 1);
        kernel::add_intersection_counts(rows, table, words_, later, counts.first(later.size()));
        counts = counts.subspan(later.size());
      }
    }
  }
}

BitColumns BitColumns::project(std::span<std::int32_t const> path, std::span<std::int32_t const> kept,
                               std::size_t rows, MemoryMeter& meter) const {
  BitColumns out(rows, kept.size(), meter);
  auto const words = kernel::column_words(rows);
  Charge const charge(meter,
                      words * kTogether * sizeof(std::uint64_t) + blocks_ * words_ * sizeof(std::uint64_t));
  kernel::BitWords mask(blocks_ * words_), shorter(words * kTogether), room(words_);
  for (std::size_t block = 0; block < blocks_; ++block) {
    auto const with = rows_with(block, path, room);
    std::copy(with.begin(), with.end(), mask.begin() + static_cast<std::ptrdiff_t>(block * words_));
  }
  for (std::size_t i = 0; i < kept.size(); i += kTogether) {
    auto const some = kept.subspan(i, std::min(kTogether, kept.size() - i));
    std::fill(shorter.begin(), shorter.end(), 0);
    std::size_t at = 0;
    for (std::size_t block = 0; block < blocks_; ++block) {
      auto const of_block = std::span<std::uint64_t const>(mask).subspan(block * words_, words_in(block));
      at = kernel::compact(of_block, bits_.data() + block * columns_ * words_, words_, some, shorter.data(),
                           words, at);
    }
    for (std::size_t block = 0; block < out.blocks_; ++block) {
      for (std::size_t c = 0; c < some.size(); ++c) {
        std::memcpy(out.bits_.data() + (block * out.columns_ + i + c) * out.words_,
                    shorter.data() + c * words + block * out.words_,
                    out.words_in(block) * sizeof(std::uint64_t));
      }
    }
  }
  return out;
}

}  // namespace tessera
