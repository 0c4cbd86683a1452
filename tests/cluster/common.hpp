// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/cluster/kmeans.hpp"

#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace tessera::test {

inline Communicator alone() {
  return Communicator::self();
}

inline constexpr KMeansInit kSeedings[] = {KMeansInit::kmeans_parallel, KMeansInit::kmeans_plus_plus,
                                           KMeansInit::random};

/// A small matrix with these rows.
template <class T = float>
Matrix<T> make_matrix(std::size_t columns, std::vector<T> values) {
  return {regular_blocks(values.size() / columns, 0, 1), columns, std::move(values)};
}

/// Two labellings are the same up to the labels' names.
inline void expect_same_partition(std::vector<std::int32_t> const& a, std::vector<std::int32_t> const& b) {
  ASSERT_EQ(a.size(), b.size());
  std::set<std::pair<std::int32_t, std::int32_t>> pairs;
  for (std::size_t i = 0; i < a.size(); ++i) pairs.insert({a[i], b[i]});
  EXPECT_EQ(pairs.size(), std::set<std::int32_t>(a.begin(), a.end()).size());
  EXPECT_EQ(pairs.size(), std::set<std::int32_t>(b.begin(), b.end()).size());
}

}  // namespace tessera::test
