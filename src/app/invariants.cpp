// SPDX-License-Identifier: Apache-2.0
#include "invariants.hpp"

#include "tessera/comm/collectives.hpp"
#include "tessera/stats/exact_sum.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "model_groups.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

constexpr std::size_t kKeyBytes = 16;

/// Every key is above the one before, over rank borders too.
bool keys_ascend(Communicator const& comm, std::vector<std::uint8_t> const& keys) {
  using Bytes = std::array<std::uint8_t, kKeyBytes>;
  struct Ends {
    Bytes first, last;
    std::uint64_t rows;
  };
  std::size_t const rows = keys.size() / kKeyBytes;
  auto const key = [&](std::size_t row) {
    Bytes bytes;
    std::copy_n(keys.data() + row * kKeyBytes, kKeyBytes, bytes.begin());
    return bytes;
  };
  bool ascend = true;
  for (std::size_t row = 1; row < rows; ++row) ascend = ascend && key(row - 1) < key(row);
  Ends own{{}, {}, rows};
  if (rows > 0) own = {key(0), key(rows - 1), rows};
  Ends const* before = nullptr;
  auto const all = all_gather(comm, own);
  for (auto const& ends : all) {
    if (ends.rows == 0) continue;
    ascend = ascend && (before == nullptr || before->last < ends.first);
    before = &ends;
  }
  return all_reduce(comm, ascend ? 1 : 0, Reduce::minimum) == 1;
}

void check_customers(Communicator const& comm, ResultReader const& reader, std::vector<Check>& checks) {
  auto const blocks = reader.row_blocks("/customers/segment");
  if (reader.has("/customers/key")) {
    checks.push_back({"keys ascend",
                      keys_ascend(comm, reader.read_rows<std::uint8_t>("/customers/key", blocks)),
                      "two keys are equal or out of order"});
  }
  std::string const model = selected_model(reader);
  auto const size = reader.read<std::int64_t>(model + "/size");
  auto const segment = reader.read_rows<std::int32_t>("/customers/segment", blocks);
  auto const distance = reader.read_rows<float>("/customers/distance", blocks);
  auto const margin = reader.read_rows<float>("/customers/margin", blocks);

  std::vector<std::int64_t> counted(size.size() + 1, 0);  // the last: labels that are no segment
  for (auto const label : segment) {
    bool const known = label >= 0 && static_cast<std::size_t>(label) < size.size();
    ++counted[known ? static_cast<std::size_t>(label) : size.size()];
  }
  all_reduce(comm, std::span(counted), Reduce::sum);
  checks.push_back({"labels are segments", counted.back() == 0, fmt::format("{} are not", counted.back())});
  counted.pop_back();
  checks.push_back({"labels count up to the sizes", counted == size, "they do not"});

  std::vector<double> squared(distance.size());
  std::transform(distance.begin(), distance.end(), squared.begin(),
                 [](float value) { return static_cast<double>(value) * static_cast<double>(value); });
  double const total = exact_sum(comm, squared);
  double const inertia = reader.real(model, "inertia");
  checks.push_back({"squared distances add up to the inertia",
                    std::abs(total - inertia) <= 1e-5 * inertia + 1e-30,
                    fmt::format("{} against {}", total, inertia)});
  auto const negative = all_reduce(
      comm, std::int64_t{std::count_if(margin.begin(), margin.end(), [](float m) { return m < -1e-3F; })},
      Reduce::sum);
  checks.push_back({"no margin is negative", negative == 0, fmt::format("{} are", negative)});
}

void check_histories(ResultReader const& reader, std::vector<Check>& checks) {
  for (auto const& group : model_groups(reader)) {
    auto const inertia = reader.read<double>(group + "/history/inertia");
    bool const falls = std::adjacent_find(inertia.begin(), inertia.end(), [](double before, double after) {
                         return after > before * (1 + 1e-6);
                       }) == inertia.end();
    checks.push_back({fmt::format("inertia of {} never rose", group), falls, "it did"});
  }
}

void check_itemsets(ResultReader const& reader, std::vector<Check>& checks) {
  auto const depth = reader.read<std::uint16_t>("/itemsets/depth");
  auto const item = reader.read<std::int32_t>("/itemsets/item");
  auto const support = reader.read<std::int64_t>("/itemsets/support");
  auto const reported = reader.read<std::uint8_t>("/itemsets/reported");
  auto const min_support = reader.integer("/itemsets", "min_support");
  auto const items = static_cast<std::int32_t>(reader.dataset("/itemsets/item_name").shape.front());
  std::vector<std::size_t> path;  // nodes from the root
  bool grows = false, disordered = false, infrequent = false;
  std::int64_t results = 0;
  for (std::size_t node = 0; node < depth.size(); ++node) {
    if (depth[node] == 0 || depth[node] > path.size() + 1 || item[node] < 0 || item[node] >= items) {
      disordered = true;
      break;
    }
    path.resize(depth[node] - std::size_t{1});
    if (!path.empty()) {
      grows = grows || support[node] > support[path.back()];
      disordered = disordered || item[node] <= item[path.back()];
    }
    infrequent = infrequent || support[node] < min_support;
    results += reported[node];
    path.push_back(node);
  }
  checks.push_back({"the itemset tree is in depth-first canonical order", !disordered, "it is not"});
  checks.push_back({"no itemset has more support than its subset", !grows, "one has"});
  checks.push_back({"every itemset is frequent", !infrequent, "one is not"});
  checks.push_back({"the number of itemsets", results == reader.integer("/itemsets", "itemsets"),
                    fmt::format("{} are reported", results)});
}

void check_rules(ResultReader const& reader, std::vector<Check>& checks) {
  auto const n = static_cast<double>(reader.integer("/itemsets", "rows"));
  auto const support = reader.read<std::int64_t>("/rules/support");
  auto const antecedent = reader.read<std::int64_t>("/rules/antecedent_support");
  auto const consequent = reader.read<std::int64_t>("/rules/consequent_support");
  auto const confidence = reader.read<double>("/rules/confidence");
  auto const lift = reader.read<double>("/rules/lift");
  auto const leverage = reader.read<double>("/rules/leverage");
  auto const p_value = reader.read<double>("/rules/p_value");
  auto const q_value = reader.read<double>("/rules/q_value");
  auto const close = [](double a, double b) { return std::abs(a - b) <= 1e-12 * std::max(1.0, std::abs(b)); };
  bool follow = true, significant = true;
  for (std::size_t i = 0; i < support.size(); ++i) {
    auto const s = static_cast<double>(support[i]), a = static_cast<double>(antecedent[i]),
               c = static_cast<double>(consequent[i]);
    follow = follow && s <= a && s <= c && close(confidence[i], s / a) && close(lift[i], s * n / (a * c)) &&
             close(leverage[i], s / n - a * c / (n * n));
    significant =
        significant && p_value[i] >= 0 && p_value[i] <= 1 && q_value[i] >= p_value[i] && q_value[i] <= 1;
  }
  checks.push_back({"rules' measures follow from their supports", follow, "they do not"});
  checks.push_back({"p- and q-values are probabilities, q not below p", significant, "they are not"});
}

}  // namespace

std::vector<Check> check_invariants(Communicator const& comm, ResultReader const& reader) {
  std::vector<Check> checks;
  if (reader.has("/customers/segment")) {
    check_customers(comm, reader, checks);
    check_histories(reader, checks);
  }
  if (reader.has("/itemsets")) check_itemsets(reader, checks);
  if (reader.has("/rules")) check_rules(reader, checks);
  return checks;
}

}  // namespace tessera
