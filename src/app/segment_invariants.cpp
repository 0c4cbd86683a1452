// SPDX-License-Identifier: Apache-2.0
#include "segment_invariants.hpp"

#include "tessera/comm/collectives.hpp"
#include "tessera/profile/segment_totals.hpp"
#include "tessera/stats/exact_sum.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>

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

/// What the models of a file were made with.
struct Terms {
  bool cosine = false;
  bool twice = false;  ///< in double precision
};

Terms terms_of(ResultReader const& reader) {
  if (!reader.attributes("/model").contains("distance")) return {};  // of a version that knew no others
  return {reader.text("/model", "distance") == "cosine", reader.text("/model", "precision") == "double"};
}

/// This rank's rows of /customers.
struct Customers {
  std::vector<std::int32_t> segment;
  std::vector<float> distance, margin;
  std::vector<double> weight;  ///< ones where the file has none
};

Customers read_customers(ResultReader const& reader) {
  auto const blocks = reader.row_blocks("/customers/segment");
  Customers out{reader.read_rows<std::int32_t>("/customers/segment", blocks),
                reader.read_rows<float>("/customers/distance", blocks),
                reader.read_rows<float>("/customers/margin", blocks),
                {}};
  if (reader.has("/customers/weight")) {
    out.weight = reader.read_rows<double>("/customers/weight", blocks);
  } else {
    out.weight.assign(out.segment.size(), 1.0);
  }
  return out;
}

/// Over all ranks.
template <class Value, class Predicate>
std::int64_t count_if(Communicator const& comm, std::vector<Value> const& values, Predicate&& predicate) {
  return all_reduce(comm, std::int64_t{std::count_if(values.begin(), values.end(), predicate)}, Reduce::sum);
}

void check_keys(Communicator const& comm, ResultReader const& reader, std::vector<Check>& checks) {
  auto const blocks = reader.row_blocks("/customers/key");
  checks.push_back({"keys ascend",
                    keys_ascend(comm, reader.read_rows<std::uint8_t>("/customers/key", blocks)),
                    "two keys are equal or out of order"});
}

/// Whether all labels are segments, so that sums by segment can be told.
bool check_labels(Communicator const& comm, Customers const& customers, std::vector<std::int64_t> const& size,
                  std::vector<Check>& checks) {
  std::vector<std::int64_t> counted(size.size() + 1, 0);  // the last: labels that are no segment
  for (auto const label : customers.segment) {
    bool const known = label >= 0 && static_cast<std::size_t>(label) < size.size();
    ++counted[known ? static_cast<std::size_t>(label) : size.size()];
  }
  all_reduce(comm, std::span(counted), Reduce::sum);
  auto const strangers = counted.back();
  checks.push_back({"labels are segments", strangers == 0, fmt::format("{} are not", strangers)});
  counted.pop_back();
  checks.push_back({"labels count up to the sizes", counted == size, "they do not"});
  return strangers == 0;
}

void check_weights(Communicator const& comm, ResultReader const& reader, Customers const& customers,
                   bool labels_known, std::vector<Check>& checks) {
  auto const wrong = count_if(comm, customers.weight, [](double w) { return !(w > 0 && std::isfinite(w)); });
  checks.push_back({"weights are above 0", wrong == 0, fmt::format("{} are not", wrong)});
  if (wrong > 0 || !labels_known) return;
  auto const weight = reader.read<double>(selected_model(reader) + "/weight");
  auto const total = segment_totals(comm, customers.segment, customers.weight, weight.size());
  checks.push_back({"weights add up to those of the segments", total == weight, "they do not"});
}

void check_distances(Communicator const& comm, ResultReader const& reader, Customers const& customers,
                     Terms const& terms, std::vector<Check>& checks) {
  auto const lost = count_if(comm, customers.distance, [&](float value) {
    return !(value >= 0 && std::isfinite(value)) || (terms.cosine && value > 2.00001F);
  });
  checks.push_back({terms.cosine ? "distances are between 0 and 2" : "distances are 0 or more", lost == 0,
                    fmt::format("{} are not", lost)});
  if (lost > 0) return;
  std::vector<double> squared(customers.distance.begin(), customers.distance.end());
  for (std::size_t row = 0; row < squared.size(); ++row) squared[row] *= squared[row] * customers.weight[row];
  double const total = exact_sum(comm, squared);
  double const inertia = reader.real(selected_model(reader), "inertia");
  // Distances are stored in single precision whatever they were computed in.
  checks.push_back({"squared distances add up to the inertia",
                    std::abs(total - inertia) <= 1e-6 * inertia + 1e-30,
                    fmt::format("{} against {}", total, inertia)});
  // Segments are chosen by scores, which round otherwise than the distances to them.
  float const lowest = terms.twice ? -1e-6F : -1e-3F;
  auto const negative = count_if(comm, customers.margin, [&](float margin) { return margin < lowest; });
  checks.push_back({"no margin is negative", negative == 0, fmt::format("{} are", negative)});
}

void check_directions(ResultReader const& reader, Terms const& terms, std::vector<Check>& checks) {
  double const rounding = terms.twice ? 1e-12 : 1e-5;
  for (auto const& group : model_groups(reader)) {
    auto const centroids = reader.read<double>(group + "/centroids");
    auto const columns = reader.dataset(group + "/centroids").shape.back();
    std::size_t wrong = 0;
    for (std::size_t first = 0; first + columns <= centroids.size(); first += columns) {
      double const* const c = centroids.data() + first;
      wrong += std::abs(std::sqrt(std::inner_product(c, c + columns, c, 0.0)) - 1) <= rounding ? 0 : 1;
    }
    checks.push_back(
        {fmt::format("centroids of {} have length 1", group), wrong == 0, fmt::format("{} have not", wrong)});
  }
}

/// What a customer counts as on average.
double mean_weight(ResultReader const& reader) {
  if (!reader.has("/customers/weight")) return 1.0;
  auto const size = reader.read<std::int64_t>(selected_model(reader) + "/size");
  auto const weight = reader.read<double>(selected_model(reader) + "/weight");
  return std::accumulate(weight.begin(), weight.end(), 0.0) /
         static_cast<double>(std::accumulate(size.begin(), size.end(), std::int64_t{0}));
}

/// Squared distances of the segments, customers counted, from the mean of all.
double spread_of(ResultReader const& reader, std::string const& group) {
  auto const size = reader.read<std::int64_t>(group + "/size");
  auto const centroids = reader.read<double>(group + "/centroids");
  std::size_t const columns = centroids.size() / size.size();
  double const rows = static_cast<double>(std::accumulate(size.begin(), size.end(), std::int64_t{0}));
  double spread = 0;
  for (std::size_t f = 0; f < columns; ++f) {
    double mean = 0, square = 0;
    for (std::size_t j = 0; j < size.size(); ++j)
      mean += static_cast<double>(size[j]) / rows * centroids[j * columns + f];
    for (std::size_t j = 0; j < size.size(); ++j) {
      double const apart = centroids[j * columns + f] - mean;
      square += static_cast<double>(size[j]) * apart * apart;
    }
    spread += square;
  }
  return spread;
}

void check_histories(ResultReader const& reader, Terms const& terms, std::vector<Check>& checks) {
  double const weight = mean_weight(reader);
  for (auto const& group : model_groups(reader)) {
    auto const inertia = reader.read<double>(group + "/history/inertia");
    // The first centroids may be means of customers, which are nearer than what has to have length 1.
    auto const first = inertia.begin() + (terms.cosine && !inertia.empty() ? 1 : 0);
    // An iteration's inertia is a difference of sums as large as the spread.
    double const rounding = 1e-12 * weight * spread_of(reader, group);
    bool const falls = std::adjacent_find(first, inertia.end(), [&](double before, double after) {
                         return after > before * (1 + 1e-6) + rounding;
                       }) == inertia.end();
    checks.push_back({fmt::format("inertia of {} never rose", group), falls, "it did"});
  }
}

}  // namespace

void check_segments(Communicator const& comm, ResultReader const& reader, std::vector<Check>& checks) {
  if (reader.has("/customers/key")) check_keys(comm, reader, checks);
  auto const terms = terms_of(reader);
  auto const customers = read_customers(reader);
  auto const size = reader.read<std::int64_t>(selected_model(reader) + "/size");
  bool const labels_known = check_labels(comm, customers, size, checks);
  if (reader.has("/customers/weight")) check_weights(comm, reader, customers, labels_known, checks);
  check_distances(comm, reader, customers, terms, checks);
  if (terms.cosine) check_directions(reader, terms, checks);
  check_histories(reader, terms, checks);
}

}  // namespace tessera
