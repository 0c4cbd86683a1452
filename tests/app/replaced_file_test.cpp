// SPDX-License-Identifier: Apache-2.0
#include "../src/app/replaced_file.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

#include "../io/temporary_folder.hpp"
#include <gtest/gtest.h>
#include <sys/stat.h>

namespace tessera {

namespace {

class AReplacedFile : public testing::Test {
 protected:
  test::TemporaryFolder folder{Communicator::self()};
  std::string path = folder / "status.json";

  [[nodiscard]] std::string content() const {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }
};

TEST_F(AReplacedFile, holds_the_last_text_alone) {
  ReplacedFile file(path, 0600);
  file.put("a long first text");
  file.put("second");
  EXPECT_EQ(content(), "second");
  EXPECT_EQ(folder.files(), 1U);
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(AReplacedFile, takes_over_what_was_there_before) {
  ReplacedFile(path, 0600).put("of an earlier run");
  ReplacedFile file(path, 0600);
  file.put("mine");
  file.put("mine again");
  EXPECT_EQ(content(), "mine again");
}

TEST_F(AReplacedFile, leaves_the_last_word_to_whoever_replaced_it_since) {
  ReplacedFile first(path, 0600), second(path, 0600);
  first.put("first");
  second.put("second");
  first.put("first again");
  EXPECT_EQ(content(), "second");
}

TEST_F(AReplacedFile, is_written_again_where_it_was_removed) {
  ReplacedFile file(path, 0600);
  file.put("once");
  std::filesystem::remove(path);
  file.put("twice");
  EXPECT_EQ(content(), "twice");
}

TEST_F(AReplacedFile, sweeps_what_a_killed_process_left) {
  folder.write("status.json.tmp-n1-77", "half a te");
  folder.write("other.tmp-n1-77", "not of this file");
  ReplacedFile(path, 0600).sweep();
  EXPECT_EQ(folder.files(), 1U);
}

TEST_F(AReplacedFile, says_where_it_cannot_be_written) {
  ReplacedFile file(folder / "nowhere/status.json", 0600);
  EXPECT_THROW(file.put("text"), std::system_error);
  ReplacedFile onto_a_folder(folder.path(), 0600);
  EXPECT_THROW(onto_a_folder.put("text"), std::system_error);
  EXPECT_EQ(folder.files(), 0U);
}

TEST_F(AReplacedFile, without_a_path_is_never_written) {
  ReplacedFile file("", 0600);
  file.put("text");
  file.sweep();
  EXPECT_EQ(folder.files(), 0U);
}

}  // namespace

}  // namespace tessera
