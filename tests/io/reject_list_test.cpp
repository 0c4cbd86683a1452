// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/reject_list.hpp"

#include "tessera/core/random.hpp"

#include <algorithm>
#include <cstddef>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

namespace tessera {
namespace {

Reject at(std::uint32_t file, std::uint64_t record) {
  return {record, file, -1, RejectReason::not_a_date};
}

std::vector<std::tuple<std::uint32_t, std::uint64_t>> places(std::vector<Reject> const& rejects) {
  std::vector<std::tuple<std::uint32_t, std::uint64_t>> out;
  for (auto const& reject : rejects) out.emplace_back(reject.file, reject.record);
  return out;
}

TEST(RejectList, lists_the_first_in_file_order_whatever_comes_when) {
  Draw const draw(3, Purpose::generate);
  for (std::uint64_t const most : {0U, 1U, 5U, 40U, 1000U}) {
    RejectList list(most);
    std::vector<Reject> all;
    for (std::uint64_t batch = 0; batch < 60; ++batch) {
      std::vector<Reject> some;
      for (std::uint64_t i = draw.below(9, batch); i > 0; --i) {
        some.push_back(at(static_cast<std::uint32_t>(draw.below(3, batch, 1)), batch % 20 * 100 + 10 - i));
      }
      list.add(some);
      all.insert(all.end(), some.begin(), some.end());
    }
    auto expected = places(all);
    std::sort(expected.begin(), expected.end());
    EXPECT_EQ(list.count(), all.size());
    expected.resize(std::min<std::size_t>(expected.size(), most));
    EXPECT_EQ(places(list.listed()), expected) << most;
  }
}

}  // namespace
}  // namespace tessera
