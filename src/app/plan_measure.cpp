// SPDX-License-Identifier: Apache-2.0
#include "plan_measure.hpp"

#include "tessera/cluster/kmeans.hpp"
#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/comm/text.hpp"
#include "tessera/core/random.hpp"
#include "tessera/kernel/machine_probe.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>

#include "plan_fit.hpp"
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

namespace tessera::plan {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// The shortest of some runs: the least disturbed one.
template <class Work>
double best_seconds(int runs, Work&& work) {
  double best = std::numeric_limits<double>::infinity();
  for (int run = 0; run < runs; ++run) {
    auto const start = Clock::now();
    work();
    best = std::min(best, seconds_since(start));
  }
  return best;
}

/// Keeps a compiler from leaving out what nobody reads.
volatile float witness;

double fma_gflops() {
  constexpr std::uint64_t kRounds = 100'000;
  double amount = 0;
  double const seconds = best_seconds(50, [&] {
    auto const work = probe_multiply_add(kRounds);
    witness = work.witness;
    amount = work.amount;
  });
  return amount * 1e-9 / seconds;
}

/// The median over short slices: whoever interrupts now and then does not count.
double read_gbs(std::vector<float> const& values) {
  constexpr std::size_t kSlice = std::size_t{2} << 20;  // values; a millisecond
  std::vector<double> rates;
  for (std::size_t first = 0; first + kSlice <= values.size(); first += kSlice) {
    auto const start = Clock::now();
    auto const work = probe_read(std::span(values).subspan(first, kSlice));
    rates.push_back(work.amount * 1e-9 / seconds_since(start));
    witness = work.witness;
  }
  auto const middle = rates.begin() + static_cast<std::ptrdiff_t>(rates.size() / 2);
  std::nth_element(rates.begin(), middle, rates.end());
  return *middle;
}

double add_gbs() {
  std::vector<std::int64_t> sum(std::size_t{1} << 17, 1), other(sum.size(), 2);
  double const seconds = best_seconds(50, [&] {
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += other[i];
    witness = static_cast<float>(sum[sum.size() / 2]);
  });
  return static_cast<double>(sum.size() * sizeof(std::int64_t)) * 1e-9 / seconds;
}

/// k clouds that just touch, and their centres as the start: few customers move after the first iteration,
/// and still some do for a while, as late in a real run.
struct Clouds {
  Matrix<float> matrix;
  std::vector<double> centres;
};

Clouds make_clouds(std::size_t columns, std::uint64_t k) {
  constexpr std::size_t kBytes = std::size_t{128} << 20;  // beyond what one core has of caches
  constexpr std::size_t kPattern = 100'003;
  Draw const draw(1, Purpose::generate);
  std::vector<float> noise(kPattern);
  // Centres lie about sqrt(2 d / 3) from each other; noise of this width puts their borders at two
  // deviations.
  double const width = 0.35 * std::sqrt(static_cast<double>(columns));
  for (std::size_t i = 0; i < kPattern; ++i) {
    noise[i] = static_cast<float>(width * (2 * draw.uniform(i) - 1));
  }
  Clouds out;
  out.centres.resize(k * columns);
  for (std::size_t i = 0; i < out.centres.size(); ++i) out.centres[i] = 2 * draw.uniform(i, 1) - 1;
  std::size_t const rows = kBytes / sizeof(float) / columns;
  out.matrix = {regular_blocks(rows, 0, 1), columns, std::vector<float>(rows * columns)};
  std::size_t next = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    double const* const centre = out.centres.data() + draw.below(k, row, 2) * columns;
    for (std::size_t f = 0; f < columns; ++f) {
      out.matrix.values[row * columns + f] = static_cast<float>(centre[f]) + noise[next];
      if (++next == kPattern) next = 0;
    }
  }
  return out;
}

/// K-means itself, alone on this rank.
void measure_kernel(Machine& machine, Console& console) {
  constexpr std::array<std::size_t, 3> kColumns{8, 20, 60};
  constexpr std::array<std::uint64_t, 3> kCentroids{5, 20, 100};
  auto const alone = Communicator::self();
  std::vector<TimedIteration> times;
  double move_ns = 0;
  for (auto const columns : kColumns) {
    for (auto const k : kCentroids) {
      console.update(static_cast<double>(times.size()), kColumns.size() * kCentroids.size(),
                     fmt::format("d = {}, k = {}", columns, k));
      auto clouds = make_clouds(columns, k);
      auto const rows = static_cast<double>(clouds.matrix.rows());
      KMeansOptions options;
      options.pruning = Pruning::never;  // rates are those of iterations that scan everybody
      options.k = {k};
      options.init = KMeansInit::given;
      options.initial_centroids = std::move(clouds.centres);
      options.max_iterations = 10;
      options.tolerance = 0;
      auto const history = kmeans(alone, std::move(clouds.matrix), options).models.front().history;
      double best = std::numeric_limits<double>::infinity();
      for (std::size_t i = 1; i < history.size(); ++i) best = std::min(best, history[i].seconds);
      times.push_back({columns, k, best * 1e9 / rows});
      // In the first iteration every row enters a segment; a row that changes its segment also leaves one.
      double const entering = (history.front().seconds - best) * 1e9 / rows / static_cast<double>(columns);
      move_ns += 2 * std::max(0.0, entering) / (kColumns.size() * kCentroids.size());
    }
  }
  fit_kernel(times, machine);
  machine.move_value_ns = move_ns;
}

/// The slowest rank's seconds of an allreduce of so many integers, at best.
double all_reduce_seconds(Communicator const& comm, std::size_t count) {
  std::vector<std::int64_t> message(count, 1);
  int const repeats = count < 1000 ? 100 : 5;
  std::vector<double> batches;
  for (int batch = 0; batch < 20; ++batch) {
    barrier(comm);
    auto const start = Clock::now();
    for (int i = 0; i < repeats; ++i) all_reduce(comm, std::span(message), Reduce::sum);
    batches.push_back(all_reduce(comm, seconds_since(start), Reduce::maximum) / repeats);
  }
  return *std::min_element(batches.begin(), batches.end());
}

void measure_link(Communicator const& comm, std::size_t hosts, Measurement& out) {
  bool const within_node = hosts == 1;
  if (comm.size() == 1 || (!within_node && hosts != static_cast<std::size_t>(comm.size()))) {
    out.notes.emplace_back(
        comm.size() == 1 ? "one rank: what messages cost was not measured"
                         : "several ranks on several nodes: what messages cost was not measured (start one "
                           "rank a node to measure the network)");
    return;
  }
  constexpr std::size_t kLong = std::size_t{1} << 17;
  TimedAllReduce times;
  times.partners = static_cast<std::uint64_t>(comm.size());
  times.short_seconds = all_reduce_seconds(comm, 1);
  times.long_bytes = kLong * sizeof(std::int64_t);
  times.long_seconds = all_reduce_seconds(comm, kLong);
  auto const link = fit_link(times, out.machine.add_gbs);
  (within_node ? out.machine.node_latency_us : out.machine.network_latency_us) = link.latency_us;
  (within_node ? out.machine.node_link_gbs : out.machine.network_link_gbs) = link.gbs;
  out.notes.emplace_back(within_node ? "one node: the network's latency and link were not measured"
                                     : "one rank a node: messages within a node were not measured");
}

std::size_t count_hosts(Communicator const& comm) {
  std::array<char, 256> name{};
  gethostname(name.data(), name.size() - 1);
  std::string const own(name.data());
  auto const all = all_gather_texts(comm, std::span(&own, 1));
  return std::set<std::string>(all.begin(), all.end()).size();
}

double own_memory_mb() {
  constexpr double kBuffers = 15;  // of reading and writing, which this command does not do
  struct rusage usage {};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) * 1024e-6 + kBuffers;
}

}  // namespace

Measurement measure_machine(Communicator const& comm, Machine const& base, Console& console) {
  constexpr std::size_t kReadBytes = std::size_t{512} << 20;
  std::size_t const hosts = count_hosts(comm);
  Measurement out{base, {}};
  auto& machine = out.machine;
  machine.rank_memory_mb = own_memory_mb();
  bool const alone_on_nodes = hosts == static_cast<std::size_t>(comm.size()) && hosts > 1;

  if (!alone_on_nodes) {
    machine.cores_per_node = static_cast<double>(comm.size()) / static_cast<double>(hosts);
    double const pages =
        static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
    machine.memory_per_node_gb = 0.9 * pages * 1e-9;  // the system keeps some
  }
  auto const values = together(comm, [&] { return std::vector<float>(kReadBytes / sizeof(float), 1.0F); });
  std::vector<double> rates(machine_keys().size());
  // One rank at work while the others wait: what a core can do that has the node to itself.
  together(comm, [&] {
    if (comm.rank() != 0) return;
    console.begin("kernels");
    machine.fma_peak_gflops = fma_gflops();
    machine.core_bandwidth_gbs = read_gbs(values);
    machine.add_gbs = add_gbs();
    measure_kernel(machine, console);
    for (std::size_t i = 0; i < rates.size(); ++i) rates[i] = machine.*(machine_keys()[i].value);
  });
  broadcast(comm, std::span(rates), 0);
  for (std::size_t i = 0; i < rates.size(); ++i) machine.*(machine_keys()[i].value) = rates[i];

  if (!alone_on_nodes) {
    barrier(comm);
    auto const all = all_gather(comm, read_gbs(values));
    machine.node_bandwidth_gbs = std::accumulate(all.begin(), all.end(), 0.0) / static_cast<double>(hosts);
  }
  measure_link(comm, hosts, out);
  return out;
}

}  // namespace tessera::plan
