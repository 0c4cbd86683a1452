// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/agree.hpp"
#include "tessera/io/result_file.hpp"
#include "tessera/io/result_reader.hpp"
#include "tessera/io/verify_digests.hpp"

#include <cstdlib>
#include <filesystem>

#include "hdf5_files.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

namespace tessera {
namespace {

using test::bytes_of;
using test::error_of;
using test::rows_for;
using test::TemporaryFolder;
using test::uneven_blocks;
using test::world;
using testing::HasSubstr;

constexpr std::uint64_t kBlocks = 37;

/// A bit of everything.
void write_sample(Communicator const& comm, std::string const& path) {
  ResultFile file(comm, path, Existing::refuse);
  auto const blocks = uneven_blocks(comm, kBlocks);
  file.attribute("/run", "version", "1.2.3");
  file.attribute("/run", "seed", std::int64_t{-42});
  file.attribute("/run", "support", 0.1);
  file.attribute("/run", "empty", "");
  file.write_rows<std::uint8_t>("/customers/key", blocks, rows_for<std::uint8_t>(blocks, 16), {16},
                                {"Pseudonym", "1", "customers x bytes"});
  file.write_rows<float>("/customers/distance", blocks, rows_for<float>(blocks, 1), {},
                         {"Distance to the own centroid", "scaled", "customers"});
  std::vector<double> const centroids{1.5, -2.5, 3.25, 0.0, 1e300, -0.0};
  file.write<double>("/model/4/centroids", centroids, {2, 3}, {"Centroids", "scaled", "segments x features"});
  std::vector<std::int64_t> const one{7};
  file.write<std::int64_t>("/model/4/k", one, {}, {"Segments", "1", ""});
  std::vector<std::string> const names{"age", "größe", "", "balance"};
  file.write("/features/name", names, {"Names", "1", "features"});
  std::vector<ResultFile::Timing> const timings{{"read", 1.5}, {"cluster", 0.25}};
  file.write_timings("/run/timings", timings);
  file.link("/model/selected", "/model/4");
  file.commit();
}

TEST(ResultFile, commits_under_its_name_with_nothing_left_beside_it) {
  TemporaryFolder const folder(world());
  write_sample(world(), folder / "run.h5");
  EXPECT_EQ(folder.files(), 1U);
  struct stat status {};
  ASSERT_EQ(::stat((folder / "run.h5").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST(ResultFile, has_the_same_bytes_when_written_again_or_by_one_rank) {
  TemporaryFolder const folder(world());
  write_sample(world(), folder / "a.h5");
  write_sample(world(), folder / "b.h5");
  if (world().rank() == 0) write_sample(Communicator::self(), folder / "c.h5");
  barrier(world());
  auto const bytes = bytes_of(folder / "a.h5");
  EXPECT_GT(bytes.size(), 1000U);
  EXPECT_TRUE(bytes == bytes_of(folder / "b.h5"));
  EXPECT_TRUE(bytes == bytes_of(folder / "c.h5"));
}

TEST(ResultFile, is_verified_by_another_implementation_of_the_digests) {
  TemporaryFolder const folder(world());
  write_sample(world(), folder / "run.h5");
  int status = 0;
  if (world().rank() == 0) {
    std::string const script = TESSERA_SOURCE_DIR "/tests/crosscheck/h5py_reads_results.py";
    if (std::system("/usr/bin/python3 -c 'import h5py' 2> /dev/null") != 0) {
      status = -1;
    } else {
      status = std::system(("/usr/bin/python3 '" + script + "' '" + folder / "run.h5" + "' >&2").c_str());
    }
  }
  broadcast(world(), std::span(&status, 1), 0);
  if (status == -1) GTEST_SKIP() << "no h5py";
  EXPECT_EQ(status, 0);
}

TEST(ResultFile, refuses_to_overwrite_unless_told) {
  TemporaryFolder const folder(world());
  auto const path = folder / "run.h5";
  write_sample(world(), path);
  auto const error = error_of([&] { ResultFile(world(), path, Existing::refuse); });
  EXPECT_EQ(error.code(), ExitCode::configuration);
  EXPECT_THAT(error.what(), HasSubstr("--force"));
  EXPECT_THAT(error.what(), HasSubstr(path));
  {
    ResultFile file(world(), path, Existing::replace);
    file.attribute("/run", "version", "new");
    EXPECT_EQ(ResultReader(world(), path).text("/run", "version"), "1.2.3") << "replaced before the commit";
    file.commit();
  }
  EXPECT_EQ(ResultReader(world(), path).text("/run", "version"), "new");
  EXPECT_EQ(folder.files(), 1U);
}

TEST(ResultFile, does_not_overwrite_what_appeared_while_it_was_written) {
  TemporaryFolder const folder(world());
  auto const path = folder / "run.h5";
  {
    ResultFile file(world(), path, Existing::refuse);
    if (world().rank() == 0) std::ofstream(path) << "mine";
    auto const error = error_of([&] { file.commit(); });
    EXPECT_EQ(error.code(), ExitCode::configuration);
    EXPECT_THAT(error.what(), HasSubstr("--force"));
  }
  EXPECT_EQ(bytes_of(path), "mine");
  EXPECT_EQ(folder.files(), 1U);
}

TEST(ResultFile, says_what_is_wrong_with_its_folder) {
  TemporaryFolder const folder(world());
  auto error = error_of([&] { ResultFile(world(), folder / "no/such/run.h5", Existing::refuse); });
  EXPECT_EQ(error.code(), ExitCode::configuration);
  EXPECT_THAT(error.what(), HasSubstr("no/such"));
  EXPECT_THAT(error.what(), HasSubstr("does not exist"));
  error = error_of([&] { ResultFile(world(), folder.path(), Existing::replace); });
  EXPECT_EQ(error.code(), ExitCode::configuration);
  EXPECT_THAT(error.what(), HasSubstr("not a plain file"));
  error = error_of([&] { ResultFile(world(), "/proc/run.h5", Existing::refuse); });
  EXPECT_EQ(error.code(), ExitCode::configuration);
  EXPECT_THAT(error.what(), HasSubstr("/proc"));
}

TEST(ResultFile, leaves_nothing_when_not_committed) {
  TemporaryFolder const folder(world());
  auto const error = error_of([&] {
    ResultFile file(world(), folder / "run.h5", Existing::refuse);
    auto const blocks = uneven_blocks(world(), kBlocks);
    file.write_rows<float>("/x", blocks, rows_for<float>(blocks, 3), {3}, {"x", "1", "customers x 3"});
    together(world(), [] { throw InputError("a", "b", "c"); });
  });
  EXPECT_EQ(error.code(), ExitCode::input);
  EXPECT_EQ(folder.files(), 0U);
}

/// Whether the others fail too cannot be known, so nobody waits for them.
TEST(ResultFile, leaves_nothing_when_a_rank_fails_without_agreement) {
  TemporaryFolder const folder(world());
  auto const error = error_of([&] {
    ResultFile file(world(), folder / "run.h5", Existing::refuse);
    file.attribute("/run", "version", "1.2.3");
    throw InputError("every rank by itself", "no rank knows of the others", "");
  });
  EXPECT_EQ(error.what_is_wrong(), "every rank by itself");
  EXPECT_EQ(folder.files(), 0U);
  write_sample(world(), folder / "run.h5");
  EXPECT_EQ(folder.files(), 1U);
}

TEST(ResultFile, steps_around_the_leavings_of_a_killed_job) {
  TemporaryFolder const folder(world());
  if (world().rank() == 0) std::ofstream(folder / ("run.h5.tmp-" + std::to_string(::getpid()))) << "left";
  barrier(world());
  write_sample(world(), folder / "run.h5");
  EXPECT_EQ(folder.files(), 2U);
}

TEST(ResultFile, calls_misuse_a_bug) {
  TemporaryFolder const folder(world());
  ResultFile file(world(), folder / "run.h5", Existing::refuse);
  std::vector<float> const three(3);
  Description const about{"x", "1", "3"};
  auto const is_bug = [](Error const& error, std::string const& words) {
    EXPECT_EQ(error.code(), ExitCode::bug);
    EXPECT_THAT(error.what(), HasSubstr(words));
  };
  file.write<float>("/x", three, {3}, about);
  is_bug(error_of([&] { file.write<float>("/x", three, {3}, about); }), "twice");
  is_bug(error_of([&] { file.write<float>("/y", three, {4}, about); }), "needs 16 bytes");
  for (auto const* const name : {"y", "/y/", "//y", "/a//y", "/a/./y", "/y\n", "/"}) {
    is_bug(error_of([&] { file.write<float>(name, three, {3}, about); }), "");
  }
  is_bug(error_of([&] { file.write<float>("/x/y", three, {3}, about); }), "as a group");
  file.attribute("/x", "a", "1");
  is_bug(error_of([&] { file.attribute("/x", "a", "2"); }), "twice");
  is_bug(error_of([&] { file.attribute("/x", "b", std::string_view("a\0b", 3)); }), "zero byte");
  auto blocks = uneven_blocks(world(), kBlocks);
  file.write_rows<float>("/rows", blocks, rows_for<float>(blocks, 1), {}, about);
  auto const others = uneven_blocks(world(), kBlocks + 1);
  is_bug(error_of([&] { file.write_rows<float>("/r", others, rows_for<float>(others, 1), {}, about); }),
         "other blocks");
  ++blocks.first_row;
  is_bug(error_of([&] { file.write_rows<float>("/r", blocks, rows_for<float>(blocks, 1), {}, about); }),
         "follow each other");
  file.commit();
  is_bug(error_of([&] { file.attribute("/x", "b", "2"); }), "after its commit");
}

TEST(ResultFile, keeps_attributes_longer_than_an_object_header) {
  TemporaryFolder const folder(world());
  std::string const config(200'000, 'c');
  {
    ResultFile file(world(), folder / "run.h5", Existing::refuse);
    file.attribute("/run", "config", config);
    for (int i = 0; i < 40; ++i) file.attribute("/run", "input_" + std::to_string(i), std::string(500, 'i'));
    file.commit();
  }
  ResultReader const reader(world(), folder / "run.h5");
  EXPECT_EQ(reader.text("/run", "config"), config);
  EXPECT_EQ(reader.text("/run", "input_39"), std::string(500, 'i'));
  EXPECT_EQ(check_digests(reader).back().state, DigestState::ok);
}

}  // namespace
}  // namespace tessera
