// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/byte_ranges.hpp"

#include "tessera/core/random.hpp"

#include <gtest/gtest.h>

namespace tessera {
namespace {

std::vector<FileEntry> random_files(std::uint64_t seed) {
  Draw const draw(seed, Purpose::generate);
  std::vector<FileEntry> files(draw.below(12, 0));
  for (std::size_t i = 0; i < files.size(); ++i) {
    files[i].bytes = draw.below(4, i, 1) == 0 ? 0 : draw.below(50, i, 2);
    if (draw.below(3, i, 3) == 0) files[i].compression = Compression::gzip;
  }
  return files;
}

TEST(ByteRanges, hand_every_byte_to_one_rank_in_file_order_for_any_number_of_ranks) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    auto const files = random_files(seed);
    for (int const ranks : {1, 2, 3, 7, 64, 1000}) {
      std::size_t file = 0;
      std::uint64_t position = 0;
      auto const skip_finished = [&] {
        while (file < files.size() && position == files[file].bytes) ++file, position = 0;
      };
      for (int rank = 0; rank < ranks; ++rank) {
        auto const ranges = byte_ranges(files, rank, ranks);
        for (std::size_t i = 0; i < ranges.size(); ++i) {
          auto const& range = ranges[i];
          skip_finished();
          ASSERT_EQ(range.file, file);
          ASSERT_EQ(range.begin, position);
          ASSERT_LT(range.begin, range.end);
          ASSERT_TRUE(i == 0 || range.begin == 0) << "only the first range of a rank begins inside a file";
          if (files[file].compression != Compression::none) {
            ASSERT_EQ(range.end - range.begin, files[file].bytes);
          }
          position = range.end;
        }
      }
      skip_finished();
      ASSERT_EQ(file, files.size()) << "seed " << seed << ", " << ranks << " ranks";
    }
  }
}

TEST(ByteRanges, of_plain_files_are_equal_up_to_a_byte) {
  std::vector<FileEntry> const files{{"a", 1000, Compression::none},
                                     {"b", 1, Compression::none},
                                     {"c", std::uint64_t{1} << 60, Compression::none}};
  std::uint64_t const total = 1001 + (std::uint64_t{1} << 60);
  for (int rank = 0; rank < 1000; ++rank) {
    std::uint64_t bytes = 0;
    for (auto const& range : byte_ranges(files, rank, 1000)) bytes += range.end - range.begin;
    EXPECT_GE(bytes, total / 1000);
    EXPECT_LE(bytes, total / 1000 + 1);
  }
}

}  // namespace
}  // namespace tessera
