// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/digest.hpp"

#include <string>

#include <gtest/gtest.h>

namespace tessera {
namespace {

std::span<std::byte const> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

TEST(Digest, equals_pythons_blake2b) {
  EXPECT_EQ(hex(digest_of("")), "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
  EXPECT_EQ(hex(digest_of("tessera")), "5d72b2c2e483dfb19e10e3dd2bb93a39b429a505cdb02bf4b43a5c7ca8578cec");
}

TEST(Digest, is_written_in_lower_case_hexadecimal) {
  std::uint8_t const bytes[] = {0x00, 0x0f, 0xa5, 0xff};
  EXPECT_EQ(hex(bytes), "000fa5ff");
  EXPECT_EQ(hex({}), "");
}

TEST(BlockDigest, equals_its_recomputation_in_python) {
  // docs/file-format.md: blake2b-256(LE64(number) + bytes), expanded by blake2b-512(LE64(counter) + seed) to
  // 1,024 little-endian 16-bit lanes, added modulo 2^16; blake2b-256 of the lanes.
  BlockDigest digest;
  EXPECT_EQ(hex(digest.value()), "200823e5158b3774c11b5c61850ada762f8264144a9bebec3ebac5a2adde67b8");
  digest.add(0, bytes_of("alpha"));
  digest.add(1, {});
  digest.add(7, bytes_of("omega"));
  EXPECT_EQ(hex(digest.value()), "5bb2b38266ef60904ac6d8248a8a643110cada6045ca27339db0983c27a803e3");
}

TEST(BlockDigest, does_not_depend_on_the_order_or_the_grouping_of_blocks) {
  BlockDigest forward, backward, even, odd;
  for (std::uint64_t i = 0; i < 20; ++i) {
    auto const text = "block " + std::to_string(i * i);
    forward.add(i, bytes_of(text));
    (i % 2 == 0 ? even : odd).add(i, bytes_of(text));
  }
  for (std::uint64_t i = 20; i-- > 0;) backward.add(i, bytes_of("block " + std::to_string(i * i)));
  for (std::size_t lane = 0; lane < BlockDigest::kLanes; ++lane) {
    even.lanes()[lane] = static_cast<std::uint16_t>(even.lanes()[lane] + odd.lanes()[lane]);
  }
  EXPECT_EQ(forward.value(), backward.value());
  EXPECT_EQ(forward.value(), even.value());
}

TEST(BlockDigest, notices_swapped_changed_and_missing_blocks) {
  BlockDigest original, swapped, changed, missing;
  original.add(0, bytes_of("a"));
  original.add(1, bytes_of("b"));
  swapped.add(0, bytes_of("b"));
  swapped.add(1, bytes_of("a"));
  changed.add(0, bytes_of("a"));
  changed.add(1, bytes_of("c"));
  missing.add(0, bytes_of("a"));
  EXPECT_NE(original.value(), swapped.value());
  EXPECT_NE(original.value(), changed.value());
  EXPECT_NE(original.value(), missing.value());
}

}  // namespace
}  // namespace tessera
