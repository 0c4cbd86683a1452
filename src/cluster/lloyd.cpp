// SPDX-License-Identifier: Apache-2.0
#include "lloyd.hpp"

#include "tessera/comm/collectives.hpp"
#include "tessera/kernel/squared_distance.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include "assignment.hpp"
#include "refill.hpp"
#include <fmt/core.h>

namespace tessera::cluster {

namespace {

/// A model's sums over all ranks after an assignment.
struct Totals {
  SegmentSums sums;
  std::uint64_t moved;
};

/// What the ranks tell each other after an assignment: for every model k * (columns + 1) integers (k more
/// with weights) and the number of customers that moved; in the end the customers scanned.
class Message {
 public:
  explicit Message(bool weighted) : weighted_(weighted) {}

  void put(SegmentSums const& sums, std::uint64_t moved) {
    put(sums.sum);
    put(sums.size);
    if (weighted_) put(sums.weight);
    put(moved);
  }
  void put(std::uint64_t count) { values_.push_back(static_cast<std::int64_t>(count)); }

  void add_up(Communicator const& comm) { all_reduce(comm, std::span(values_), Reduce::sum); }

  void take(SegmentSums& sums, std::uint64_t& moved) {
    take(sums.sum);
    take(sums.size);
    if (weighted_) take(sums.weight);
    take(moved);
  }
  void take(std::uint64_t& count) { count = static_cast<std::uint64_t>(values_[taken_++]); }
  [[nodiscard]] std::uint64_t bytes() const noexcept { return values_.size() * sizeof(std::int64_t); }

 private:
  void put(std::vector<std::int64_t> const& values) {
    values_.insert(values_.end(), values.begin(), values.end());
  }
  void take(std::vector<std::int64_t>& values) {
    std::copy_n(values_.begin() + static_cast<std::ptrdiff_t>(taken_), values.size(), values.begin());
    taken_ += values.size();
  }

  bool weighted_;
  std::vector<std::int64_t> values_;
  std::size_t taken_ = 0;
};

/// The weight of segment j in units of weight: the number of its customers, where they have none.
template <class T>
double weight_of(Customers<T> const& customers, SegmentSums const& sums, std::size_t j) {
  return customers.weight.empty() ? static_cast<double>(sums.size[j])
                                  : customers.weight_grid.decode(sums.weight[j]);
}

/// sum w |x|^2 + sum over segments of c.(W c - 2 S): the squared distances, without a pass over customers.
template <class T>
double inertia_of(Customers<T> const& customers, SegmentSums const& sums, std::vector<T> const& centroids) {
  std::size_t const d = customers.columns();
  double total = customers.sum_of_squares;
  for (std::size_t i = 0; i < centroids.size(); ++i) {
    auto const c = static_cast<double>(centroids[i]);
    total += c * (weight_of(customers, sums, i / d) * c - 2 * customers.grid[i % d].decode(sums.sum[i]));
  }
  return std::max(0.0, total) * customers.unit * customers.unit;
}

/// Means of the segments, for the cosine distance brought to length 1; empty segments keep their centroid and
/// are listed in `empty`.
template <class T>
std::vector<T> means_of(Customers<T> const& customers, SegmentSums const& sums,
                        std::vector<T> const& centroids, std::vector<std::size_t>& empty) {
  std::size_t const d = customers.columns();
  std::vector<T> out(centroids);
  for (std::size_t j = 0; j < sums.size.size(); ++j) {
    double const weight = weight_of(customers, sums, j);
    if (sums.size[j] == 0) empty.push_back(j);
    if (sums.size[j] == 0 || weight <= 0) continue;
    for (std::size_t f = 0; f < d; ++f) {
      out[j * d + f] = static_cast<T>(customers.grid[f].decode(sums.sum[j * d + f]) / weight);
    }
  }
  return at_its_length(customers, std::move(out));
}

/// One model's part in the iterations.
template <class T>
class Advance {
 public:
  Advance(Communicator const& comm, Customers<T> const& customers, LloydRun<T>& run,
          KMeansOptions const& options)
      : customers_(customers),
        run_(run),
        assignment_(comm, customers, run.centroids.size() / customers.columns(), options.pruning),
        totals_{assignment_.sums(), 0} {}

  [[nodiscard]] bool is_on_its_way() const noexcept { return !run_.assigned_with.empty(); }
  /// To the assignment that the run's last iteration made.
  [[nodiscard]] Assignment<T>& begin_again() {
    assignment_.begin(run_.assigned_with);
    return assignment_;
  }

  [[nodiscard]] Assignment<T>& begin() {
    assignment_.begin(run_.centroids);
    return assignment_;
  }

  void report(Message& message) const { message.put(assignment_.sums(), assignment_.moved()); }
  [[nodiscard]] std::uint64_t scanned() const noexcept { return assignment_.scanned(); }

  /// *Collective* where a segment is empty.
  void finish(Communicator const& comm, Message& message, double tolerance) {
    message.take(totals_.sums, totals_.moved);
    std::vector<std::size_t> empty;
    std::vector<T> next = means_of(customers_, totals_.sums, run_.centroids, empty);
    if (!empty.empty()) refill<T>(comm, customers_, run_.centroids, empty, next);

    KMeansIteration iteration;
    iteration.inertia = inertia_of(customers_, totals_.sums, run_.centroids);
    iteration.moved = totals_.moved;
    double const shift = squared_distance<T>(std::span<T const>(next), run_.centroids);
    iteration.shift = shift * customers_.unit * customers_.unit;
    iteration.refilled = empty.size();
    // Zero only when the centroids stay where they are, and then no later assignment can differ.
    // In stored units, because the caller's may be too small for squares.
    run_.converged = shift == 0 || (tolerance > 0 && iteration.shift <= tolerance);
    run_.assigned_with = std::exchange(run_.centroids, std::move(next));
    run_.history.push_back(iteration);
  }

  [[nodiscard]] LloydRun<T>& run() noexcept { return run_; }

 private:
  Customers<T> const& customers_;
  LloydRun<T>& run_;
  Assignment<T> assignment_;
  Totals totals_;
};

template <class T>
void take_slowest_rank(Communicator const& comm, std::span<LloydRun<T>> runs) {
  std::vector<double> seconds;
  for (auto const& run : runs) {
    for (auto const& iteration : run.history) seconds.push_back(iteration.seconds);
  }
  all_reduce(comm, std::span(seconds), Reduce::maximum);
  auto slowest = seconds.begin();
  for (auto& run : runs) {
    for (auto& iteration : run.history) iteration.seconds = *slowest++;
  }
}

/// Local. Finds the labels again of runs that an earlier job began.
template <class T>
void find_labels_again(Customers<T> const& customers,
                       std::vector<std::unique_ptr<Advance<T>>> const& running) {
  std::vector<Assignment<T>*> assignments;
  for (auto const& model : running) {
    if (model->is_on_its_way()) assignments.push_back(&model->begin_again());
  }
  if (!assignments.empty()) assign<T>(customers, assignments);
}

}  // namespace

template <class T>
void lloyd(Communicator const& comm, Customers<T> const& customers, std::span<LloydRun<T>> runs,
           KMeansOptions const& options, KMeansWork& work, Progress& progress, SafePoint const& safe_point) {
  using Clock = std::chrono::steady_clock;
  std::vector<std::unique_ptr<Advance<T>>> running;
  for (auto& run : runs) {
    if (!run.ended(options)) running.push_back(std::make_unique<Advance<T>>(comm, customers, run, options));
  }
  find_labels_again<T>(customers, running);
  auto const total_rows = static_cast<double>(customers.matrix.blocks.total_rows);
  while (!running.empty()) {
    auto const start = Clock::now();
    std::vector<Assignment<T>*> assignments;
    for (auto const& model : running) assignments.push_back(&model->begin());
    assign<T>(customers, assignments);

    Message message(!customers.weight.empty());
    std::uint64_t scanned = 0;
    for (auto const& model : running) {
      model->report(message);
      scanned += model->scanned();
    }
    message.put(scanned);
    Wish wish = safe_point.checkpoint.wish();
    message.put(wish.save);
    message.put(wish.stop);
    message.add_up(comm);
    for (auto const& model : running) model->finish(comm, message, options.tolerance);
    message.take(scanned);
    message.take(wish.save);
    message.take(wish.stop);

    double const seconds = std::chrono::duration<double>(Clock::now() - start).count();
    std::uint64_t moved = 0, iteration = 0;
    for (auto const& model : running) {
      model->run().history.back().seconds = seconds;
      moved += model->run().history.back().moved;
      iteration = std::max<std::uint64_t>(iteration, model->run().history.size());
    }
    ++work.messages;
    work.bytes = std::max(work.bytes, message.bytes());
    work.assignments += running.size();
    work.scanned += static_cast<double>(scanned) / total_rows;
    progress.update(
        static_cast<double>(iteration), static_cast<double>(options.max_iterations),
        fmt::format("{}{}, iteration {}: {} customers moved", running.front()->run().name,
                    running.size() == 1 ? "" : fmt::format(" and {} more models", running.size() - 1),
                    iteration, moved));
    std::erase_if(running, [&](auto const& model) { return model->run().ended(options); });
    if (wish.anything()) safe_point.keep(wish);
  }
  take_slowest_rank(comm, runs);
}

template void lloyd(Communicator const&, Customers<float> const&, std::span<LloydRun<float>>,
                    KMeansOptions const&, KMeansWork&, Progress&, SafePoint const&);
template void lloyd(Communicator const&, Customers<double> const&, std::span<LloydRun<double>>,
                    KMeansOptions const&, KMeansWork&, Progress&, SafePoint const&);

}  // namespace tessera::cluster
