// SPDX-License-Identifier: Apache-2.0
// The real K-means on a simulated cluster. Messages are the real ones, sent by the real code; each rank holds
// a small sample of customers, and the simulated clock is charged the time that an iteration over all its
// customers takes by the rates of a real machine. Time that this process itself needs is not charged
// (smpi/simulate-computation:no).
//
//   simulated_kmeans COLUMNS K ITERATIONS SAMPLE_ROWS SECONDS SPREAD
//     SECONDS  compute of an iteration on a rank
//     SPREAD   each rank's and iteration's compute is SECONDS * (1 + SPREAD * u), u uniform in [-1, 1):
//              noise and unequal cores
// Rank 0 prints: ranks, iterations, seconds of an iteration, inertia.
#include "tessera/cluster/kmeans.hpp"

#include "tessera/core/random.hpp"

#include <cstdio>
#include <cstdlib>
#include <vector>

#include <mpi.h>
#include <smpi/smpi.h>

namespace {

using namespace tessera;

constexpr double kHostFlops = 1e9;  // the speed of every host in the platform files

/// Is told when an iteration ends, and charges the next one.
class Charge : public Progress {
 public:
  Charge(int rank, double seconds, double spread) : rank_(rank), seconds_(seconds), spread_(spread) {}
  void update(double, double, std::string_view) override {
    ends_.push_back(MPI_Wtime());
    auto const u =
        2 * Draw(1, Purpose::generate)
                .uniform(static_cast<std::uint64_t>(rank_), static_cast<std::uint32_t>(ends_.size())) -
        1;
    smpi_execute_flops(seconds_ * (1 + spread_ * u) * kHostFlops);
  }
  /// Mean over the iterations that were charged: all but the first.
  [[nodiscard]] double seconds_an_iteration() const {
    return (ends_.back() - ends_.front()) / static_cast<double>(ends_.size() - 1);
  }
  [[nodiscard]] std::size_t iterations() const { return ends_.size(); }

 private:
  int rank_;
  double seconds_, spread_;
  std::vector<double> ends_;
};

/// Uniform noise: Lloyd does not converge on it soon, and no segment runs empty.
Matrix<float> sample(Communicator const& comm, std::size_t columns, std::size_t rows_a_rank) {
  auto const ranks = static_cast<std::uint64_t>(comm.size());
  Matrix<float> out{regular_blocks(rows_a_rank * ranks, comm.rank(), comm.size()), columns, {}};
  Draw const draw(2, Purpose::generate);
  out.values.reserve(out.rows() * columns);
  for (std::size_t i = 0; i < out.rows(); ++i) {
    auto const row = out.blocks.global({i}).value;
    for (std::size_t f = 0; f < columns; ++f) {
      out.values.push_back(static_cast<float>(draw.uniform(row, static_cast<std::uint32_t>(f))));
    }
  }
  return out;
}

std::vector<double> start(std::size_t columns, std::size_t k) {
  Draw const draw(3, Purpose::generate);
  std::vector<double> out(columns * k);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = 0.4 + 0.2 * draw.uniform(i);
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  Session const session(argc, argv);
  if (argc != 7) {
    std::fprintf(stderr, "usage: %s COLUMNS K ITERATIONS SAMPLE_ROWS SECONDS SPREAD\n", argv[0]);
    return 2;
  }
  auto const comm = session.world();
  std::size_t const columns = std::strtoul(argv[1], nullptr, 10), k = std::strtoul(argv[2], nullptr, 10);
  KMeansOptions options;
  options.k = {k};
  options.max_iterations = std::strtoul(argv[3], nullptr, 10);
  options.init = KMeansInit::given;
  options.initial_centroids = start(columns, k);
  Charge charge(comm.rank(), std::strtod(argv[5], nullptr), std::strtod(argv[6], nullptr));
  auto const result =
      kmeans(comm, sample(comm, columns, std::strtoul(argv[4], nullptr, 10)), options, charge);
  if (comm.rank() == 0) {
    std::printf("%d %zu %.9g %.17g\n", comm.size(), charge.iterations(), charge.seconds_an_iteration(),
                result.models.front().inertia);
  }
  return 0;
}
