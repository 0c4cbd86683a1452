// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/digest.hpp"
#include "tessera/core/error.hpp"
#include "tessera/generate/bank.hpp"

#include <filesystem>
#include <fstream>
#include <functional>
#include <map>

#include "../io/temporary_folder.hpp"
#include "mpi/main.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tessera::generate {
namespace {

using tessera::test::TemporaryFolder;
using tessera::test::world;
using testing::HasSubstr;

BankSpec small() {
  return {.customers = 300, .seed = 9, .quarters = 1, .difficulty = Difficulty::easy};
}

/// Digest of every file, by name.
std::map<std::string, std::string> digests(std::string const& folder) {
  barrier(world());
  std::map<std::string, std::string> out;
  for (auto const& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    std::string const bytes((std::istreambuf_iterator<char>(file)), {});
    out[entry.path().lexically_relative(folder).string()] = hex(digest_of(std::as_bytes(std::span(bytes))));
  }
  return out;
}

/// The message of the error of this class that the work ends with.
std::string message_of(ExitCode code, std::function<void()> const& work) {
  try {
    work();
  } catch (Error const& error) {
    EXPECT_EQ(error.code(), code);
    return error.what();
  }
  return "nothing was thrown";
}

TEST(Bank, has_the_same_bytes_whoever_writes_it) {
  TemporaryFolder const folder(world());
  for (auto const format : {TableFileFormat::csv, TableFileFormat::hdf5}) {
    std::string const name = format == TableFileFormat::csv ? "csv" : "hdf5";
    auto const together = folder / (name + "-together"), alone = folder / (name + "-alone");
    BankFiles files{
        .folder = together, .parts = 3, .format = format, .extra = {{"segments.toml", "a = 1\n"}}};
    auto const totals = generate_bank(world(), small(), files, Progress::silent());
    if (world().rank() == world().size() - 1) {
      files.folder = alone;
      auto const of_one = generate_bank(Communicator::self(), small(), files, Progress::silent());
      ASSERT_EQ(of_one.size(), totals.size());
      for (std::size_t i = 0; i < totals.size(); ++i) EXPECT_EQ(of_one[i].rows, totals[i].rows);
    }
    auto const a = digests(together), b = digests(alone);
    EXPECT_EQ(a.size(), 7U * 3 + 8 + 2);
    EXPECT_EQ(a, b);
  }
}

TEST(Bank, has_the_same_rows_in_any_number_of_parts) {
  TemporaryFolder const folder(world());
  std::map<unsigned, std::string> texts;
  for (unsigned const parts : {1U, 4U}) {
    auto const path = folder / std::to_string(parts);
    static_cast<void>(generate_bank(world(), small(), {.folder = path, .parts = parts}, Progress::silent()));
    barrier(world());
    for (unsigned part = 0; part < parts; ++part) {
      std::ifstream file(path + "/" +
                         part_name("2026Q3", "transactions", TableFileFormat::csv, static_cast<int>(part)));
      std::string header;
      std::getline(file, header);
      texts[parts] += std::string((std::istreambuf_iterator<char>(file)), {});
    }
  }
  EXPECT_FALSE(texts[1].empty());
  EXPECT_EQ(texts[1], texts[4]);
}

TEST(Bank, is_for_its_owner_only) {
  TemporaryFolder const folder(world());
  static_cast<void>(
      generate_bank(world(), small(), {.folder = folder / "bank", .parts = 2}, Progress::silent()));
  barrier(world());
  for (auto const& entry : std::filesystem::recursive_directory_iterator(folder / "bank")) {
    struct stat status {};
    ASSERT_EQ(::stat(entry.path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, entry.is_directory() ? 0700U : 0600U) << entry.path();
  }
}

TEST(Bank, refuses_a_folder_in_use_and_replaces_only_what_a_bank_left) {
  TemporaryFolder const folder(world());
  auto const path = folder / "bank";
  static_cast<void>(generate_bank(world(), small(), {.folder = path, .parts = 3}, Progress::silent()));
  auto const again = [&](Existing existing, unsigned parts) {
    static_cast<void>(generate_bank(world(), small(), {.folder = path, .parts = parts, .existing = existing},
                                    Progress::silent()));
  };
  EXPECT_THAT(message_of(ExitCode::configuration, [&] { again(Existing::refuse, 3); }),
              HasSubstr("is not empty"));
  for (auto const* own : {"notes.txt", "mine.toml"}) folder.write("bank/" + std::string(own), "mine");
  folder.write("bank/segments.toml", "of the earlier bank");
  again(Existing::replace, 2);
  auto const files = digests(path);
  EXPECT_TRUE(files.contains("notes.txt"));
  EXPECT_TRUE(files.contains("mine.toml"));
  EXPECT_FALSE(files.contains("segments.toml"));
  EXPECT_TRUE(files.contains("2026Q3/accounts/part-00001.csv"));
  EXPECT_FALSE(files.contains("2026Q3/accounts/part-00002.csv"));
  auto const file = folder.write("file", "mine");
  EXPECT_THAT(
      message_of(
          ExitCode::configuration,
          [&] { static_cast<void>(generate_bank(world(), small(), {.folder = file}, Progress::silent())); }),
      HasSubstr("is not a folder"));
  EXPECT_THAT(message_of(ExitCode::configuration,
                         [&] {
                           static_cast<void>(generate_bank(world(), small(), {.folder = folder / "no/bank"},
                                                           Progress::silent()));
                         }),
              HasSubstr("cannot make the folder"));
}

TEST(Bank, replaces_nothing_in_a_folder_that_holds_no_bank) {
  TemporaryFolder const folder(world());
  for (auto const* own : {"README.md", "segments.toml"}) folder.write(own, "mine");
  BankFiles const files{.folder = folder.path(), .existing = Existing::replace};
  EXPECT_THAT(
      message_of(ExitCode::configuration,
                 [&] { static_cast<void>(generate_bank(world(), small(), files, Progress::silent())); }),
      HasSubstr("holds no bank"));
  EXPECT_EQ(digests(folder.path()).size(), 2U);
}

/// Rank 0 as a user to whom the modes of files apply.
class PlainUser {
 public:
  PlainUser() : is_root_(::geteuid() == 0) { become(kNobody); }
  ~PlainUser() { become(0); }
  PlainUser(PlainUser const&) = delete;
  PlainUser& operator=(PlainUser const&) = delete;

 private:
  static constexpr uid_t kNobody = 65534;
  void become(uid_t user) const {
    barrier(world());
    if (is_root_ && world().rank() == 0) {
      EXPECT_EQ(::seteuid(user), 0);
    }
  }
  bool is_root_;
};

TEST(Bank, replaces_nothing_where_it_cannot_look_through_the_folder) {
  TemporaryFolder const folder(world());
  auto const path = folder / "bank";
  static_cast<void>(generate_bank(world(), small(), {.folder = path, .parts = 1}, Progress::silent()));
  auto const before = digests(path);
  if (world().rank() == 0) {
    for (auto const& open : {folder.path(), path}) ASSERT_EQ(::chmod(open.c_str(), 0755), 0);
    ASSERT_EQ(::chmod((path + "/truth").c_str(), 0), 0);
  }
  std::string message;
  {
    PlainUser const user;
    message = message_of(ExitCode::configuration, [&] {
      static_cast<void>(generate_bank(world(), small(), {.folder = path, .existing = Existing::replace},
                                      Progress::silent()));
    });
  }
  EXPECT_THAT(message, HasSubstr("cannot look into the folder"));
  if (world().rank() == 0) {
    ASSERT_EQ(::chmod((path + "/truth").c_str(), 0700), 0);
  }
  EXPECT_EQ(digests(path), before);
}

/// A file system of its own with room for 1 MiB.
class SmallDisk {
 public:
  explicit SmallDisk(TemporaryFolder const& folder) : path_(folder / "disk") {
    if (world().rank() == 0) {
      std::filesystem::create_directory(path_);
      mounted_ = ::mount("none", path_.c_str(), "tmpfs", 0, "size=1m") == 0 ? 1 : 0;
    }
    broadcast(world(), std::span(&mounted_, 1), 0);
  }
  ~SmallDisk() {
    barrier(world());
    if (mounted_ == 1 && world().rank() == 0) ::umount2(path_.c_str(), MNT_DETACH);
    barrier(world());
  }
  [[nodiscard]] bool is_mounted() const { return mounted_ == 1; }
  [[nodiscard]] std::string const& path() const { return path_; }

 private:
  std::string path_;
  int mounted_ = 0;
};

TEST(Bank, leaves_nothing_where_the_disk_is_too_small) {
  TemporaryFolder const folder(world());
  SmallDisk const disk(folder);
  if (!disk.is_mounted()) GTEST_SKIP() << "only root can mount a small disk";
  auto spec = small();
  spec.customers = 1000;
  for (auto const format : {TableFileFormat::csv, TableFileFormat::hdf5}) {
    auto const message = message_of(ExitCode::resources, [&] {
      static_cast<void>(generate_bank(world(), spec,
                                      {.folder = disk.path() + "/bank", .parts = 2, .format = format},
                                      Progress::silent()));
    });
    EXPECT_THAT(message, HasSubstr("cannot write"));
    auto const left = digests(disk.path());
    EXPECT_TRUE(left.empty()) << left.begin()->first;
    barrier(world());
  }
}

TEST(Bank, refuses_what_cannot_be_made) {
  auto const refusal = [](auto&& change) {
    auto spec = small();
    BankFiles files{.folder = "unused"};
    change(spec, files);
    return message_of(ExitCode::configuration, [&] { check(spec, files); });
  };
  EXPECT_THAT(refusal([](BankSpec& s, BankFiles&) { s.customers = 0; }), HasSubstr("--customers 0"));
  EXPECT_THAT(refusal([](BankSpec& s, BankFiles&) { s.customers = std::uint64_t{1} << 48; }),
              HasSubstr("--customers 281474976710656"));
  EXPECT_THAT(refusal([](BankSpec&, BankFiles& f) { f.parts = 0; }), HasSubstr("--parts 0"));
  EXPECT_THAT(refusal([](BankSpec&, BankFiles& f) { f.parts = 100'001; }), HasSubstr("--parts 100001"));
  EXPECT_THAT(refusal([](BankSpec& s, BankFiles&) { s.quarters = 0; }), HasSubstr("--quarters 0"));
  EXPECT_THAT(refusal([](BankSpec& s, BankFiles&) { s.quarters = 9; }), HasSubstr("--quarters 9"));
  EXPECT_THAT(refusal([](BankSpec& s, BankFiles&) { s.transactions_per_customer = 3; }),
              HasSubstr("--transactions-per-customer 3"));
}

TEST(Bank, is_as_large_as_expected) {
  TemporaryFolder const folder(world());
  auto spec = small();
  spec.customers = 2000;
  auto const totals =
      generate_bank(world(), spec, {.folder = folder / "bank", .parts = 3}, Progress::silent());
  auto const expected = expected_sizes(spec, TableFileFormat::csv);
  ASSERT_EQ(expected.size(), totals.size());
  for (std::size_t i = 0; i < totals.size(); ++i) EXPECT_EQ(expected[i].rows, totals[i].rows);
  spec.customers = 1'000'000'000;
  auto const large = expected_sizes(spec, TableFileFormat::hdf5);
  EXPECT_NEAR(static_cast<double>(large[0].rows), 0.98e9, 0.02e9);
}

}  // namespace
}  // namespace tessera::generate
