// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/result_reader.hpp"
#include "tessera/io/verify_digests.hpp"

#include <filesystem>
#include <limits>

#include "hdf5_files.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tessera {
namespace {

using test::bytes_of;
using test::error_of;
using test::rows_for;
using test::TemporaryFolder;
using test::uneven_blocks;
using test::world;
using testing::HasSubstr;

template <class T>
class ResultRoundTrip : public testing::Test {};
using Types = testing::Types<std::uint8_t, std::uint16_t, std::int32_t, std::uint32_t, std::int64_t,
                             std::uint64_t, float, double>;
TYPED_TEST_SUITE(ResultRoundTrip, Types);

TYPED_TEST(ResultRoundTrip, returns_what_was_written_in_calls_of_any_size) {
  using T = TypeParam;
  TemporaryFolder const folder(world());
  Description const about{"d", "u", "s"};
  // Limits below a row, below a piece of a row, and above everything.
  for (std::size_t const limit : {std::size_t{1}, std::size_t{40}, std::size_t{1000}, std::size_t{1} << 30}) {
    auto const comm = world().with_message_limit(limit);
    auto const path = folder / ("run" + std::to_string(limit) + ".h5");
    auto const blocks = uneven_blocks(comm, 9), even = regular_blocks(2500, comm.rank(), comm.size());
    std::vector<T> cube(2 * 3 * 4);
    for (std::size_t i = 0; i < cube.size(); ++i) cube[i] = static_cast<T>(i * 11);
    cube[0] = std::numeric_limits<T>::max();
    cube[1] = std::numeric_limits<T>::lowest();
    {
      ResultFile file(comm, path, Existing::refuse);
      file.write<T>("/cube", cube, {2, 3, 4}, about);
      file.write<T>("/none", {}, {0, 3}, about);
      file.write<T>("/one", std::span<T const>(cube).first(1), {}, about);
      file.write_rows<T>("/uneven", blocks, rows_for<T>(blocks, 6), {2, 3}, about);
      file.write_rows<T>("/even", even, rows_for<T>(even, 1), {}, about);
      file.write_rows<T>("/no_rows", regular_blocks(0, comm.rank(), comm.size()), {}, {5}, about);
      file.write_rows<T>("/no_columns", blocks, {}, {0}, about);
      file.commit();
    }
    ResultReader const reader(comm, path);
    EXPECT_EQ(reader.read<T>("/cube"), cube);
    EXPECT_EQ(reader.read<T>("/none"), std::vector<T>());
    EXPECT_EQ(reader.read<T>("/one"), std::vector<T>{cube[0]});
    EXPECT_EQ(reader.read_rows<T>("/uneven", blocks), rows_for<T>(blocks, 6));
    EXPECT_EQ(reader.read_rows<T>("/even", even), rows_for<T>(even, 1));
    EXPECT_EQ(reader.read_rows<T>("/no_rows", regular_blocks(0, comm.rank(), comm.size())), std::vector<T>());
    EXPECT_EQ(reader.read_rows<T>("/no_columns", blocks), std::vector<T>());
    EXPECT_EQ(reader.row_blocks("/uneven").offset, blocks.offset);
    EXPECT_EQ(reader.row_blocks("/uneven").first_row, blocks.first_row);
    EXPECT_EQ(reader.row_blocks("/uneven").total_blocks, 9U);
    EXPECT_EQ(reader.row_blocks("/even").offset, even.offset);
    EXPECT_EQ(reader.dataset("/cube").shape, (std::vector<std::uint64_t>{2, 3, 4}));
    for (auto const& check : check_digests(reader)) EXPECT_EQ(check.state, DigestState::ok) << check.dataset;
  }
}

void write_small(std::string const& path) {
  ResultFile file(world(), path, Existing::refuse);
  auto const blocks = uneven_blocks(world(), 30);
  file.attribute("/run", "name", "2026Q3 größer");
  file.attribute("/run", "seed", std::int64_t{std::numeric_limits<std::int64_t>::min()});
  file.attribute("/run", "support", 0.1);
  file.write_rows<std::int32_t>("/customers/segment", blocks, rows_for<std::int32_t>(blocks, 1), {},
                                {"Segment", "1", "customers"});
  std::vector<std::string> const names{"a", "größe", "", "c c"};
  file.write("/features/name", names, {"Names", "1", "features"});
  file.write("/features/none", {}, {"No names", "1", "features"});
  std::vector<ResultFile::Timing> const timings{{"read", 1.5}, {"cluster", 0.25}};
  file.write_timings("/run/timings", timings);
  file.link("/model/selected", "/model/4");
  file.commit();
}

TEST(ResultReader, lists_and_returns_everything) {
  TemporaryFolder const folder(world());
  write_small(folder / "run.h5");
  ResultReader const reader(world(), folder / "run.h5");
  EXPECT_EQ(reader.text("/run", "name"), "2026Q3 größer");
  EXPECT_EQ(reader.integer("/run", "seed"), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(reader.real("/run", "support"), 0.1);
  EXPECT_EQ(reader.text("/customers/segment", "description"), "Segment");
  EXPECT_EQ(reader.text("/customers/segment", "shape_of"), "customers");
  EXPECT_EQ(reader.read_strings("/features/name"), (std::vector<std::string>{"a", "größe", "", "c c"}));
  EXPECT_EQ(reader.read_strings("/features/none"), std::vector<std::string>());
  auto const timings = reader.read_timings("/run/timings");
  ASSERT_EQ(timings.size(), 2U);
  EXPECT_EQ(timings[1].stage, "cluster");
  EXPECT_EQ(timings[1].seconds, 0.25);
  EXPECT_EQ(reader.link_target("/model/selected"), "/model/4");
  EXPECT_EQ(reader.link_target("/run"), std::nullopt);
  EXPECT_TRUE(reader.has("/run"));
  EXPECT_TRUE(reader.has("/model/selected"));
  EXPECT_FALSE(reader.has("/nothing"));
  std::vector<std::string> paths;
  for (auto const& info : reader.datasets()) paths.push_back(info.path + " " + info.type);
  EXPECT_THAT(paths, testing::ElementsAre("/blocks/offset uint64", "/customers/segment int32",
                                          "/digest/blake2b string[64]", "/digest/dataset string[18]",
                                          "/features/name string[7]", "/features/none string[1]",
                                          "/run/timings record"));
}

TEST(ResultReader, refuses_wrong_questions) {
  TemporaryFolder const folder(world());
  write_small(folder / "run.h5");
  ResultReader const reader(world(), folder / "run.h5");
  auto const is_input_error = [](Error const& error, std::string const& words) {
    EXPECT_EQ(error.code(), ExitCode::input);
    EXPECT_THAT(error.what(), HasSubstr(words));
  };
  is_input_error(error_of([&] { (void)reader.read<float>("/nothing"); }), "/nothing");
  is_input_error(error_of([&] { (void)reader.read<float>("/customers/segment"); }), "float32");
  is_input_error(error_of([&] { (void)reader.read_strings("/customers/segment"); }), "string");
  is_input_error(error_of([&] { (void)reader.read_timings("/customers/segment"); }), "records");
  is_input_error(error_of([&] { (void)reader.read<float>("/customers"); }), "/customers");
  is_input_error(error_of([&] { (void)reader.text("/run", "seed"); }), "another type");
  is_input_error(error_of([&] { (void)reader.text("/run", "nothing"); }), "no attribute");
  is_input_error(error_of([&] { (void)reader.dataset("/run"); }), "no dataset");
  auto const others = uneven_blocks(world(), 31);
  is_input_error(error_of([&] { (void)reader.read_rows<std::int32_t>("/customers/segment", others); }),
                 "rows");
}

TEST(ResultReader, refuses_files_that_are_not_whole_results) {
  TemporaryFolder const folder(world());
  write_small(folder / "run.h5");
  auto const bytes = bytes_of(folder / "run.h5");
  auto const refused = [&](std::string const& path, std::string const& words) {
    auto const error = error_of([&] { ResultReader(world(), path); });
    EXPECT_EQ(error.code(), ExitCode::input) << path;
    EXPECT_THAT(error.what(), HasSubstr(words));
    EXPECT_THAT(error.what(), HasSubstr(path));
  };
  refused(folder / "missing.h5", "No such file");
  refused(folder.path(), "not a plain file");
  auto const write = [&](std::string const& name, std::string const& content) {
    barrier(world());
    if (world().rank() == 0) std::ofstream(folder / name, std::ios::binary) << content;
    barrier(world());
    return folder / name;
  };
  refused(write("empty.h5", ""), "not an HDF5 file");
  refused(write("text.h5", "customer;amount\n1;2\n"), "not an HDF5 file");
  for (std::size_t const keep : {std::size_t{20}, std::size_t{200}, bytes.size() / 2, bytes.size() - 1}) {
    refused(write("cut.h5", bytes.substr(0, keep)), "");
  }
}

/// Whatever byte changes, the file is refused or a check fails: nothing is silently wrong.
TEST(ResultReader, notices_every_damaged_byte_that_matters) {
  TemporaryFolder const folder(world());
  write_small(folder / "run.h5");
  auto const bytes = bytes_of(folder / "run.h5");
  std::uint64_t noticed = 0;
  for (std::size_t at = 3; at < bytes.size(); at += 97) {
    auto damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x40);
    if (world().rank() == 0) std::ofstream(folder / "damaged.h5", std::ios::binary) << damaged;
    barrier(world());
    bool found = false;
    try {
      ResultReader const reader(world(), folder / "damaged.h5");
      for (auto const& check : check_digests(reader)) found = found || check.state != DigestState::ok;
      if (!found) {  // then everything is still what it was
        EXPECT_EQ(reader.read_strings("/features/name"), (std::vector<std::string>{"a", "größe", "", "c c"}));
        EXPECT_EQ(reader.real("/run", "support"), 0.1);
      }
    } catch (Error const& error) {
      EXPECT_EQ(error.code(), ExitCode::input) << at << " " << error.what();
      found = true;
    }
    noticed += found ? 1 : 0;
    barrier(world());
  }
  EXPECT_GT(noticed, 20U);
}

TEST(CheckDigests, names_the_dataset_of_a_flipped_byte) {
  TemporaryFolder const folder(world());
  auto const path = folder / "run.h5";
  auto const blocks = uneven_blocks(world(), 30);
  {
    ResultFile file(world(), path, Existing::refuse);
    file.write_rows<double>("/a", blocks, rows_for<double>(blocks, 2), {2}, {"a", "1", "customers x 2"});
    std::vector<std::uint32_t> const pattern{0xdeadbeef, 0xcafebabe, 0xfeedface};
    file.write<std::uint32_t>("/b", pattern, {3}, {"b", "1", "3"});
    file.commit();
  }
  if (world().rank() == 0) {
    auto const at = bytes_of(path).find(std::string("\xef\xbe\xad\xde\xbe\xba\xfe\xca", 8));
    ASSERT_NE(at, std::string::npos);
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(static_cast<std::streamoff>(at) + 5);
    file.put('\x01');
  }
  barrier(world());
  ResultReader const reader(world(), path);
  std::vector<std::string> states;
  for (auto const& check : check_digests(reader)) {
    states.push_back(check.dataset + ": " + std::string(to_string(check.state)));
    EXPECT_EQ(check.dataset != "/b", check.stored == check.computed);
  }
  EXPECT_THAT(states, testing::ElementsAre("/a: ok", "/b: differs", "/blocks/offset: ok",
                                           "attributes and links: ok"));
}

TEST(CheckDigests, go_on_where_the_offsets_of_blocks_are_damaged) {
  TemporaryFolder const folder(world());
  auto const path = folder / "run.h5";
  write_small(path);
  if (world().rank() == 0) {
    // Blocks 0 to 3 begin at rows 0, 0, 5 and 15.
    std::string offsets(32, '\0');
    offsets[16] = 5;
    offsets[24] = 15;
    auto const at = bytes_of(path).find(offsets);
    ASSERT_NE(at, std::string::npos);
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(static_cast<std::streamoff>(at) + 20);
    file.put('\x01');
  }
  barrier(world());
  ResultReader const reader(world(), path);
  std::vector<std::string> states;
  for (auto const& check : check_digests(reader)) {
    if (check.state != DigestState::ok)
      states.push_back(check.dataset + ": " + std::string(to_string(check.state)));
  }
  EXPECT_THAT(states, testing::ElementsAre("/blocks/offset: differs", "/customers/segment: cannot be read"));
}

/// Computed by tests/crosscheck/golden_digests.py.
TEST(CheckDigests, are_those_that_python_computes) {
  TemporaryFolder const folder(world());
  auto const path = folder / "run.h5";
  auto const blocks = uneven_blocks(world(), 30);
  {
    ResultFile file(world(), path, Existing::refuse);
    file.write_rows<std::int32_t>("/uneven", blocks, rows_for<std::int32_t>(blocks, 2), {2},
                                  {"a", "1", "n x 2"});
    auto const even = regular_blocks(5000, world().rank(), world().size());
    file.write_rows<std::uint16_t>("/even", even, rows_for<std::uint16_t>(even, 1), {}, {"b", "1", "n"});
    std::vector<std::uint64_t> many(300'000);
    for (std::size_t i = 0; i < many.size(); ++i) many[i] = i * i;
    file.write<std::uint64_t>("/many", many, {300'000}, {"c", "1", "n"});
    file.attribute("/run", "support", 0.1);
    file.link("/chosen", "/many");
    file.commit();
  }
  ResultReader const reader(world(), path);
  std::vector<std::string> found;
  for (auto const& check : check_digests(reader)) found.push_back(check.dataset + " " + check.computed);
  EXPECT_THAT(found,
              testing::ElementsAre(
                  "/blocks/offset 63b3c0a5a2dc4ce76cd2f57954eb74b168421807d9c20221edeb6c7c578fc63b",
                  "/even 1ae1ac38a9d0419c80c3b9749179ba1e2eaa7e1f0ffa916b082a636b76799c79",
                  "/many 564555b750bd759d2547a19ca2a5541ebf3953100fb2e2bccfb4dda1e8b990e3",
                  "/uneven 82817d65f38ce3488f60864aedfa0f232aba530e6b6b45921bcc13dbf7c1160d",
                  "attributes and links 71602c2bd96739cb4d3b09f55f0692de035171104e8e38109344a72c36c913d9"));
}

TEST(CheckDigests, find_what_was_added) {
  TemporaryFolder const folder(world());
  write_small(folder / "run.h5");
  int status = 0;
  if (world().rank() == 0) {
    status = std::system(("/usr/bin/python3 -c 'import h5py; f = h5py.File(\"" + folder / "run.h5" +
                          "\", \"r+\"); f[\"/extra\"] = [1, 2]; del f[\"/features/none\"]; "
                          "f[\"/run\"].attrs[\"seed\"] = 1' 2> /dev/null")
                             .c_str());
  }
  broadcast(world(), std::span(&status, 1), 0);
  if (status != 0) GTEST_SKIP() << "no h5py";
  ResultReader const reader(world(), folder / "run.h5");
  std::vector<std::string> states;
  for (auto const& check : check_digests(reader)) {
    if (check.state != DigestState::ok)
      states.push_back(check.dataset + ": " + std::string(to_string(check.state)));
  }
  EXPECT_THAT(states, testing::ElementsAre("/extra: not listed", "/features/none: missing",
                                           "attributes and links: differs"));
}

}  // namespace
}  // namespace tessera
