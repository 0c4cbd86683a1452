// SPDX-License-Identifier: Apache-2.0
#include "assignment.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/kernel/due_rows.hpp"

#include <algorithm>
#include <limits>

namespace tessera::cluster {

namespace {

constexpr std::size_t kSampled = 64;  // of the stretches, one in so many keeps its reaches always
constexpr std::size_t kSpan = 32768;  // rows whose due ones are listed together, so that tiles are full
constexpr double kStartShare = 0.5;   // of customers due: below, deadlines are worth having
constexpr double kStopShare = 0.7;    // above, they are not

std::size_t blocks_of(std::size_t rows) {
  return (rows + kDueBlock - 1) / kDueBlock;
}

/// A deadline is a sum that must not be rounded up.
float add_down(float clock, float reach) noexcept {
  float const sum = clock + reach;
  return sum - sum * std::numeric_limits<float>::epsilon();
}

}  // namespace

template <class T>
Assignment<T>::Assignment(Communicator const& comm, Customers<T> const& customers, std::size_t k,
                          Pruning pruning)
    : customers_(customers),
      pruning_(pruning),
      segment_(together(comm, [&] { return std::vector<std::int32_t>(customers.rows(), kNoSegment); })),
      deadline_(together(
          comm, [&] { return std::vector<float>(pruning == Pruning::never ? 0 : customers.rows()); })),
      block_deadline_(blocks_of(deadline_.size())),
      centroids_(std::vector<T>(k * customers.columns()), customers.columns()),
      drift_(k, customers.rows()),
      sums_(k, customers.columns()),
      listed_(kSpan + kDuePadding),
      target_(kSpan),
      reach_(kSpan),
      radius_(kSpan) {}

template <class T>
void Assignment<T>::begin(std::vector<T> const& centroids) {
  if (started_ && pruning_ != Pruning::never) {
    drift_.move(centroids_.coordinates(), centroids, customers_.columns());
  }
  centroids_ = Centroids<T>(centroids, customers_.columns());
  Way const first_way = pruning_ == Pruning::always ? Way::bounded : Way::labels;
  Way const way = started_ ? choose_way() : first_way;
  started_ = true;
  if (way != Way::due) drift_.restart();  // what deadlines there are, this iteration sets
  if (way == Way::bounded) std::fill(block_deadline_.begin(), block_deadline_.end(), 0.0F);
  way_ = way;
  moved_ = scanned_ = 0;
}

template <class T>
typename Assignment<T>::Way Assignment<T>::choose_way() {
  if (pruning_ == Pruning::never) return Way::labels;
  if (pruning_ == Pruning::always) return Way::due;
  auto const rows = static_cast<double>(segment_.size());
  if (way_ == Way::due) {
    return static_cast<double>(scanned_) > kStopShare * rows ? Way::labels : Way::due;
  }
  if (way_ == Way::bounded) return Way::due;
  std::size_t sampled = 0, due = 0;
  for (std::size_t first = 0; first < segment_.size(); first += kSampled * kStretch) {
    std::size_t const count = std::min(kStretch, segment_.size() - first);
    auto const blocks = std::span(block_deadline_).subspan(first / kDueBlock, blocks_of(count));
    std::fill(blocks.begin(), blocks.end(), 0.0F);
    due += list_due(first, count);
    sampled += count;
  }
  return static_cast<double>(due) < kStartShare * static_cast<double>(sampled) ? Way::bounded : Way::labels;
}

template <class T>
bool Assignment<T>::wants_reaches(std::size_t first) const noexcept {
  return way_ != Way::labels || (pruning_ != Pruning::never && first % (kSampled * kStretch) == 0);
}

template <class T>
std::size_t Assignment<T>::list_due(std::size_t first, std::size_t count) {
  return due_rows({std::span(segment_).subspan(first, count), std::span(deadline_).subspan(first, count),
                   std::span(block_deadline_).subspan(first / kDueBlock, blocks_of(count))},
                  drift_.clock(), drift_.fastest(), listed_.data());
}

template <class T>
NearestScan<T> Assignment<T>::scan(std::size_t first) {
  bool const reaches = wants_reaches(first);
  return {&centroids_, target_.data(), reaches ? reach_.data() : nullptr, reaches ? radius_.data() : nullptr};
}

template <class T>
void Assignment<T>::settle(std::size_t first, std::size_t count) {
  settle(first, nullptr, count, wants_reaches(first));
}

template <class T>
void Assignment<T>::scan_due() {
  NearestScan<T> const model{&centroids_, target_.data(), reach_.data(), radius_.data()};
  for (std::size_t first = 0; first < segment_.size(); first += kSpan) {
    std::size_t const due = list_due(first, std::min(kSpan, segment_.size() - first));
    if (due == 0) continue;
    scan_nearest<T>(customers_.matrix.values.data() + first * customers_.columns(), listed_.data(), due,
                    {&model, 1});
    settle(first, listed_.data(), due, true);
  }
}

template <class T>
void Assignment<T>::settle(std::size_t first, std::uint32_t const* listed, std::size_t count, bool reaches) {
  if (reaches) {
    for (std::size_t i = 0; i < count; ++i) {
      auto const segment = static_cast<std::size_t>(target_[i]);
      std::size_t const row = first + (listed == nullptr ? i : listed[i]);
      deadline_[row] = add_down(drift_.clock()[segment], reach_[i]);
      drift_.include(segment, radius_[i]);
    }
  }
  SummedRows<T> const rows{customers_.matrix.values.data() + first * customers_.columns(), customers_.scale,
                           customers_.weight.empty() ? nullptr : customers_.weight.data() + first,
                           customers_.weight_grid.scale()};
  moved_ += move_rows<T>(rows, listed, std::span<std::int32_t const>(target_).first(count),
                         segment_.data() + first, sums_);
  scanned_ += count;
}

template <class T>
void assign(Customers<T> const& customers, std::span<Assignment<T>* const> models) {
  std::vector<Assignment<T>*> together;
  for (auto* const model : models) {
    if (model->scans_all()) {
      together.push_back(model);
    } else {
      model->scan_due();
    }
  }
  if (together.empty()) return;
  std::vector<NearestScan<T>> scans(together.size());
  for_each_stretch(customers.rows(), [&](std::size_t first, std::size_t count) {
    for (std::size_t i = 0; i < together.size(); ++i) scans[i] = together[i]->scan(first);
    scan_nearest<T>(customers.rows(first, count).data(), nullptr, count, scans);
    for (auto* const model : together) model->settle(first, count);
  });
}

template class Assignment<float>;
template class Assignment<double>;
template void assign(Customers<float> const&, std::span<Assignment<float>* const>);
template void assign(Customers<double> const&, std::span<Assignment<double>* const>);

}  // namespace tessera::cluster
