// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/collectives.hpp"
#include "tessera/core/error.hpp"
#include "tessera/io/text_output.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "mpi/main.hpp"
#include "temporary_folder.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tessera {
namespace {

using test::world;

std::string content(std::string const& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(TextOutput, holds_the_texts_of_all_ranks_in_rank_order_round_by_round) {
  test::TemporaryFolder const folder(world());
  auto const path = folder / "text";
  {
    TextOutput out(world(), path, Existing::refuse);
    EXPECT_EQ(out.writers(), world().size());
    for (int round = 0; round < 3; ++round) {
      // Texts of different lengths, some empty.
      out.append(std::string(static_cast<std::size_t>((world().rank() + round) % 3),
                             static_cast<char>('a' + world().rank())));
    }
    EXPECT_FALSE(std::filesystem::exists(path));
    out.commit();
  }
  std::string expected;
  for (int round = 0; round < 3; ++round) {
    for (int rank = 0; rank < world().size(); ++rank)
      expected += std::string(static_cast<std::size_t>((rank + round) % 3), static_cast<char>('a' + rank));
  }
  EXPECT_EQ(content(path), expected);
}

TEST(TextOutput, that_is_not_committed_leaves_nothing) {
  test::TemporaryFolder const folder(world());
  {
    TextOutput out(world(), folder / "text", Existing::refuse);
    out.append("never seen");
  }
  barrier(world());
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(TextOutput, refuses_an_existing_file_unless_it_may_be_replaced) {
  test::TemporaryFolder const folder(world());
  auto const path = folder / "text";
  for (int i = 0; i < 2; ++i) {
    TextOutput out(world(), path, i == 0 ? Existing::refuse : Existing::replace);
    out.append(world().rank() == 0 ? "new" : "");
    out.commit();
  }
  try {
    TextOutput const out(world(), path, Existing::refuse);
    ADD_FAILURE() << "the file was not refused";
  } catch (Error const& error) {
    EXPECT_EQ(error.code(), ExitCode::configuration);
    EXPECT_NE(error.what_is_wrong().find("exists"), std::string::npos);
    EXPECT_FALSE(error.why().empty());
    EXPECT_FALSE(error.remedy().empty());
  }
  EXPECT_EQ(content(path), "new");
}

TEST(TextOutput, to_standard_output_is_written_by_one_rank) {
  TextOutput out(world(), "", Existing::refuse);
  EXPECT_EQ(out.writers(), 1);
  out.append("");
  out.commit();
}

}  // namespace
}  // namespace tessera
