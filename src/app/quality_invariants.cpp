// SPDX-License-Identifier: Apache-2.0
#include "quality_invariants.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>

#include "write_quality.hpp"

namespace tessera {

void check_quality(ResultReader const& reader, std::vector<Check>& checks) {
  auto const table = reader.read<std::int32_t>("/quality/columns/table");
  auto const missing = reader.read<std::uint64_t>("/quality/columns/missing");
  auto const distinct = reader.read<std::uint64_t>("/quality/columns/distinct");
  auto const rows = reader.read<std::uint64_t>("/quality/tables/rows");
  auto const column = reader.read<std::int32_t>("/quality/bins/column");
  auto const kind = reader.read<std::uint8_t>("/quality/bins/kind");
  auto const count = reader.read<std::uint64_t>("/quality/bins/count");
  bool const even = table.size() == missing.size() && distinct.size() == missing.size() &&
                    kind.size() == column.size() && count.size() == column.size();
  checks.push_back({"the lists of /quality are of one length", even, "they are not"});
  if (!even) return;
  std::vector<std::uint64_t> in_bins(missing.size()), bins_missing(missing.size());
  std::vector<char> has_bins(missing.size());
  bool known = true;
  for (std::size_t bin = 0; bin < column.size(); ++bin) {
    auto const of = static_cast<std::size_t>(column[bin]);
    known = known && of < missing.size();
    if (!known) break;
    in_bins[of] += count[bin];
    has_bins[of] = 1;
    if (kind[bin] == static_cast<std::uint8_t>(BinKind::missing)) bins_missing[of] += count[bin];
  }
  bool whole = true, agrees = true, possible = true;
  for (std::size_t c = 0; c < missing.size() && known; ++c) {
    auto const of = static_cast<std::size_t>(table[c]);
    known = of < rows.size();
    if (!known) break;
    whole = whole && (has_bins[c] == 0 || in_bins[c] == rows[of]);
    agrees = agrees && (has_bins[c] == 0 || bins_missing[c] == missing[c]);
    possible = possible && missing[c] <= rows[of] && distinct[c] <= rows[of] - missing[c];
  }
  checks.push_back({"every bin is of a column, every column of a table", known, "one is not"});
  checks.push_back({"the bins of every column hold all rows", whole, "they do not"});
  checks.push_back({"missing values are counted alike", agrees, "they are not"});
  checks.push_back({"no column has more different values than values", possible, "one has"});
}

void check_reduction(ResultReader const& reader, std::vector<Check>& checks) {
  auto const loading = reader.read<double>("/features/reduction/loading");
  auto const communality = reader.read<double>("/features/reduction/communality");
  std::size_t const scores = communality.empty() ? 0 : loading.size() / communality.size();
  constexpr double kRounding = 1e-12;
  bool agree = scores * communality.size() == loading.size();
  for (std::size_t i = 0; i < communality.size(); ++i) {
    double sum = 0;
    for (std::size_t c = 0; c < scores; ++c) sum += loading[i * scores + c] * loading[i * scores + c];
    agree = agree && std::abs(sum - communality[i]) <= kRounding;  // not so of NaN
  }
  checks.push_back({"communalities are sums of squared loadings", agree, "they are not"});
}

}  // namespace tessera
