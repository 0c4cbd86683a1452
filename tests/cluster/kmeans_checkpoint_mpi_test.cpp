// SPDX-License-Identifier: Apache-2.0
#include "tessera/cluster/kmeans.hpp"
#include "tessera/comm/agree.hpp"
#include "tessera/core/stop.hpp"

#include <cstddef>
#include <vector>

#include "cluster/awkward.hpp"
#include "cluster/same_bits.hpp"
#include "mpi/main.hpp"
#include <gtest/gtest.h>

namespace tessera {
namespace {

using test::Awkward;
using test::bits;
using test::Content;
using test::world;

/// Stops at the safe point of this number, asked by one rank; goes on from what the one before kept.
class StopAt : public Checkpoint {
 public:
  explicit StopAt(int safe_point) : left_(safe_point) {}
  Wish wish() override {
    bool const asked = --left_ == 0 && world().rank() == world().size() - 1;
    return {.save = 0, .stop = asked ? 1U : 0U};
  }
  void keep(Wish const& all, std::span<std::byte const> state) override {
    state_.assign(state.begin(), state.end());
    if (all.stop > 0) agree(world(), Interrupted());
  }
  std::span<std::byte const> kept() const override { return state_; }
  void go_on(int safe_point) { left_ = safe_point; }

 private:
  int left_;
  std::vector<std::byte> state_;
};

/// K-means that is stopped every few iterations until it comes to its end. `stops`: how often.
template <class T>
KMeansResult in_pieces(Awkward const& data, KMeansOptions const& options, int iterations, int& stops) {
  StopAt checkpoint(iterations);
  for (stops = 0;; ++stops) {
    try {
      return kmeans<T>(world(), test::slice_as<T>(world(), data), options, Progress::silent(), {},
                       checkpoint);
    } catch (Error const& error) {
      if (error.code() != ExitCode::interrupted) throw;
      checkpoint.go_on(iterations);
    }
  }
}

template <class T>
void expect_same_bits_in_pieces(Awkward const& data, KMeansOptions const& options) {
  auto const whole = kmeans<T>(world(), test::slice_as<T>(world(), data), options);
  for (int const iterations : {1, 2, 5}) {
    int stops = 0;
    auto const pieces = in_pieces<T>(data, options, iterations, stops);
    EXPECT_GE(stops, 2);
    test::expect_same_models(pieces, whole);
    EXPECT_EQ(pieces.segment, whole.segment);
    EXPECT_EQ(bits(pieces.distance), bits(whole.distance));
    EXPECT_EQ(bits(pieces.margin), bits(whole.margin));
    EXPECT_EQ(pieces.work.messages, whole.work.messages);
    EXPECT_EQ(pieces.work.assignments, whole.work.assignments);
  }
}

TEST(KMeansCheckpoint, goes_on_to_the_same_bits_wherever_it_was_stopped) {
  for (auto const pruning : {Pruning::automatic, Pruning::always, Pruning::never}) {
    KMeansOptions options;
    options.k = {9};
    options.init = KMeansInit::random;
    options.pruning = pruning;
    expect_same_bits_in_pieces<float>({Content::uniform, 3'000, 3}, options);
    expect_same_bits_in_pieces<double>({Content::clustered, 3'000, 3}, options);
  }
}

TEST(KMeansCheckpoint, goes_on_with_a_sweep_whatever_advances_together) {
  for (std::uint64_t const together : {0U, 1U, 3U}) {
    KMeansOptions options;
    options.k = {2, 7, 4};
    options.restarts = 2;
    options.together = together;
    expect_same_bits_in_pieces<float>({Content::uniform, 2'000, 3}, options);
  }
}

TEST(KMeansCheckpoint, goes_on_where_segments_were_empty) {
  KMeansOptions options;
  options.k = {6};
  options.init = KMeansInit::given;
  Awkward const data{Content::uniform, 4'000, 2};
  for (std::uint64_t i = 0; i < 12; ++i) {
    options.initial_centroids.push_back(i < 6 ? data.value(i / 2, i % 2) : 1e6);
  }
  expect_same_bits_in_pieces<float>(data, options);
}

TEST(KMeansCheckpoint, goes_on_on_another_number_of_ranks) {
  KMeansOptions options;
  options.k = {9};
  options.init = KMeansInit::random;
  Awkward const data{Content::uniform, 3'000, 3};
  auto const whole = kmeans<float>(world(), test::slice_as<float>(world(), data), options);
  StopAt checkpoint(3);
  EXPECT_THROW((void)kmeans<float>(world(), test::slice_as<float>(world(), data), options, Progress::silent(),
                                   {}, checkpoint),
               Error);
  checkpoint.go_on(0);
  auto const alone = kmeans<float>(Communicator::self(), test::slice_as<float>(Communicator::self(), data),
                                   options, Progress::silent(), {}, checkpoint);
  test::expect_same_models(alone, whole);
}

}  // namespace
}  // namespace tessera
