// SPDX-License-Identifier: Apache-2.0
#include "tessera/kernel/blake2b.hpp"

#include "tessera/core/digest.hpp"
#include "tessera/kernel/simd.hpp"

#include <array>
#include <cstring>
#include <vector>

#include <gtest/gtest.h>

namespace tessera::kernel {
namespace {

Digest one_by_one(std::uint64_t number, std::vector<std::byte> const& bytes) {
  std::vector<std::byte> message(8 + bytes.size());
  std::memcpy(message.data(), &number, 8);
  if (!bytes.empty()) std::memcpy(message.data() + 8, bytes.data(), bytes.size());
  return digest_of(message);
}

TEST(Blake2b, equals_the_library_at_every_length_and_simd_level) {
  std::vector<std::vector<std::byte>> messages;
  for (std::size_t size = 0; size < 700; ++size) {
    std::vector<std::byte> bytes(size);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(i * 37 + size);
    messages.push_back(bytes);
  }
  for (auto const& level : simd_levels()) {
    use_simd_level(level);
    for (std::size_t const together : {1U, 2U, 7U, 8U, 9U, 700U}) {
      for (std::size_t first = 0; first < messages.size(); first += together) {
        std::vector<Blake2bJob> jobs;
        std::size_t const end = std::min(messages.size(), first + together);
        std::vector<Digest> digests(end - first);
        for (std::size_t i = first; i < end; ++i) jobs.push_back({i * i, messages[i], digests[i - first]});
        blake2b(jobs);
        for (std::size_t i = first; i < end; ++i) {
          ASSERT_EQ(digests[i - first], one_by_one(i * i, messages[i])) << level << ", " << i << " bytes";
        }
      }
    }
  }
  use_simd_level(simd_levels().front());
}

}  // namespace
}  // namespace tessera::kernel
