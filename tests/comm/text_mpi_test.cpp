// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/text.hpp"

#include "mpi/main.hpp"
#include <gtest/gtest.h>

namespace tessera {
namespace {

class Texts : public testing::TestWithParam<std::size_t> {
 protected:
  Communicator comm = test::world().with_message_limit(GetParam());
  int last = comm.size() - 1;
};

std::vector<std::string> texts_of(int rank) {
  std::vector<std::string> texts;
  for (int i = 0; i < rank * 2; ++i) {
    texts.push_back(i % 3 == 0 ? ""
                               : std::string(static_cast<std::size_t>(i * 5), static_cast<char>('a' + rank)));
  }
  if (rank % 2 == 1) texts.emplace_back("nul\0inside, \xC3\xABnd", 17);
  return texts;
}

TEST_P(Texts, broadcast_one_text_of_any_length) {
  for (std::size_t const length : {0U, 1U, 500U}) {
    std::string const expected(length, 'x');
    EXPECT_EQ(broadcast_text(comm, comm.rank() == last ? expected : "something else", last), expected);
  }
}

TEST_P(Texts, broadcast_many_texts_empty_ones_included) {
  for (int root = 0; root < comm.size(); ++root) {
    EXPECT_EQ(broadcast_texts(comm, texts_of(comm.rank()), root), texts_of(root));
  }
}

TEST_P(Texts, all_gather_keeps_rank_order) {
  std::vector<std::string> expected;
  for (int rank = 0; rank < comm.size(); ++rank) {
    for (auto const& text : texts_of(rank)) expected.push_back(text);
  }
  EXPECT_EQ(all_gather_texts(comm, texts_of(comm.rank())), expected);
}

TEST_P(Texts, all_gather_of_nothing_is_nothing) {
  EXPECT_TRUE(all_gather_texts(comm, {}).empty());
}

INSTANTIATE_TEST_SUITE_P(message_limit, Texts, testing::Values(3, 16, std::size_t{1} << 30));

}  // namespace
}  // namespace tessera
