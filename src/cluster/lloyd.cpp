// SPDX-License-Identifier: Apache-2.0
#include "lloyd.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/kernel/nearest.hpp"
#include "tessera/kernel/segment_sums.hpp"
#include "tessera/kernel/squared_distance.hpp"

#include <algorithm>
#include <chrono>

#include "refill.hpp"
#include <fmt/core.h>

namespace tessera::cluster {

namespace {

/// Sums over all ranks after an assignment; one reduction of k * (columns + 1) + 1 integers.
struct Totals {
  SegmentSums sums;
  std::uint64_t moved;
};

Totals add_up(Communicator const& comm, SegmentSums const& mine, std::uint64_t moved) {
  std::vector<std::int64_t> message(mine.sum);
  message.insert(message.end(), mine.size.begin(), mine.size.end());
  message.push_back(static_cast<std::int64_t>(moved));
  all_reduce(comm, std::span(message), Reduce::sum);
  Totals out{mine, static_cast<std::uint64_t>(message.back())};
  auto const sizes = message.begin() + static_cast<std::ptrdiff_t>(mine.sum.size());
  std::copy(message.begin(), sizes, out.sums.sum.begin());
  std::copy(sizes, message.end() - 1, out.sums.size.begin());
  return out;
}

/// One rank's customers and their segments.
class Assignment {
 public:
  Assignment(Communicator const& comm, Customers const& customers, std::size_t k)
      : customers_(customers),
        segment_(together(comm, [&] { return std::vector<std::int32_t>(customers.rows(), kNoSegment); })),
        sums_(k, customers.columns()) {}

  /// *Collective.* Moves every customer to its nearest centroid.
  Totals assign(Communicator const& comm, Centroids const& centroids) {
    std::uint64_t moved = 0;
    for_each_chunk(segment_.size(), [&](std::size_t first, std::size_t count) {
      auto const rows = customers_.rows(first, count);
      target_.resize(count);
      nearest(rows, centroids, target_);
      moved += move_rows(rows, customers_.scale, target_, std::span(segment_).subspan(first, count), sums_);
    });
    return add_up(comm, sums_, moved);
  }

 private:
  Customers const& customers_;
  std::vector<std::int32_t> segment_, target_;
  SegmentSums sums_;
};

/// sum |x|^2 + sum over segments of c.(n c - 2 S): the squared distances, without a pass over customers.
double inertia_of(Customers const& customers, SegmentSums const& sums, std::span<float const> centroids) {
  std::size_t const d = customers.columns();
  double total = customers.sum_of_squares;
  for (std::size_t i = 0; i < centroids.size(); ++i) {
    double const c = centroids[i];
    total += c * (static_cast<double>(sums.size[i / d]) * c - 2 * customers.grid[i % d].decode(sums.sum[i]));
  }
  return std::max(0.0, total) * customers.unit * customers.unit;
}

/// Means of the segments; empty segments keep their centroid and are listed in `empty`.
std::vector<float> means_of(Customers const& customers, SegmentSums const& sums,
                            std::span<float const> centroids, std::vector<std::size_t>& empty) {
  std::size_t const d = customers.columns();
  std::vector<float> out(centroids.begin(), centroids.end());
  for (std::size_t j = 0; j < sums.size.size(); ++j) {
    if (sums.size[j] == 0) {
      empty.push_back(j);
      continue;
    }
    auto const size = static_cast<double>(sums.size[j]);
    for (std::size_t f = 0; f < d; ++f) {
      out[j * d + f] = static_cast<float>(customers.grid[f].decode(sums.sum[j * d + f]) / size);
    }
  }
  return out;
}

void take_slowest_rank(Communicator const& comm, std::vector<KMeansIteration>& history) {
  std::vector<double> seconds;
  for (auto const& iteration : history) seconds.push_back(iteration.seconds);
  all_reduce(comm, std::span(seconds), Reduce::maximum);
  for (std::size_t i = 0; i < seconds.size(); ++i) history[i].seconds = seconds[i];
}

}  // namespace

LloydResult lloyd(Communicator const& comm, Customers const& customers, std::vector<float> centroids,
                  KMeansOptions const& options, std::string const& what, Progress& progress) {
  using Clock = std::chrono::steady_clock;
  std::size_t const d = customers.columns();
  Assignment assignment(comm, customers, centroids.size() / d);
  LloydResult out;
  while (!out.converged && out.history.size() < options.max_iterations) {
    auto const start = Clock::now();
    auto const [sums, moved] = assignment.assign(comm, Centroids(centroids, d));
    std::vector<std::size_t> empty;
    std::vector<float> next = means_of(customers, sums, centroids, empty);
    if (!empty.empty()) refill(comm, customers, centroids, empty, next);

    KMeansIteration iteration;
    iteration.inertia = inertia_of(customers, sums, centroids);
    iteration.moved = moved;
    iteration.shift = squared_distance(next, centroids) * customers.unit * customers.unit;
    iteration.refilled = empty.size();
    // Zero only when the centroids stay where they are, and then no later assignment can differ.
    out.converged = iteration.shift <= options.tolerance;
    centroids = std::move(next);
    iteration.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    out.history.push_back(iteration);
    progress.update(static_cast<double>(out.history.size()), static_cast<double>(options.max_iterations),
                    fmt::format("{}, iteration {}: {} customers moved", what, out.history.size(), moved));
  }
  take_slowest_rank(comm, out.history);
  out.centroids = std::move(centroids);
  return out;
}

}  // namespace tessera::cluster
