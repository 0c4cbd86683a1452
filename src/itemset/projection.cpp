// SPDX-License-Identifier: Apache-2.0
#include "projection.hpp"

#include "tessera/core/error.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace tessera {

namespace {

/// Baskets x extensions tables at least one cell in kDenseRatio full become bit columns: a pair then costs
/// rows / 512 vector steps, against rows / kDenseRatio^2 scattered increments of a sparse one.
constexpr std::size_t kDenseRatio = 16;
/// Columns are rewritten for the baskets of a prefix when that makes them this many times shorter.
constexpr std::size_t kCompactRatio = 4;

std::uint64_t bytes_of_rows(std::size_t cells, std::size_t rows, std::size_t extensions) {
  return cells * (sizeof(std::int32_t) + sizeof(std::uint32_t)) + rows * sizeof(std::int32_t) +
         2 * extensions * sizeof(std::size_t);
}

}  // namespace

SparseRows::SparseRows(std::span<std::size_t const> occurrences, std::size_t rows, MemoryMeter& meter)
    : charge_(meter, bytes_of_rows(std::accumulate(occurrences.begin(), occurrences.end(), std::size_t{0}),
                                   rows, occurrences.size())),
      first_{0} {
  first_.reserve(occurrences.size() + 1);
  for (auto const count : occurrences) first_.push_back(first_.back() + count);
  std::size_t const cells = first_.back();
  if (cells + rows > std::numeric_limits<std::uint32_t>::max()) {
    throw ResourceError("the baskets of one rank hold " + std::to_string(cells) + " frequent items",
                        "mining numbers them in 32 bits", "use more ranks or a higher minimum support");
  }
  filled_.assign(first_.begin(), first_.end() - 1);
  items_.reserve(cells + rows);
  where_.resize(cells);
}

void SparseRows::add(std::span<std::int32_t const> row) {
  for (auto const extension : row) {
    where_[filled_[static_cast<std::size_t>(extension)]++] = static_cast<std::uint32_t>(items_.size());
    items_.push_back(extension);
  }
  items_.push_back(kEnd);
}

void SparseRows::count(std::size_t a, std::span<std::int64_t> counts) const {
  std::fill(counts.begin(), counts.end(), 0);
  std::int64_t* const count_of = counts.data();
  auto const first = static_cast<std::int32_t>(a) + 1;
  for_each_with(a, [&](std::int32_t const* next) {
    for (; *next != kEnd; ++next) ++count_of[*next - first];
  });
}

BitColumns::BitColumns(std::size_t rows, std::size_t extensions, MemoryMeter& meter)
    : words_(kernel::column_words(rows)),
      charge_(meter, words_ * extensions * sizeof(std::uint64_t)),
      bits_(words_ * extensions) {}

void BitColumns::count(std::size_t a, std::span<std::int64_t> counts) const {
  kernel::intersection_counts(column(a), std::span(bits_).subspan((a + 1) * words_), counts);
}

BitColumns BitColumns::project(std::size_t a, std::span<std::int32_t const> kept, MemoryMeter& meter) const {
  std::size_t const rows = kernel::count(column(a));
  bool const shorter = kernel::column_words(rows) * kCompactRatio <= words_;
  BitColumns out(shorter ? rows : 64 * words_, kept.size(), meter);
  for (std::size_t i = 0; i < kept.size(); ++i) {
    auto const from = column(static_cast<std::size_t>(kept[i]));
    if (shorter) {
      kernel::compact(column(a), from, out.column(i));
    } else {
      kernel::intersect(column(a), from, out.column(i));
    }
  }
  return out;
}

/// `source(visit)` calls visit(row) for every basket with its extensions, ascending; it is run twice.
template <class Source>
Projection Projection::gather(Source const& source, std::size_t extensions, MemoryMeter& meter) {
  std::vector<std::size_t> occurrences(extensions, 0);
  std::size_t rows = 0, cells = 0;
  // A basket with a single extension counts for no pair.
  auto const for_each_useful = [&](auto&& visit) {
    source([&](std::span<std::int32_t const> row) {
      if (row.size() > 1) visit(row);
    });
  };
  for_each_useful([&](std::span<std::int32_t const> row) {
    ++rows;
    cells += row.size();
    for (auto const extension : row) ++occurrences[static_cast<std::size_t>(extension)];
  });
  if (rows * extensions <= cells * kDenseRatio) {
    BitColumns columns(rows, extensions, meter);
    std::size_t r = 0;
    for_each_useful([&](std::span<std::int32_t const> row) {
      for (auto const extension : row) columns.set(r, static_cast<std::size_t>(extension));
      ++r;
    });
    return Projection(std::move(columns));
  }
  SparseRows table(occurrences, rows, meter);
  for_each_useful([&](std::span<std::int32_t const> row) { table.add(row); });
  return Projection(std::move(table));
}

Projection Projection::of_baskets(Baskets const& baskets, std::span<std::int32_t const> rank_of,
                                  std::size_t extensions, MemoryMeter& meter) {
  std::vector<std::int32_t> row;
  auto const source = [&](auto&& visit) {
    for (std::size_t r = 0; r < baskets.rows(); ++r) {
      row.clear();
      for (auto const item : baskets.basket(LocalRow{r})) {
        auto const extension = rank_of[static_cast<std::size_t>(item)];
        if (extension >= 0) row.push_back(extension);
      }
      std::sort(row.begin(), row.end());
      visit(std::span<std::int32_t const>(row));
    }
  };
  return gather(source, extensions, meter);
}

Projection Projection::project(std::size_t a, std::span<std::int32_t const> kept, MemoryMeter& meter) const {
  if (auto const* columns = std::get_if<BitColumns>(&form_))
    return Projection(columns->project(a, kept, meter));
  auto const& table = std::get<SparseRows>(form_);
  // New numbers of the extensions from a on; -1: not kept.
  std::vector<std::int32_t> number(static_cast<std::size_t>(kept.back()) + 1 - a, -1);
  for (std::size_t i = 0; i < kept.size(); ++i) {
    number[static_cast<std::size_t>(kept[i]) - a] = static_cast<std::int32_t>(i);
  }
  std::vector<std::int32_t> row;
  auto const source = [&](auto&& visit) {
    table.for_each_with(a, [&](std::int32_t const* next) {
      row.clear();
      for (; *next != SparseRows::kEnd && *next <= kept.back(); ++next) {
        auto const extension = number[static_cast<std::size_t>(*next) - a];
        if (extension >= 0) row.push_back(extension);
      }
      visit(std::span<std::int32_t const>(row));
    });
  };
  return gather(source, kept.size(), meter);
}

void Projection::count(std::size_t a, std::span<std::int64_t> counts) const {
  std::visit([&](auto const& form) { form.count(a, counts); }, form_);
}

}  // namespace tessera
