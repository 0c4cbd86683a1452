// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/error.hpp"
#include "tessera/io/block_writer.hpp"
#include "tessera/io/result_reader.hpp"
#include "tessera/io/verify_digests.hpp"

#include <array>
#include <filesystem>
#include <numeric>
#include <vector>

#include "mpi/main.hpp"
#include <gtest/gtest.h>

namespace tessera {
namespace {

using test::world;

std::string path_of(std::string const& name) {
  return (std::filesystem::temp_directory_path() / ("tessera-blocks-" + name + ".h5")).string();
}

std::array<BlockColumn, 2> const kColumns{{{"/a/small", ElementType::uint8, {"small", "1", "rows"}},
                                           {"/a/large", ElementType::int64, {"large", "1", "rows"}}}};

TEST(BlockWriter, blocks_of_any_size_come_in_any_order_from_any_rank) {
  std::vector<std::uint64_t> const offsets{0, 3, 3, 4, 20, 1000, 1001};
  std::vector<std::uint8_t> small(1001);
  std::vector<std::int64_t> large(1001);
  std::iota(large.begin(), large.end(), -500);
  for (std::size_t i = 0; i < small.size(); ++i) small[i] = static_cast<std::uint8_t>(i % 251);
  auto const path = path_of("order" + std::to_string(world().size()));
  {
    ResultFile file(world(), path, Existing::replace);
    auto writer = file.write_blocks("/a/offset", offsets, kColumns);
    for (std::uint64_t block = offsets.size() - 1; block-- > 0;) {
      if (block % static_cast<std::uint64_t>(world().size()) != static_cast<std::uint64_t>(world().rank()))
        continue;
      auto const first = offsets[block], count = offsets[block + 1] - first;
      std::array<std::span<std::byte const>, 2> const values{
          std::as_bytes(std::span(small).subspan(first, count)),
          std::as_bytes(std::span(large).subspan(first, count))};
      writer.put(block, 1, values);
    }
    file.end_blocks(std::move(writer));
    file.commit();
  }
  {
    ResultReader const reader(world(), path);
    EXPECT_EQ(reader.read<std::uint8_t>("/a/small"), small);
    EXPECT_EQ(reader.read<std::int64_t>("/a/large"), large);
    EXPECT_EQ(reader.text("/a/large", "digest_blocks"), "/a/offset");
    for (auto const& check : check_digests(reader)) EXPECT_EQ(check.state, DigestState::ok) << check.dataset;
    EXPECT_EQ(reader.row_blocks("/a/small").total_blocks, 6U);
  }
  if (world().rank() == 0) std::filesystem::remove(path);
}

TEST(BlockWriter, a_failure_of_one_rank_is_that_of_all) {
  auto const path = path_of("failure" + std::to_string(world().size()));
  std::vector<std::uint64_t> const offsets{0, 2};
  ResultFile file(world(), path, Existing::replace);
  auto writer = file.write_blocks("/a/offset", offsets, kColumns);
  if (world().rank() == world().size() - 1) {
    std::vector<std::byte> const bytes(2);
    std::array<std::span<std::byte const>, 2> const values{bytes, bytes};  // the second should be 16 bytes
    writer.put(0, 1, values);
  }
  EXPECT_THROW(file.end_blocks(std::move(writer)), Error);
}

}  // namespace
}  // namespace tessera
