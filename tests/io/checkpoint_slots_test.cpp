// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/checkpoint_slots.hpp"

#include "tessera/core/error.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tessera {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class CheckpointSlotsTest : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  static std::vector<std::byte> state(std::size_t size, int value) {
    return std::vector<std::byte>(size, static_cast<std::byte>(value));
  }
  [[nodiscard]] CheckpointSlots slots() const { return {folder_, "work"}; }
  [[nodiscard]] std::string path(int slot) const { return folder_ + "/work." + std::to_string(slot); }
  void save(std::initializer_list<int> values) const {
    auto of = slots();
    (void)of.load();
    for (int const value : values) of.save(state(1000, value));
  }
  static std::string bytes_of(std::string const& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static void put(std::string const& path, std::string const& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  }

  std::string folder_ = testing::TempDir() + "slots-" + std::to_string(::getpid());
};

TEST_F(CheckpointSlotsTest, give_back_the_newest_state) {
  EXPECT_EQ(slots().load(), std::nullopt);
  for (int value = 1; value < 6; ++value) {
    save({value});
    EXPECT_EQ(slots().load(), state(1000, value));
  }
  auto of = slots();
  (void)of.load();
  of.save({});
  EXPECT_EQ(of.load(), std::vector<std::byte>());
}

TEST_F(CheckpointSlotsTest, keep_the_one_before_whole) {
  save({1, 2, 3});
  put(path(0), "");
  EXPECT_EQ(slots().load(), state(1000, 2));
}

TEST_F(CheckpointSlotsTest, notice_each_bit_that_is_not_as_it_was_written_and_fall_back) {
  save({1, 2});  // the newest is in slot 1
  auto const whole = bytes_of(path(1));
  for (std::size_t i = 0; i < whole.size(); i += 7) {
    auto damaged = whole;
    damaged[i] = static_cast<char>(damaged[i] ^ (1 << (i % 8)));
    put(path(1), damaged);
    auto of = slots();
    EXPECT_EQ(of.load(), state(1000, 1)) << i;
    EXPECT_THAT(of.damaged(), ElementsAre(path(1)));
  }
}

TEST_F(CheckpointSlotsTest, notice_files_that_were_cut_or_have_grown) {
  save({1, 2});
  auto const whole = bytes_of(path(1));
  for (std::size_t size = 0; size < whole.size(); size += 13) {
    put(path(1), whole.substr(0, size));
    EXPECT_EQ(slots().load(), state(1000, 1)) << size;
  }
  put(path(1), whole + "x");
  EXPECT_EQ(slots().load(), state(1000, 1));
}

TEST_F(CheckpointSlotsTest, write_over_the_damaged_one_first) {
  save({1, 2});
  put(path(1), "torn");
  save({3});
  EXPECT_EQ(slots().load(), state(1000, 3));
  EXPECT_NE(bytes_of(path(1)), "torn");
  put(path(1), "torn again");
  EXPECT_EQ(slots().load(), state(1000, 1));
}

TEST_F(CheckpointSlotsTest, are_for_their_owner_alone_and_leave_nothing_else_behind) {
  save({1, 2, 3});
  struct stat status {};
  ASSERT_EQ(::stat(path(0).c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 2);
  EXPECT_THAT(slots().damaged(), IsEmpty());
}

TEST_F(CheckpointSlotsTest, say_when_the_folder_is_gone) {
  auto of = slots();
  std::filesystem::remove_all(folder_);
  try {
    of.save({});
    FAIL();
  } catch (Error const& error) {
    EXPECT_EQ(error.code(), ExitCode::configuration);
  }
}

TEST_F(CheckpointSlotsTest, say_when_there_is_no_more_room) {
  struct rlimit none {};
  struct rlimit before {};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  none = before;
  none.rlim_cur = 100;
  auto* const handler = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &none), 0);
  auto of = slots();
  EXPECT_THROW(of.save(state(1000, 1)), ResourceError);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(slots().load(), std::nullopt);
}

}  // namespace
}  // namespace tessera
