// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/core/random.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

/// Columns generated from the global row, and ways to deal their rows to ranks.
namespace tessera::test {

inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct SampleColumn {
  std::string name;
  std::vector<double> values;  // of all customers
};

/// A value of each awkward kind of column; `row` decides it alone.
inline double sample_value(std::string const& kind, std::uint64_t row) {
  Draw const draw(11, Purpose::generate);
  double const u = draw.uniform(row), v = draw.uniform(row, 1);
  double const gauss = std::sqrt(-2 * std::log(1 - u)) * std::cos(6.283185307179586 * v);
  if (kind == "gauss") return gauss * 3 + 100;
  if (kind == "far from zero") return 1e9 + gauss;
  if (kind == "heavy tail") return std::exp(3 * gauss) * (v < 0.5 ? -1 : 1);
  if (kind == "whole numbers") return std::floor(u * 60) + 17;
  if (kind == "ties and both zeros") return u < 0.3 ? 0.0 : u < 0.5 ? -0.0 : std::floor(v * 5) - 2;
  if (kind == "with missing") return u < 0.2 ? kNaN : std::floor(v * 100) / 7;
  if (kind == "dominated") return u < 0.9 ? 5.0 : gauss;
  if (kind == "denormals") return std::floor(gauss * 20) * 5e-324;
  if (kind == "all exponents") return std::ldexp(gauss, static_cast<int>(v * 600) - 300);
  if (kind == "two values") return u < 0.999 ? 0.0 : 1.0;
  if (kind == "neighbours") return u < 0.5 ? 1.0 : std::nextafter(1.0, 2.0);
  if (kind == "constant") return 0.1;
  if (kind == "constant with missing") return u < 0.5 ? kNaN : -7e17;
  if (kind == "one value") return row == 4 ? 3.25 : kNaN;
  return kNaN;  // "nothing"
}

inline std::vector<std::string> sample_kinds() {
  return {"gauss",
          "far from zero",
          "heavy tail",
          "whole numbers",
          "ties and both zeros",
          "with missing",
          "dominated",
          "denormals",
          "all exponents",
          "two values",
          "neighbours",
          "constant",
          "constant with missing",
          "one value",
          "nothing"};
}

inline std::vector<double> sample_column(std::string const& kind, std::size_t rows) {
  std::vector<double> values(rows);
  for (std::size_t row = 0; row < rows; ++row) values[row] = sample_value(kind, row);
  return values;
}

enum class Deal { uneven_runs, scattered };

/// The rank that a row goes to: runs whose lengths grow with the rank (rank 0 gets none unless it is alone),
/// or anywhere.
inline int dealt_to(Deal deal, std::size_t row, std::size_t rows, int ranks) {
  if (ranks == 1) return 0;
  if (deal == Deal::scattered) {
    return static_cast<int>(Draw(12, Purpose::generate).below(static_cast<std::uint64_t>(ranks), row));
  }
  double const position = static_cast<double>(row) / static_cast<double>(rows);
  return std::max(1, static_cast<int>(std::sqrt(position) * ranks));
}

/// This rank's share, in an order of its own when scattered.
template <class T>
std::vector<T> share_of(Communicator const& comm, std::vector<T> const& all, Deal deal) {
  std::vector<T> mine;
  for (std::size_t i = 0; i < all.size(); ++i) {
    std::size_t const row = deal == Deal::scattered ? all.size() - 1 - i : i;
    if (dealt_to(deal, row, all.size(), comm.size()) == comm.rank()) mine.push_back(all[row]);
  }
  return mine;
}

/// Doubles as bits, so that NaN equals NaN and -0.0 is not 0.0.
inline std::vector<std::uint64_t> bits(std::span<double const> values) {
  std::vector<std::uint64_t> out;
  for (auto const value : values) out.push_back(std::bit_cast<std::uint64_t>(value));
  return out;
}
inline std::uint64_t bits(double value) {
  return std::bit_cast<std::uint64_t>(value);
}

}  // namespace tessera::test
