// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/kernel/nearest.hpp"
#include "tessera/kernel/segment_sums.hpp"

#include <cstdint>
#include <span>
#include <vector>

#include "customers.hpp"
#include "drift.hpp"

/// Which segment each of a rank's customers belongs to, from one iteration of a model to the next.
///
/// An iteration scans customers in one of three ways, and the labels are the same whichever it takes:
///   labels   all of them, for their nearest centroid alone: early on, when nearly every label is in doubt;
///   bounded  all of them, for their reaches too, a few per cent dearer;
///   due      those whose deadline has come, the others being as they were for certain.
/// The `labels` way keeps the reaches of one stretch of customers in 64, to see when `due` would pay.
namespace tessera::cluster {

/// Local state of one model. 4 bytes a customer, and 4.1 more unless every scan is to be of all.
template <class T>
class Assignment {
 public:
  /// *Collective.*
  Assignment(Communicator const& comm, Customers<T> const& customers, std::size_t k, Pruning pruning);

  /// Local. Starts an iteration: sets these centroids (row-major [k, columns], stored values) and chooses the
  /// way to scan.
  void begin(std::vector<T> const& centroids);

  /// Local. Whether every customer is scanned: then each stretch of rows takes its scan(first) to a scan of
  /// its `count` rows, and settle(first, count) what came out.
  [[nodiscard]] bool scans_all() const noexcept { return way_ != Way::due; }
  [[nodiscard]] NearestScan<T> scan(std::size_t first);
  void settle(std::size_t first, std::size_t count);
  /// Local. Otherwise: scans the customers that are due.
  void scan_due();

  [[nodiscard]] SegmentSums const& sums() const noexcept { return sums_; }
  /// Customers that changed segment, and that were scanned, since begin().
  [[nodiscard]] std::uint64_t moved() const noexcept { return moved_; }
  [[nodiscard]] std::uint64_t scanned() const noexcept { return scanned_; }

 private:
  enum class Way { labels, bounded, due };
  [[nodiscard]] Way choose_way();
  [[nodiscard]] bool wants_reaches(std::size_t first) const noexcept;
  [[nodiscard]] std::size_t list_due(std::size_t first, std::size_t count);
  void settle(std::size_t first, std::uint32_t const* listed, std::size_t count, bool reaches);

  Customers<T> const& customers_;
  Pruning pruning_;
  std::vector<std::int32_t> segment_;
  std::vector<float> deadline_;        // [rows] on the clock of the customer's segment
  std::vector<float> block_deadline_;  // [blocks of rows] see Deadlines
  Centroids<T> centroids_;
  Drift<T> drift_;
  SegmentSums sums_;
  Way way_ = Way::labels;
  bool started_ = false;
  std::uint64_t moved_ = 0, scanned_ = 0;
  // of the scan at hand
  std::vector<std::uint32_t> listed_;
  std::vector<std::int32_t> target_;
  std::vector<float> reach_, radius_;
};

/// Local. One iteration of several models that have begun it: each customer is read once for all models that
/// scan it whole.
template <class T>
void assign(Customers<T> const& customers, std::span<Assignment<T>* const> models);

}  // namespace tessera::cluster
