// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/collectives.hpp"
#include "tessera/core/random.hpp"
#include "tessera/io/table_stream.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <tuple>
#include <vector>

#include "io/small_table.hpp"
#include "io/temporary_folder.hpp"
#include "mpi/main.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

namespace tessera {
namespace {

using test::column;
using test::gzipped;
using test::table;
using test::TemporaryFolder;
using test::world;
using test::zstandard;
using testing::AllOf;
using testing::HasSubstr;

constexpr std::size_t kRows = 1201;

/// Record i, which is bad in some way for one i of eleven.
std::string record(std::size_t i) {
  Draw const draw(17, Purpose::generate);
  auto const below = [&](std::uint64_t bound, std::uint32_t what) { return draw.below(bound, i, what); };
  std::string const id = i % 44 == 5 ? "" : "C" + std::to_string(below(200, 0));
  std::string const x = i % 44 == 16 ? "1e9" : std::to_string(below(100, 1)) + ".5";
  std::string const n = i % 44 == 27 ? "many" : below(4, 2) == 0 ? "" : std::to_string(below(1000, 3));
  std::string const day = "2026-01-" + std::to_string(10 + below(20, 4));
  // a few values at first, and new ones until the end
  std::string const job = below(3, 5) == 0 ? "new " + std::to_string(below(i + 1, 6)) : "a";
  return id + "," + x + "," + n + "," + day + ",\"" + job + "\"" + (i % 44 == 38 ? ",more" : "");
}

std::string csv(std::size_t first, std::size_t last) {
  std::string text = "id,x,n,day,job\n";
  for (std::size_t i = first; i < last; ++i) text += record(i) + (i % 50 == 0 ? "\n\n" : "\n");
  return text;
}

TableSpec parts(TemporaryFolder const& folder) {
  folder.write("1.csv", csv(0, 350));
  folder.write("2.csv.gz", gzipped(csv(350, 610)));
  folder.write("3.csv", csv(610, 610));
  folder.write("4.csv.zst", zstandard(csv(610, 700)));
  folder.write("5.csv", csv(700, kRows));
  auto spec = table({folder / "*"});
  spec.columns.push_back(column("id", ColumnType::category));
  spec.max_reject_fraction = 0.2;
  return spec;
}

/// Rows with categories as text, missing numbers as such.
using Row = std::tuple<Key, std::vector<std::string>>;

void append(std::vector<Row>& rows, Table const& table, auto&& categories) {
  for (std::size_t row = 0; row < table.rows(); ++row) {
    std::vector<std::string> values;
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      auto const& data = table.columns[c].data;
      if (auto const* const number = std::get_if<NumberColumn>(&data)) {
        values.push_back(std::to_string(number->values[row]));
      } else if (auto const* const category = std::get_if<CategoryColumn>(&data)) {
        auto const code = category->codes[row];
        values.push_back(code == kMissingCode ? "missing" : categories(c)[static_cast<std::size_t>(code)]);
      } else {
        auto const& key = std::get<KeyColumn>(data).keys[row];
        values.push_back(key ? std::to_string(key->low) : "missing");
      }
    }
    rows.emplace_back(table.keys[row], std::move(values));
  }
}

struct Streamed {
  std::vector<Row> rows;
  std::vector<std::vector<std::string>> categories;
  std::uint64_t rounds = 0, largest_round = 0;
  TableRead read;
};

Streamed stream(TableSpec const& spec, StreamOptions const& options) {
  TableStream stream(world(), spec, KeyHasher(), Progress::silent(), options);
  Streamed out;
  out.categories.resize(spec.columns.size());
  Table rows;
  while (stream.next(rows)) {
    ++out.rounds;
    out.largest_round = std::max<std::uint64_t>(out.largest_round, rows.rows());
    append(out.rows, rows, [&](std::size_t c) { return stream.categories(c); });
    for (std::size_t c = 0; c < spec.columns.size(); ++c) {
      if (spec.columns[c].type != ColumnType::category) continue;
      auto const& now = stream.categories(c);
      auto const& before = out.categories[c];
      EXPECT_TRUE(before.size() <= now.size() && std::equal(before.begin(), before.end(), now.begin()))
          << "a dictionary only grows";
      EXPECT_EQ(broadcast_texts(world(), now, world().size() - 1), now) << "the same on every rank";
      out.categories[c] = now;
    }
  }
  EXPECT_EQ(rows.rows(), 0U);
  out.read = stream.finish();
  return out;
}

auto as_tuple(Reject const& r) {
  return std::tuple(r.file, r.record, r.column, r.reason);
}

void expect_same_rejects(std::vector<Reject> const& a, std::vector<Reject> const& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_EQ(as_tuple(a[i]), as_tuple(b[i])) << i;
}

TEST(TableStream, gives_the_rows_of_read_table_whatever_a_round_holds) {
  TemporaryFolder const folder(world());
  auto const spec = parts(folder);
  for (CsvPortions const& portions : {CsvPortions{}, CsvPortions{100, 4096, 0}}) {
    auto const whole = read_table(world(), spec, KeyHasher(), Progress::silent(), portions);
    ASSERT_GT(whole.rejected, 80U);
    std::vector<Row> expected;
    append(expected, whole.table,
           [&](std::size_t c) { return std::get<CategoryColumn>(whole.table.columns[c].data).categories; });
    for (std::uint64_t const rows_a_round : {31U, 64U, 65U, 500U, 1U << 18}) {
      auto const streamed = stream(spec, {rows_a_round, 1 << 12, portions});
      ASSERT_EQ(streamed.rows, expected) << rows_a_round;
      EXPECT_LE(streamed.largest_round, rows_a_round);
      EXPECT_EQ(streamed.read.records, kRows);
      EXPECT_EQ(streamed.read.table.rows(), 0U);
      EXPECT_EQ(streamed.read.rejected, whole.rejected);
      expect_same_rejects(streamed.read.rejects, whole.rejects);
      ASSERT_EQ(streamed.read.files.size(), 5U);
      for (std::size_t i = 0; i < 5; ++i) {
        EXPECT_EQ(streamed.read.files[i].records, whole.files[i].records);
        EXPECT_EQ(streamed.read.files[i].digest, whole.files[i].digest);
      }
      for (std::size_t c = 0; c < spec.columns.size(); ++c) {
        auto const* const category = std::get_if<CategoryColumn>(&whole.table.columns[c].data);
        if (category == nullptr) continue;
        auto met = streamed.categories[c];
        std::sort(met.begin(), met.end());
        EXPECT_EQ(met, category->categories);
      }
    }
  }
}

TEST(TableStream, has_as_many_rounds_on_every_rank_with_more_ranks_than_rows) {
  TemporaryFolder const folder(world());
  auto const spec = table({folder.write("a.csv", test::kGood)});
  auto const streamed = stream(spec, {1, 10, {}});
  EXPECT_EQ(all_gather(world(), std::span<std::uint64_t const>(&streamed.rounds, 1)).values,
            std::vector<std::uint64_t>(static_cast<std::size_t>(world().size()), streamed.rounds));
  EXPECT_EQ(all_reduce(world(), std::uint64_t{streamed.rows.size()}, Reduce::sum), 2U);
}

TEST(TableStream, takes_rounds_of_no_rows_as_rounds_of_one) {
  TemporaryFolder const folder(world());
  auto const streamed = stream(table({folder.write("a.csv", test::kGood)}), {0, 10, {}});
  EXPECT_EQ(all_reduce(world(), std::uint64_t{streamed.rows.size()}, Reduce::sum), 2U);
}

TEST(TableStream, lists_the_first_rejects_in_file_order_and_counts_all) {
  TemporaryFolder const folder(world());
  auto const spec = parts(folder);
  auto const whole = read_table(world(), spec, KeyHasher(), Progress::silent());
  auto const all = all_gather(world(), std::span<Reject const>(whole.rejects)).values;
  for (std::uint64_t const listed : {0U, 1U, 30U, 1000U}) {
    auto const streamed = stream(spec, {100, listed, {}});
    EXPECT_EQ(streamed.read.rejected, all.size());
    auto const first = all_gather(world(), std::span<Reject const>(streamed.read.rejects)).values;
    expect_same_rejects(first, {all.begin(), all.begin() + static_cast<std::ptrdiff_t>(
                                                               std::min<std::uint64_t>(listed, all.size()))});
  }
}

TEST(TableStream, lists_rows_that_were_set_aside_later_among_the_others) {
  TemporaryFolder const folder(world());
  auto spec = parts(folder);
  spec.max_reject_fraction = 1;
  for (std::uint64_t const listed : {40U, 2000U}) {
    for (std::uint64_t const rows_a_round : {30U, 5000U}) {
      TableStream stream(world(), spec, KeyHasher(), Progress::silent(), {rows_a_round, listed, {}});
      Table rows;
      while (stream.next(rows)) {
        std::vector<std::uint32_t> aside;
        for (std::uint32_t row = 0; row < rows.rows(); ++row) {
          if (rows.keys[row].low % 2 == 0) aside.push_back(row);
        }
        stream.reject(aside, RejectReason::unknown_customer);
      }
      auto const read = stream.finish();
      auto const rejects = all_gather(world(), std::span<Reject const>(read.rejects)).values;
      ASSERT_EQ(rejects.size(), std::min(listed, read.rejected));
      KeyHasher const hash;
      std::vector<Reject> expected;
      auto const whole = read_table(world(), spec, hash, Progress::silent());
      auto const bad = all_gather(world(), std::span<Reject const>(whole.rejects)).values;
      auto next_bad = bad.begin();
      auto const add = [&](std::uint32_t file, std::size_t first, std::size_t last) {
        std::uint64_t number = 1;
        for (std::size_t i = first; i < last; ++i) {
          ++number;
          if (next_bad != bad.end() && next_bad->file == file && next_bad->record == number) {
            expected.push_back(*next_bad++);
          } else if (std::string const line = record(i); hash(line.substr(0, line.find(','))).low % 2 == 0) {
            expected.push_back({number, file, 4, RejectReason::unknown_customer});
          }
          if (i % 50 == 0) ++number;  // the empty line
        }
      };
      add(0, 0, 350);
      add(1, 350, 610);
      add(3, 610, 700);
      add(4, 700, kRows);
      EXPECT_EQ(read.rejected, expected.size());
      expected.resize(rejects.size());
      expect_same_rejects(rejects, expected);
    }
  }
}

/// What every rank is told while a table is streamed; "" where nothing is wrong.
std::string refusal(TableSpec const& spec, ExitCode code = ExitCode::input) {
  std::string message;
  try {
    (void)stream(spec, {8, 100, {}});
  } catch (Error const& error) {
    message = error.what_is_wrong();
    EXPECT_EQ(error.code(), code) << message;
  }
  EXPECT_EQ(broadcast_text(world(), message, world().size() - 1), message) << "all ranks are told the same";
  return message;
}

TEST(TableStreamRefuses, a_table_without_a_key) {
  TemporaryFolder const folder(world());
  auto spec = table({folder.write("a.csv", test::kGood)});
  spec.key = "";
  EXPECT_EQ(refusal(spec, ExitCode::configuration), "table 't' has no key");
}

TEST(TableStreamRefuses, missing_files_and_columns) {
  TemporaryFolder const folder(world());
  EXPECT_THAT(refusal(table({"/nonexistent/a.csv"})), HasSubstr("there is no file '/nonexistent/a.csv'"));
  auto spec = table({folder.write("a.csv", test::kGood)});
  spec.columns[0].name = "y";
  EXPECT_THAT(refusal(spec), HasSubstr("table 't' has no column 'y'"));
}

TEST(TableStreamRefuses, more_rejects_than_allowed) {
  TemporaryFolder const folder(world());
  auto spec = parts(folder);
  spec.max_reject_fraction = 0.05;
  EXPECT_THAT(refusal(spec), AllOf(HasSubstr("109 of 1201 records of table 't' were rejected"),
                                   HasSubstr("1.csv' record 8 column 'id': missing key")));
}

TEST(TableStreamRefuses, a_table_without_a_record) {
  TemporaryFolder const folder(world());
  EXPECT_THAT(refusal(table({folder.write("a.csv", "id,x,n,day,job\n")})), HasSubstr("has no data record"));
}

TEST(TableStreamRefuses, a_record_that_cannot_be_told_apart) {
  TemporaryFolder const folder(world());
  auto const path = folder.write("a.csv", csv(0, 300) + "C,3,3,2026-01-03,\"c\n");
  EXPECT_THAT(refusal(table({path})), HasSubstr("is never closed"));
}

TEST(TableStreamRefuses, too_many_categories_over_all_rounds) {
  TemporaryFolder const folder(world());
  auto spec = parts(folder);
  spec.max_categories = 250;
  EXPECT_THAT(refusal(spec), HasSubstr("column 'job' of table 't' has more than 250 distinct values"));
}

TEST(TableStream, needs_no_more_memory_for_a_long_table) {
  TemporaryFolder const folder(world());
  constexpr std::size_t kMany = 1'500'000;  // 80 MB as rows
  std::string text = "id,x,n,day,job\n";
  for (std::size_t i = 0; i < kMany / 100; ++i) {
    for (std::size_t j = 0; j < 100; ++j) text += "C" + std::to_string(j) + ",1.5,22,2026-01-01,a\n";
  }
  auto const spec = table({folder.write("a.csv.zst", zstandard(text))});
  text = {};
  auto const peak_kib = [] {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
  };
  TableStream stream(world(), spec, KeyHasher(), Progress::silent(), {4096, 10, {}});
  auto const before = peak_kib();
  Table rows;
  std::uint64_t count = 0;
  while (stream.next(rows)) count += rows.rows();
  EXPECT_EQ(all_reduce(world(), count, Reduce::sum), kMany);
  EXPECT_LT(peak_kib() - before, 24 << 10);
}

}  // namespace
}  // namespace tessera
