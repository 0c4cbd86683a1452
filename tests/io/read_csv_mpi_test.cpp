// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/collectives.hpp"
#include "tessera/io/read_table.hpp"

#include <bit>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "io/small_table.hpp"
#include "io/temporary_folder.hpp"
#include "mpi/main.hpp"
#include <gtest/gtest.h>

namespace tessera {
namespace {

using test::column;
using test::gzipped;
using test::TemporaryFolder;
using test::world;
using test::zstandard;

constexpr std::size_t kRows = 997;

struct Row {
  std::string id, age, balance, job, since, seen, partner;
};

/// Row i of the table, and what its fields stand for.
Row row(std::size_t i) {
  static constexpr std::string_view kJobs[] = {
      "management", "\"blue, collar\"", "caf\xC3\xA9", "unknown", "\"two\nlines\"", "\"say \"\"hi\"\"\"", ""};
  Row r;
  r.id = "C" + std::to_string(i);
  r.age = i % 7 == 0 ? "NA" : std::to_string(18 + i % 60);
  r.balance = std::to_string(static_cast<int>(i * i % 5000) - 2500) + ".25";
  r.job = kJobs[i % std::size(kJobs)];
  r.since = "2020-01-" + std::string(i % 28 < 9 ? "0" : "") + std::to_string(1 + i % 28);
  r.seen = "2026-09-30 10:" + std::to_string(10 + i % 50);
  r.partner = i % 3 == 0 ? "" : "C" + std::to_string(i / 2);
  return r;
}

std::string const kHeader = "id,age,balance,job,note,since,seen,partner";

/// Rows [first, last) as a file.
std::string csv(std::size_t first, std::size_t last, std::string const& line_end) {
  std::string text = kHeader + line_end;
  for (std::size_t i = first; i < last; ++i) {
    Row const r = row(i);
    for (auto const& field : {r.id, r.age, r.balance, r.job, std::string("not read"), r.since, r.seen}) {
      text += field;
      text += ',';
    }
    text += r.partner;
    if (i + 1 < last || i % 2 == 0) text += line_end;
  }
  return text;
}

TableSpec customers(std::vector<std::string> path) {
  TableSpec spec;
  spec.name = "customers";
  spec.path = std::move(path);
  spec.key = "id";
  spec.columns = {{"balance", ColumnType::real, -2500.25, 2500.25, {""}},
                  {"age", ColumnType::integer, 16.0, 120.0, {"", "NA"}},
                  {"job", ColumnType::category, {}, {}, {"", "unknown"}},
                  column("since", ColumnType::date),
                  column("seen", ColumnType::datetime),
                  column("partner", ColumnType::id),
                  column("id", ColumnType::category)};
  return spec;
}

template <class T>
std::vector<T> gathered(std::vector<T> const& values) {
  return all_gather(world(), std::span<T const>(values)).values;
}

std::vector<double> const& numbers(Table const& table, std::string_view name) {
  return std::get<NumberColumn>(table.column(name).data).values;
}

TableRead read(TableSpec const& spec, CsvPortions const& portions = {}) {
  return read_table(world(), spec, KeyHasher(), Progress::silent(), portions);
}

/// Checks the rows of all ranks together against row(0), row(1), ...
void expect_customers(TableRead const& read) {
  Table const& table = read.table;
  auto const keys = gathered(table.keys);
  auto const age = gathered(numbers(table, "age"));
  auto const balance = gathered(numbers(table, "balance"));
  auto const since = gathered(numbers(table, "since"));
  auto const seen = gathered(numbers(table, "seen"));
  auto const& jobs = std::get<CategoryColumn>(table.column("job").data);
  auto const job = gathered(jobs.codes);
  std::vector<Key> partner;
  for (auto const& key : std::get<KeyColumn>(table.column("partner").data).keys) {
    partner.push_back(key.value_or(Key{}));
  }
  partner = gathered(partner);
  ASSERT_EQ(jobs.categories, (std::vector<std::string>{"blue, collar", "caf\xC3\xA9", "management",
                                                       "say \"hi\"", "two\nlines"}));
  constexpr std::int32_t kCodes[] = {2, 0, 1, kMissingCode, 4, 3, kMissingCode};
  KeyHasher const hash;
  ASSERT_EQ(keys.size(), kRows);
  EXPECT_EQ(read.records, kRows);
  for (std::size_t i = 0; i < kRows; ++i) {
    Row const r = row(i);
    ASSERT_EQ(keys[i], hash(r.id)) << i;
    if (i % 7 == 0) {
      ASSERT_TRUE(std::isnan(age[i])) << i;
    } else {
      ASSERT_EQ(age[i], static_cast<double>(18 + i % 60)) << i;
    }
    ASSERT_EQ(balance[i], std::stod(r.balance)) << i;
    ASSERT_EQ(since[i], static_cast<double>(18262 + i % 28)) << i;
    ASSERT_EQ(seen[i], 20726.0 * 86400 + 36000 + 60.0 * static_cast<double>(10 + i % 50)) << i;
    ASSERT_EQ(job[i], kCodes[i % 7]) << i;
    ASSERT_EQ(partner[i], r.partner.empty() ? Key{} : hash(r.partner)) << i;
  }
}

TEST(ReadCsv, gives_the_same_rows_on_any_number_of_ranks_from_parts_of_every_kind) {
  TemporaryFolder const folder(world());
  folder.write("part-1.csv", csv(0, 300, "\n"));
  folder.write("part-2.csv.gz", gzipped(csv(300, 420, "\r\n")));
  folder.write("part-3.csv", "\xEF\xBB\xBF" + csv(420, 700, "\r\n"));
  folder.write("part-4.csv.zst", zstandard(csv(700, 900, "\n")));
  folder.write("part-5.csv", csv(900, 900, "\n"));
  folder.write("part-6.csv", csv(900, kRows, "\n"));
  auto const spec = customers({folder / "part-[5-6].csv", folder / "*", folder / "part-1.csv"});
  for (CsvPortions const& portions : {CsvPortions{}, CsvPortions{100, 4096, 0}}) {
    auto const all = read(spec, portions);
    expect_customers(all);
    EXPECT_EQ(all.rejected, 0U);
    std::vector<std::uint64_t> records;
    for (auto const& file : all.files) records.push_back(file.records);
    EXPECT_EQ(records, (std::vector<std::uint64_t>{300, 120, 280, 200, 0, 97}));
    EXPECT_EQ(all.files[2].path, folder / "part-3.csv");
    EXPECT_EQ(all.files[2].bytes, csv(420, 700, "\r\n").size() + 3);
  }
}

TEST(ReadCsv, spreads_one_file_over_all_ranks) {
  TemporaryFolder const folder(world());
  auto const all = read(customers({folder.write("one.csv", csv(0, kRows, "\n"))}));
  expect_customers(all);
  auto const rows = all_gather(world(), static_cast<std::uint64_t>(all.table.rows()));
  for (auto const count : rows)
    EXPECT_NEAR(static_cast<double>(count), kRows / static_cast<double>(rows.size()), 60);
}

TEST(ReadCsv, reads_many_small_files_on_few_ranks) {
  TemporaryFolder const folder(world());
  for (std::size_t i = 0; i < kRows; i += 20) {
    std::string name = std::to_string(1000 + i);
    folder.write(name.append(".csv"), csv(i, std::min(i + 20, kRows), "\n"));
  }
  expect_customers(read(customers({folder / "*.csv"})));
}

TEST(ReadCsv, takes_names_from_the_configuration_any_delimiter_and_ordinary_quotes) {
  TemporaryFolder const folder(world());
  for (char const delimiter : {';', '\t', '|', 'x'}) {
    std::string text = "5\" pipe?1\n6\" \"pipe\"?2\n";
    for (auto& c : text) c = c == '?' ? delimiter : c;
    auto spec = customers({folder.write("a.csv", text)});
    spec.delimiter = delimiter;
    spec.quoted = false;
    spec.header = {"what", "count"};
    spec.key = "";
    spec.columns = {column("count", ColumnType::integer), column("what", ColumnType::category)};
    auto const all = read(spec);
    EXPECT_EQ(gathered(numbers(all.table, "count")), (std::vector<double>{1, 2}));
    auto const& what = std::get<CategoryColumn>(all.table.column("what").data);
    EXPECT_EQ(what.categories, (std::vector<std::string>{"5\" pipe", "6\" \"pipe\""}));
    EXPECT_EQ(gathered(what.codes), (std::vector<std::int32_t>{0, 1}));
  }
}

TEST(ReadCsv, without_a_key_column_hashes_the_ordinal_of_the_data_record) {
  TemporaryFolder const folder(world());
  folder.write("1.csv", "x\n10\n\nbad\n11\n");
  folder.write("2.csv.gz", gzipped("x\n12\n"));
  folder.write("3.csv", "x\n13\n14");
  TableSpec spec;
  spec.name = "t";
  spec.path = {folder / "*"};
  spec.columns = {column("x", ColumnType::integer)};
  spec.max_reject_fraction = 0.2;
  auto const all = read(spec);
  KeyHasher const hash;
  EXPECT_EQ(gathered(all.table.keys),
            (std::vector<Key>{hash("0"), hash("2"), hash("3"), hash("4"), hash("5")}));
  EXPECT_EQ(gathered(numbers(all.table, "x")), (std::vector<double>{10, 11, 12, 13, 14}));
}

TEST(ReadCsv, works_with_more_ranks_than_rows_and_no_row_on_some) {
  TemporaryFolder const folder(world());
  TableSpec spec;
  spec.name = "t";
  spec.path = {folder.write("a.csv", "k,x\nA,1\n")};
  spec.key = "k";
  spec.columns = {column("x", ColumnType::real), column("k", ColumnType::category)};
  auto const all = read(spec);
  EXPECT_EQ(gathered(all.table.keys), std::vector<Key>{KeyHasher()("A")});
  EXPECT_EQ(std::get<CategoryColumn>(all.table.column("k").data).categories, std::vector<std::string>{"A"});
  EXPECT_EQ(std::get<NumberColumn>(all.table.column("x").data).values.size(), all.table.rows());
}

TEST(ReadCsv, digests_the_bytes_on_disk_whatever_the_number_of_ranks) {
  TemporaryFolder const folder(world());
  constexpr std::size_t kBlock = 512;
  for (bool const compressed : {false, true}) {
    std::string const content = compressed ? gzipped(csv(0, kRows, "\n")) : csv(0, kRows, "\n");
    BlockDigest expected;
    for (std::size_t at = 0; at < content.size(); at += kBlock) {
      expected.add(at / kBlock,
                   std::as_bytes(std::span(content).subspan(at, std::min(kBlock, content.size() - at))));
    }
    auto const path = folder.write(compressed ? "a.csv.gz" : "a.csv", content);
    EXPECT_EQ(read(customers({path}), {1 << 20, kBlock, 0}).files[0].digest, expected.value());
  }
}

TEST(ReadCsv, reports_progress_up_to_the_whole) {
  struct Recorder : Progress {
    void update(double done, double total, std::string_view detail) override {
      EXPECT_LE(done, total);
      details.insert(std::string(detail));
    }
    std::set<std::string> details;
  } recorder;
  TemporaryFolder const folder(world());
  auto const spec = customers({folder.write("one.csv", csv(0, kRows, "\n"))});
  (void)read_table(world(), spec, KeyHasher(), recorder, {256, 1024, 0});
  std::set<std::string> expected{"parsing table 'customers'"};
  if (world().size() > 1) expected.insert("scanning table 'customers'");  // a file of several ranks
  EXPECT_EQ(recorder.details, expected);
}

}  // namespace
}  // namespace tessera
