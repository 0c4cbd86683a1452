// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/key.hpp"

#include "tessera/core/digest.hpp"
#include "tessera/core/error.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace tessera {
namespace {

struct Known {
  std::string id;
  std::string_view zero_key;  // hashlib.blake2b(id, key=bytes(32), digest_size=16).hexdigest()
  std::string_view counting;  // the same with key=bytes(range(32))
};

std::vector<Known> known() {
  return {{"", "47eac67530a0f510e5ee9a689e7fe930", "3daf97bce7888fd59773c66bf647459c"},
          {"C0000001", "fc97cce8ee552d5d67faa1d3f4740682", "c2bb7c1ab28eda0e108533339e6a9e7f"},
          {"42", "a3a1a25b45c7d524e560bc5ccdd0f145", "27bec4c653ba56906e0b3ea3e5811bf4"},
          {"Zo\xC3\xAB;\"x\"", "8b69a229b6e4c7af59f5e6fc129f112b", "e53154ccaaaecf9899d3639b5df2200d"},
          {std::string(200, 'x'), "dc7eafafc633a2576cad1822ea64abf8", "3434f5580358c04e3d6b9a909b218263"}};
}

KeyHasher counting_hasher() {
  std::array<std::uint8_t, 32> secret;
  for (std::size_t i = 0; i < secret.size(); ++i) secret[i] = static_cast<std::uint8_t>(i);
  return KeyHasher(secret);
}

TEST(Key, equals_pythons_keyed_blake2b) {
  KeyHasher const zero;
  auto const counting = counting_hasher();
  for (auto const& [id, zero_key, counting_key] : known()) {
    EXPECT_EQ(hex(zero(id).bytes()), zero_key);
    EXPECT_EQ(hex(counting(id).bytes()), counting_key);
  }
}

TEST(Key, of_a_forgotten_secret_is_a_bug_and_no_other_key) {
  auto hash = counting_hasher();
  hash.forget();
  EXPECT_THROW(static_cast<void>(hash("42")), BugError);
  EXPECT_THROW(static_cast<void>(hash.secret()), BugError);
}

TEST(Key, of_an_ordinal_is_that_of_its_decimal_text) {
  auto const hash = counting_hasher();
  for (std::uint64_t const ordinal : {std::uint64_t{0}, std::uint64_t{42}, ~std::uint64_t{0}}) {
    EXPECT_EQ(hash.of_ordinal(ordinal), hash(std::to_string(ordinal)));
  }
}

TEST(Key, is_ordered_as_its_bytes) {
  KeyHasher const hash;
  std::vector<Key> keys{{0, 0}, {0, ~std::uint64_t{0}}, {1, 0}, {~std::uint64_t{0}, 1}};
  for (std::uint64_t i = 0; i < 200; ++i) keys.push_back(hash.of_ordinal(i));
  for (auto const& a : keys) {
    for (auto const& b : keys) EXPECT_EQ(a < b, a.bytes() < b.bytes());
  }
}

TEST(Key, differs_for_different_ids) {
  KeyHasher const hash;
  std::vector<Key> keys;
  for (std::uint64_t i = 0; i < 10'000; ++i) keys.push_back(hash.of_ordinal(i));
  std::sort(keys.begin(), keys.end());
  EXPECT_EQ(std::adjacent_find(keys.begin(), keys.end()), keys.end());
}

}  // namespace
}  // namespace tessera
