// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/collectives.hpp"
#include "tessera/core/error.hpp"
#include "tessera/io/read_table.hpp"

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "io/small_table.hpp"
#include "io/temporary_folder.hpp"
#include "mpi/main.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace tessera {
namespace {

using test::column;
using test::gzipped;
using test::kGood;
using test::refusal;
using test::table;
using test::TemporaryFolder;
using test::world;
using test::zstandard;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(ReadCsvRefuses, a_missing_file) {
  EXPECT_THAT(refusal(table({"/nonexistent/a.csv"})),
              HasSubstr("table 't': there is no file '/nonexistent/a.csv'"));
}

TEST(ReadCsvRefuses, a_glob_that_matches_nothing) {
  TemporaryFolder const folder(world());
  EXPECT_THAT(refusal(table({folder / "*.csv"})), HasSubstr("no file matches '" + (folder / "*.csv")));
}

TEST(ReadCsvRefuses, a_table_without_a_path) {
  EXPECT_THAT(refusal(table({}), ExitCode::configuration), HasSubstr("table 't' has no path"));
}

TEST(ReadCsvRefuses, a_folder) {
  TemporaryFolder const folder(world());
  EXPECT_THAT(refusal(table({folder / ""})), HasSubstr("is a folder"));
}

TEST(ReadCsvRefuses, what_is_no_regular_file) {
  TemporaryFolder const folder(world());
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::string const path = folder / "s";
  std::copy(path.begin(), path.end(), address.sun_path);
  int const socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  int const bound =
      world().rank() == 0 ? ::bind(socket, reinterpret_cast<sockaddr const*>(&address), sizeof address) : 0;
  EXPECT_EQ(bound, 0);
  EXPECT_THAT(refusal(table({path})), AllOf(HasSubstr(path), HasSubstr("not a regular file")));
  ::close(socket);
}

TEST(ReadCsvRefuses, a_path_that_cannot_be_followed) {
  TemporaryFolder const folder(world());
  std::string const path = folder / "loop.csv";
  if (world().rank() == 0) std::filesystem::create_symlink(path, path);
  barrier(world());
  EXPECT_THAT(refusal(table({path})), HasSubstr("the file '" + path + "' cannot be examined"));
}

TEST(ReadCsvRefuses, an_unreadable_file) {
  // root may read what permissions deny to others, but not a write-only file of the kernel
  std::string const path = "/sys/bus/platform/drivers_probe";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "needs " << path;
  EXPECT_THAT(refusal(table({path})),
              HasSubstr("the file '" + path + "' cannot be opened: Permission denied"));
}

TEST(ReadCsvRefuses, an_empty_file_also_among_others) {
  TemporaryFolder const folder(world());
  auto const empty = folder.write("b.csv", "");
  EXPECT_THAT(refusal(table({empty})),
              HasSubstr("the header of '" + empty + "' is missing: the file is empty"));
  folder.write("a.csv", kGood);
  EXPECT_THAT(refusal(table({folder / "*.csv"})), HasSubstr(empty));
  auto spec = table({empty});
  spec.header = {"id", "x", "n", "day", "job"};
  EXPECT_THAT(refusal(spec), HasSubstr("table 't' has no data record in 1 file(s)"));
}

TEST(ReadCsvRefuses, a_header_and_nothing_else) {
  TemporaryFolder const folder(world());
  for (std::string const text : {"id,x,n,day,job", "id,x,n,day,job\r\n\r\n\n"}) {
    EXPECT_THAT(refusal(table({folder.write("a.csv", text)})), HasSubstr("table 't' has no data record"));
  }
}

TEST(ReadCsvRefuses, a_header_that_cannot_name_columns) {
  TemporaryFolder const folder(world());
  auto const header = [&](std::string_view text) { return refusal(table({folder.write("a.csv", text)})); };
  EXPECT_THAT(header("\nid,x,n,day,job\n"), HasSubstr("a.csv' is empty"));
  EXPECT_THAT(header(std::string_view("i\0d\0\n\0", 6)), HasSubstr("holds a NUL byte"));
  EXPECT_THAT(header("id,x,n,day,j\xF6\x62\n"), HasSubstr("is not valid utf-8"));
  EXPECT_THAT(header("id,x,n\"\",day,job\n"), HasSubstr("has a stray quote"));
}

TEST(ReadCsvRefuses, a_name_that_stands_for_two_columns) {
  TemporaryFolder const folder(world());
  auto spec = table({folder.write("a.csv", "id,x,n,x,job\nA,1,1,2,a\n")});
  EXPECT_THAT(refusal(spec),
              HasSubstr("the header of '" + spec.path[0] + "' has the name of column 4 twice"));
  spec.header = {"id", "x", "n", "day", "n"};
  EXPECT_THAT(refusal(spec, ExitCode::configuration),
              HasSubstr("'header' of table 't' has the column 'n' twice"));
}

TEST(ReadCsvRefuses, a_key_or_column_that_is_not_there_and_names_the_nearest) {
  TemporaryFolder const folder(world());
  auto spec = table({folder.write("a.csv", kGood)});
  spec.key = "idd";
  EXPECT_THAT(refusal(spec),
              HasSubstr("table 't' has no key column 'idd'; the nearest of its 5 columns is 'id'"));
  spec = table(spec.path);
  spec.columns[3].name = "jobs";
  EXPECT_THAT(refusal(spec),
              HasSubstr("table 't' has no column 'jobs'; the nearest of its 5 columns is 'job'"));
}

TEST(ReadCsvRefuses, a_first_record_that_may_be_a_customer_and_is_not_shown) {
  TemporaryFolder const folder(world());
  std::string const customer = "MARKER7,1.5,MARKER8,2026-01-01,MARKER9\n";
  auto const expect_silent = [](std::string const& message) {
    EXPECT_FALSE(message.empty());
    EXPECT_THAT(message, Not(HasSubstr("MARKER")));
  };
  auto spec = table({folder.write("a.csv", customer + customer)});
  try {
    (void)read_table(world(), spec, KeyHasher(), Progress::silent());
    ADD_FAILURE() << "was accepted";
  } catch (Error const& error) {
    expect_silent(error.what());
    EXPECT_THAT(error.remedy(), HasSubstr("'header'"));
  }
  expect_silent(refusal(table({folder.write("b.csv", "MARKER7,MARKER7,1\n")})));
  auto keyless = table({folder.write("d.csv", ",MARKER7,MARKER8\n")});  // an empty field is no key
  keyless.key.clear();
  expect_silent(refusal(keyless));
  auto renamed =
      table({folder.write("e.csv", "MARKER6,MARKER7,gold\n")});  // nor is a value that a column is called
  renamed.columns[3].name = "gold";
  renamed.columns[3].source = "job";
  expect_silent(refusal(renamed));
  folder.write("c.csv", kGood);
  expect_silent(refusal(table({folder / "c.csv", folder / "a.csv"})));
}

TEST(ReadCsvRefuses, parts_with_different_headers) {
  TemporaryFolder const folder(world());
  folder.write("a.csv", kGood);
  folder.write("b.csv", kGood);
  auto const swapped = folder.write("c.csv", "id,n,x,day,job\nA,1,1,2026-01-01,a\n");
  EXPECT_THAT(refusal(table({folder / "*.csv"})),
              AllOf(HasSubstr("'" + swapped + "' differs"), HasSubstr("column 2 is not 'x'")));
  folder.write("c.csv.gz", gzipped("id,x,n,day\n"));
  EXPECT_THAT(refusal(table({folder / "[ab].csv", folder / "c.csv.gz"})), HasSubstr("column 5 is missing"));
}

TEST(ReadCsvRefuses, an_unterminated_quote) {
  TemporaryFolder const folder(world());
  auto const path = folder.write("a.csv", kGood + "C,3,3,2026-01-03,\"c\nD,4,4,2026-01-04,d\n");
  EXPECT_THAT(refusal(table({path})),
              HasSubstr("a quote that opens in record 4 of '" + path + "' is never closed"));
}

TEST(ReadCsvRefuses, a_record_above_the_limit_with_bounded_memory) {
  TemporaryFolder const folder(world());
  auto spec = table({folder.write("a.csv", kGood + std::string(5000, 'x') + "\n")});
  spec.max_record_bytes = 4096;
  EXPECT_THAT(refusal(spec), HasSubstr("record 4 of '" + spec.path[0] + "' is longer than 4096 bytes"));

  constexpr std::size_t kLine = 100'000'000;
  if (world().rank() == 0) {
    std::ofstream file(folder / "b.csv", std::ios::binary);
    file << kGood;
    std::string const piece(1 << 20, 'x');
    for (std::size_t written = 0; written < kLine; written += piece.size()) file << piece;
  }
  barrier(world());
  auto const peak_kib = [] {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
  };
  auto const before = peak_kib();
  std::string message;
  spec = table({folder / "b.csv"});
  try {
    (void)read_table(world(), spec, KeyHasher(), Progress::silent(), {1 << 20, kDigestBlockBytes, 0});
  } catch (InputError const& error) {
    message = error.what_is_wrong();
  } catch (Error const& error) {
    message = error.what_is_wrong();
  }
  EXPECT_THAT(message, HasSubstr("record 4 of '" + spec.path[0] + "' is longer than 1048576 bytes"));
  EXPECT_LT(peak_kib() - before, 64 << 10);
}

TEST(ReadCsvRefuses, damaged_compressed_parts) {
  TemporaryFolder const folder(world());
  std::string const gz = gzipped(kGood), zst = zstandard(kGood);
  auto const expect = [&](std::string const& name, std::string const& content) {
    auto const path = folder.write(name, content);
    EXPECT_THAT(refusal(table({path})), AllOf(HasSubstr(path), HasSubstr("is not a sound"))) << name;
  };
  expect("cut.csv.gz", gz.substr(0, gz.size() - 5));
  expect("cut.csv.zst", zst.substr(0, zst.size() - 3));
  expect("plain.csv.gz", kGood);
  expect("plain.csv.zst", kGood);
}

TEST(ReadCsvRefuses, too_many_categories_on_one_rank_and_over_all_ranks) {
  TemporaryFolder const folder(world());
  std::string text = "id,job\n";
  for (int i = 0; i < 40; ++i) text += std::to_string(i) + ",job " + std::to_string(i) + "\n";
  auto spec = table({folder.write("a.csv", text)});
  spec.columns = {column("job", ColumnType::category)};
  spec.max_categories = 40;
  EXPECT_EQ(refusal(spec), "");
  for (std::uint64_t const limit : {39U, 5U}) {
    spec.max_categories = limit;
    EXPECT_EQ(refusal(spec),
              "column 'job' of table 't' has more than " + std::to_string(limit) + " distinct values");
  }
}

TEST(ReadCsvRefuses, delimiters_and_limits_that_cannot_work) {
  TemporaryFolder const folder(world());
  auto spec = table({folder.write("a.csv", kGood)});
  for (char const delimiter : {'"', '\n', '\r', '\0', '\xC3'}) {
    spec.delimiter = delimiter;
    EXPECT_THAT(refusal(spec, ExitCode::configuration), HasSubstr("the delimiter of table 't'"));
  }
  spec = table(spec.path);
  for (std::uint64_t const limit : {std::uint64_t{0}, std::uint64_t{1} << 40}) {
    spec.max_record_bytes = limit;
    EXPECT_THAT(refusal(spec, ExitCode::configuration), HasSubstr("max_record_bytes of table 't'"));
  }
}

TEST(ReadCsvRefuses, to_leave_ranks_alone_when_one_fails) {
  TemporaryFolder const folder(world());
  std::string const fault = "read_table:" + std::to_string(world().size() - 1);
  auto const spec = table({folder.write("a.csv", kGood)});
  ::setenv("TESSERA_FAULT", fault.c_str(), 1);
  EXPECT_NE(refusal(spec, ExitCode::resources), "");
  ::unsetenv("TESSERA_FAULT");
}

}  // namespace
}  // namespace tessera
