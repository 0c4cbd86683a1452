// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

/// How far centroids have moved, as far as it concerns the customers of each segment.
///
/// A customer's label cannot change before the moves of its own centroid and the largest moves of the others
/// sum up to the customer's reach (NearestScan). So a clock runs for each segment, which adds up these moves,
/// and a customer has one deadline on its segment's clock: Hamerly, "Making k-means even faster", 2010, with
/// both bounds in one number that needs no update while it holds.
///
/// A centroid j that is farther from centroid a than twice the radius of a's customers cannot be nearest to
/// any of them, wherever it moves meanwhile (Newling and Fleuret, "Fast k-means with accurate bounds", ICML
/// 2016, call the centroids that can an annulus). Its moves are put down to a's clock only once it has come
/// near.
namespace tessera::cluster {

template <class T>
class Drift {
 public:
  /// `rows`: customers of this rank. With k^2 far below them it pays to look at pairs of centroids.
  Drift(std::size_t k, std::size_t rows);

  /// Local. The centroids moved: row-major [k, columns] both.
  void move(std::span<T const> before, std::span<T const> after, std::size_t columns);

  /// Local. All customers of this rank get new deadlines: what is known of radii is forgotten, and the clocks
  /// start again from zero, where a float tells the smallest moves apart.
  void restart();

  /// Local. A customer of segment j lies within `radius` of its centroid.
  void include(std::size_t j, float radius) noexcept {
    if (radius > radius_[j]) radius_[j] = radius;
  }

  /// [k] The clocks; they only go forward, and no rounding makes one slow. A way beyond all numbers stops
  /// one: what is then not finite has come to its deadline, see due_rows.
  [[nodiscard]] std::span<float const> clock() const noexcept { return clock_; }
  /// A clock that is never slower than any of them.
  [[nodiscard]] float fastest() const noexcept { return fastest_; }

 private:
  void step(std::span<T const> before, std::span<T const> after, std::size_t columns);
  [[nodiscard]] double largest_of_others(std::size_t a) const;
  [[nodiscard]] double charge_near(std::span<T const> centroids, std::size_t columns, std::size_t a);
  [[nodiscard]] bool is_near(std::span<T const> centroids, std::size_t columns, std::size_t a,
                             std::size_t j) const;

  std::vector<float> clock_, radius_;
  float fastest_ = 0;
  std::vector<double> path_;     // [k] length of each centroid's way so far
  std::vector<double> norm_;     // [k]
  std::vector<double> charged_;  // [k, k] how much of j's way a's clock has been charged with; or empty
  std::vector<double> step_;     // [k] the last move
};

}  // namespace tessera::cluster
