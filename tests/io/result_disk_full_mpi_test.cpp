// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/result_file.hpp"
#include "tessera/io/result_reader.hpp"

#include <optional>

#include "hdf5_files.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>

namespace tessera {
namespace {

using test::error_of;
using test::rows_for;
using test::TemporaryFolder;
using test::world;
using testing::HasSubstr;

/// A file system of its own with room for 2 MiB.
class SmallDisk {
 public:
  explicit SmallDisk(TemporaryFolder const& folder) : path_(folder / "disk") {
    int mounted = 0;
    if (world().rank() == 0) {
      std::filesystem::create_directory(path_);
      mounted = ::mount("none", path_.c_str(), "tmpfs", 0, "size=2m") == 0 ? 1 : 0;
    }
    broadcast(world(), std::span(&mounted, 1), 0);
    mounted_ = mounted == 1;
  }
  ~SmallDisk() {
    barrier(world());
    if (mounted_ && world().rank() == 0) ::umount2(path_.c_str(), MNT_DETACH);
    barrier(world());
  }
  [[nodiscard]] bool is_mounted() const { return mounted_; }
  [[nodiscard]] std::string operator/(std::string const& name) const { return path_ + "/" + name; }
  [[nodiscard]] std::uint64_t files() const {
    barrier(world());
    auto const count = std::distance(std::filesystem::directory_iterator(path_), {});
    return all_reduce(world(), static_cast<std::uint64_t>(count), Reduce::maximum);
  }
  /// Leaves room for this many bytes.
  void fill_up_to(std::size_t free) const {
    if (world().rank() == 0) {
      std::ofstream other(*this / "other", std::ios::binary);
      auto const available = std::filesystem::space(path_).available;
      other << std::string(available - std::min<std::size_t>(free, available), 'x');
    }
    barrier(world());
  }

 private:
  std::string path_;
  bool mounted_ = false;
};

#define SKIP_UNLESS_MOUNTED(disk) \
  if (!(disk).is_mounted()) GTEST_SKIP() << "no permission to mount"

void write_rows(ResultFile& file, std::string const& name, std::uint64_t rows) {
  auto const blocks = regular_blocks(rows, world().rank(), world().size());
  file.write_rows<double>(name, blocks, rows_for<double>(blocks, 1), {}, {"values", "1", "customers"});
}

TEST(FullDisk, fails_all_ranks_with_the_numbers_and_leaves_nothing) {
  TemporaryFolder const folder(world());
  SmallDisk const disk(folder);
  SKIP_UNLESS_MOUNTED(disk);
  for (int time = 0; time < 3; ++time) {
    auto const error = error_of([&] {
      ResultFile file(world(), disk / "run.h5", Existing::refuse);
      write_rows(file, "/small", 10'000);
      write_rows(file, "/large", 1'000'000);
      file.commit();
    });
    EXPECT_EQ(error.code(), ExitCode::resources);
    EXPECT_THAT(error.what(), HasSubstr(disk / "run.h5"));
    EXPECT_THAT(error.what(), HasSubstr("/large (8000000 bytes)"));
    EXPECT_THAT(error.what(), HasSubstr("bytes are free"));
    EXPECT_EQ(disk.files(), 0U);
  }
}

TEST(FullDisk, is_found_beforehand_by_reserving) {
  TemporaryFolder const folder(world());
  SmallDisk const disk(folder);
  SKIP_UNLESS_MOUNTED(disk);
  ResultFile file(world(), disk / "run.h5", Existing::refuse);
  auto const error = error_of([&] { file.reserve(3'000'000); });
  EXPECT_EQ(error.code(), ExitCode::resources);
  EXPECT_THAT(error.what(), HasSubstr("the whole result needs"));
  // A smaller result can still be written.
  file.reserve(800'000);
  write_rows(file, "/x", 100'000);
  file.commit();
  EXPECT_EQ(ResultReader(world(), disk / "run.h5").dataset("/x").shape[0], 100'000U);
}

TEST(FullDisk, of_others_is_a_clear_error_at_every_step) {
  TemporaryFolder const folder(world());
  SmallDisk const disk(folder);
  SKIP_UNLESS_MOUNTED(disk);
  int written = 0;
  for (std::size_t free = 0; free <= 300'000; free += 20'000) {
    disk.fill_up_to(free);
    std::optional<Error> failure;
    try {
      ResultFile file(world(), disk / "run.h5", Existing::replace);
      write_rows(file, "/x", 5'000);
      file.attribute("/run", "config", std::string(80'000, 'c'));
      file.commit();
      ++written;
    } catch (Error const& error) {
      failure = error;
    }
    if (failure) {
      EXPECT_EQ(failure->code(), ExitCode::resources) << failure->what();
      EXPECT_EQ(disk.files(), 1U) << free;
    } else {
      ResultReader const reader(world(), disk / "run.h5");
      EXPECT_EQ(reader.text("/run", "config").size(), 80'000U);
    }
    barrier(world());
    if (world().rank() == 0) {
      std::filesystem::remove(disk / "run.h5");
      std::filesystem::remove(disk / "other");
    }
    barrier(world());
  }
  EXPECT_GT(written, 0);
}

/// What a quota of one node does, say: space was promised, and yet one rank cannot write.
TEST(FullDisk, of_one_rank_fails_all_ranks) {
  TemporaryFolder const folder(world());
  if (world().size() == 1) GTEST_SKIP() << "needs two ranks";
  struct rlimit before {};
  ::getrlimit(RLIMIT_FSIZE, &before);
  auto const previous = ::signal(SIGXFSZ, SIG_IGN);
  auto const error = error_of([&] {
    ResultFile file(world(), folder / "run.h5", Existing::refuse);
    write_rows(file, "/small", 1000);
    struct rlimit limit = before;
    limit.rlim_cur = 1 << 20;
    if (world().rank() == world().size() - 1) ::setrlimit(RLIMIT_FSIZE, &limit);
    write_rows(file, "/large", 1'000'000);
    file.commit();
  });
  ::setrlimit(RLIMIT_FSIZE, &before);
  ::signal(SIGXFSZ, previous);
  EXPECT_EQ(error.code(), ExitCode::resources);
  EXPECT_THAT(error.what(), HasSubstr("/large"));
  EXPECT_EQ(folder.files(), 0U);
}

}  // namespace
}  // namespace tessera
