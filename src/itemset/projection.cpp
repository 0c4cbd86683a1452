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
constexpr std::size_t kDenseRatio = 32;

// What bit columns cost, in nanoseconds; the ratio matters. A pair: 512 rows. A column made shorter: 64 rows.
constexpr double kPairVector = 0.75, kCompactedWord = 1.25;
/// Longer itemsets are looked for in the same columns: about so many times the pairs of the class itself (1 M
/// baskets of bench/bank_baskets.py at 0.5 %; with half or twice as many the search takes a third longer).
constexpr double kBelow = 2.5;

/// Nanoseconds that pairs of `extensions` cost less when they are counted in `shorter` rows instead of
/// `rows`.
double saved_by_shorter(std::size_t rows, std::size_t shorter, std::size_t extensions) {
  constexpr double kVectorRows = 512;
  auto const m = static_cast<double>(extensions);
  return kBelow * m * (m - 1) / 2 * kPairVector * static_cast<double>(rows - shorter) / kVectorRows;
}

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

/// `rows(visit)` calls visit(row) for every basket with its extensions; it is run several times.
template <class Rows>
Projection Projection::gather(Rows const& rows, std::size_t extensions, MemoryMeter& meter) {
  std::vector<std::size_t> occurrences(extensions, 0);
  std::size_t all = 0, useful = 0, cells = 0;
  // A basket with a single extension counts for no pair.
  rows([&](std::span<std::int32_t const> row) {
    ++all;
    if (row.size() < 2) return;
    ++useful;
    cells += row.size();
    for (auto const extension : row) ++occurrences[static_cast<std::size_t>(extension)];
  });
  if (useful * extensions <= cells * kDenseRatio) {
    BitColumns columns(all, extensions, meter);
    std::size_t r = 0;
    rows([&](std::span<std::int32_t const> row) {
      for (auto const extension : row) columns.set(r, static_cast<std::size_t>(extension));
      ++r;
    });
    return Projection(std::move(columns));
  }
  SparseRows table(occurrences, useful, meter);
  std::vector<std::int32_t> sorted;
  rows([&](std::span<std::int32_t const> row) {
    if (row.size() < 2) return;
    sorted.assign(row.begin(), row.end());
    std::sort(sorted.begin(), sorted.end());
    table.add(sorted);
  });
  return Projection(std::move(table));
}

Projection Projection::of_baskets(Baskets const& baskets, std::span<std::int32_t const> rank_of,
                                  std::size_t extensions, MemoryMeter& meter) {
  std::vector<std::int32_t> row(baskets.item_names.size() + 1);
  auto const rows = [&](auto&& visit) {
    for (std::size_t r = 0; r < baskets.rows(); ++r) {
      std::size_t size = 0;
      for (auto const item : baskets.basket(LocalRow{r})) {
        row[size] = rank_of[static_cast<std::size_t>(item)];
        size += row[size] >= 0 ? 1 : 0;
      }
      visit(std::span<std::int32_t const>(row.data(), size));
    }
  };
  return gather(rows, extensions, meter);
}

std::optional<Projection> Projection::project(std::span<std::int32_t const> path,
                                              std::span<std::int32_t const> kept, MemoryMeter& meter) const {
  if (auto const* columns = std::get_if<BitColumns>(&form_)) {
    auto const rows = columns->rows();
    double const cost = kCompactedWord * static_cast<double>(rows) / 64 * static_cast<double>(kept.size());
    if (saved_by_shorter(rows, 0, kept.size()) < cost) return std::nullopt;  // however few rows are left
    auto const shorter = columns->count(path);
    if (saved_by_shorter(rows, shorter, kept.size()) < cost) return std::nullopt;
    return Projection(columns->project(path, kept, shorter, meter));
  }
  auto const& table = std::get<SparseRows>(form_);
  auto const a = static_cast<std::size_t>(path.back());
  // New numbers of the extensions from a on; -1: not kept.
  std::vector<std::int32_t> number(static_cast<std::size_t>(kept.back()) + 1 - a, -1);
  for (std::size_t i = 0; i < kept.size(); ++i) {
    number[static_cast<std::size_t>(kept[i]) - a] = static_cast<std::int32_t>(i);
  }
  std::vector<std::int32_t> row;
  auto const rows = [&](auto&& visit) {
    table.for_each_with(a, [&](std::int32_t const* next) {
      row.clear();
      for (; *next != SparseRows::kEnd && *next <= kept.back(); ++next) {
        auto const extension = number[static_cast<std::size_t>(*next) - a];
        if (extension >= 0) row.push_back(extension);
      }
      visit(std::span<std::int32_t const>(row));
    });
  };
  return gather(rows, kept.size(), meter);
}

void Projection::count(std::span<ClassPairs const> classes) const {
  if (auto const* columns = std::get_if<BitColumns>(&form_)) {
    columns->count(classes);
    return;
  }
  for (auto const& pairs : classes) {
    auto counts = pairs.counts;
    for (std::size_t a = pairs.first; a < pairs.last; ++a) {
      auto const later = pairs.columns.size() - 1 - a;
      std::get<SparseRows>(form_).count(a, counts.first(later));
      counts = counts.subspan(later);
    }
  }
}

}  // namespace tessera
