// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/cluster/kmeans.hpp"
#include "tessera/core/error.hpp"

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
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

/// The work ends with this code and a message of three parts that says `text`.
template <class Work>
void expect_refusal(Work&& work, std::string const& text, ExitCode code = ExitCode::input) {
  try {
    std::forward<Work>(work)();
    ADD_FAILURE() << "no error; expected: " << text;
  } catch (Error const& error) {
    EXPECT_EQ(error.code(), code);
    EXPECT_THAT(error.what_is_wrong(), testing::HasSubstr(text));
    EXPECT_FALSE(error.why().empty());
    EXPECT_FALSE(error.remedy().empty());
  }
}

}  // namespace tessera::test
