// SPDX-License-Identifier: Apache-2.0
#include "tessera/kernel/key_lanes.hpp"

#include "tessera/kernel/simd.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace tessera::kernel {
namespace {

TEST(KeyLanes, give_the_keys_of_the_library_for_ids_of_any_length_at_every_simd_level) {
  std::array<std::uint8_t, 32> secret;
  for (std::size_t i = 0; i < secret.size(); ++i) secret[i] = static_cast<std::uint8_t>(200 - 3 * i);
  std::vector<std::string> texts;
  for (std::size_t size = 0; size < 300; ++size) {
    for (std::size_t const take : {size, 8 + size % 4}) {
      std::string& text = texts.emplace_back(take, '\0');
      for (std::size_t i = 0; i < take; ++i) text[i] = static_cast<char>(i * 37 + size);
    }
  }
  std::vector<std::string_view> const ids(texts.begin(), texts.end());
  for (KeyHasher const& hasher : {KeyHasher(), KeyHasher(secret)}) {
    for (auto const& level : simd_levels()) {
      use_simd_level(level);
      KeyLanes const lanes(hasher);
      for (std::size_t const together : {1U, 2U, 7U, 8U, 9U, 600U}) {
        for (std::size_t first = 0; first < ids.size(); first += together) {
          auto const some =
              std::span(ids).subspan(first, std::min<std::size_t>(together, ids.size() - first));
          std::vector<Key> keys(some.size());
          lanes.hash(some, keys);
          for (std::size_t i = 0; i < some.size(); ++i)
            ASSERT_EQ(keys[i], hasher(some[i])) << level << ", " << some[i].size() << " bytes";
        }
      }
    }
  }
  use_simd_level(simd_levels().front());
}

}  // namespace
}  // namespace tessera::kernel
