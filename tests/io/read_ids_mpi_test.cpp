// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/text.hpp"
#include "tessera/io/read_ids.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "small_table.hpp"
#include "temporary_folder.hpp"
#include "typed_files.hpp"
#include <gmock/gmock.h>

namespace tessera {
namespace {

using test::table;
using test::TemporaryFolder;
using test::world;

/// *Collective.* All ids in file order.
std::vector<std::string> ids_of(TableSpec const& spec, std::size_t at_a_time = 7) {
  std::vector<std::string> mine;
  read_ids(world(), spec, at_a_time, [&](IdBatch const& batch) {
    EXPECT_LE(batch.length.size(), at_a_time);
    for (auto const id : batch.ids()) mine.emplace_back(id);
  });
  return all_gather_texts(world(), mine);
}

std::string id(std::size_t row) {
  return row % 5 == 0 ? "quoted; \"" + std::to_string(row) + "\"" : "C" + std::to_string(row);
}

std::string field(std::string const& text) {
  if (text.find('"') == std::string::npos) return text;
  std::string out = "\"";
  for (char const c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + '"';
}

TEST(ReadIds, are_those_of_all_whole_records_in_file_order_on_any_number_of_ranks) {
  TemporaryFolder const folder(world());
  std::string const header = "x,id,n,day,job\n";
  std::string first = header, second = header;
  std::vector<std::string> expected;
  for (std::size_t row = 0; row < 500; ++row) {
    expected.push_back(id(row));
    (row < 300 ? first : second) += "1," + field(id(row)) + ",2,2026-01-01,a\n";
    if (row % 50 == 0) (row < 300 ? first : second) += "1,too few\n\n1,a\"b\"c,2,2026-01-01,a\n";
  }
  auto const plain = table({folder.write("a.csv", first), folder.write("b.csv.gz", test::gzipped(second))});
  EXPECT_EQ(ids_of(plain), expected);
  EXPECT_EQ(ids_of(plain, 100'000), expected);
  auto named = table({folder.write("c.csv", first.substr(header.size()))});
  named.header = {"x", "id", "n", "day", "job"};
  expected.resize(300);
  EXPECT_EQ(ids_of(named), expected);
}

TEST(ReadIds, are_utf8_whatever_the_encoding_of_the_table) {
  TemporaryFolder const folder(world());
  auto spec = table({folder.write("a.csv", "id,x,n,day,job\nZ\xFCrich,1,2,,a\n\"\xC5 \"\"B\",1,2,,a\n")});
  spec.encoding = Encoding::latin1;
  EXPECT_EQ(ids_of(spec), (std::vector<std::string>{"Zürich", "Å \"B"}));
  spec.path = {folder.write("b.csv", "id,x,n,day,job\n\xB1\xB1 1,1,2,,a\n\xB1,1,2,,a\nC,1,2,,a\n")};
  spec.encoding = Encoding::gbk;
  EXPECT_EQ(ids_of(spec), (std::vector<std::string>{"北 1", "C"}));
}

TEST(ReadIds, leave_out_records_that_have_none) {
  TemporaryFolder const folder(world());
  auto spec = table({folder.write("a.csv", "id,x,n,day,job\nA,1,2,,a\n,1,2,,a\nnone,1,2,,a\nB,1,2,,a\n")});
  EXPECT_EQ(ids_of(spec), (std::vector<std::string>{"A", "none", "B"}));
  spec.columns.push_back(test::column("id", ColumnType::category));
  spec.columns.back().missing = {"", "none"};
  spec.max_categories = 1;
  EXPECT_EQ(ids_of(spec), (std::vector<std::string>{"A", "B"}));
}

TEST(ReadIds, are_those_of_hdf5_too_as_the_run_hashed_them) {
  TemporaryFolder const folder(world());
  if (!test::make_files(folder, R"(
import h5py
with h5py.File('t.h5', 'w') as f:
    f['n/id'] = np.arange(500) * 3
    f['s/id'] = np.array(['Ü%d' % k for k in range(500)], dtype=object)
    f['n/x'] = f['s/x'] = np.zeros(500)
)")) {
    GTEST_SKIP() << "no h5py";
  }
  auto spec = table({folder / "t.h5"});
  spec.format = TableFormat::hdf5;
  spec.columns.resize(1);
  for (std::string const dataset : {"n", "s"}) {
    spec.dataset = "/" + dataset;
    std::vector<std::string> expected;
    for (int k = 0; k < 500; ++k)
      expected.push_back(dataset == "n" ? std::to_string(3 * k) : "Ü" + std::to_string(k));
    auto const ids = ids_of(spec);
    EXPECT_EQ(ids, expected);
    std::vector<Key> keys;
    for (auto const& text : ids) keys.push_back(KeyHasher()(text));
    auto const table = test::read(spec).table;
    EXPECT_EQ(all_gather(world(), std::span<Key const>(table.keys)).values, keys);
  }
}

TEST(ReadIds, need_a_key_column_that_is_there) {
  TemporaryFolder const folder(world());
  auto spec = table({folder.write("a.csv", test::kGood)});
  EXPECT_EQ(ids_of(spec), (std::vector<std::string>{"A", "B"}));
  auto const code_for = [&](std::string const& key) {
    spec.key = key;
    try {
      static_cast<void>(ids_of(spec));
    } catch (Error const& error) {
      return error.code();
    }
    return ExitCode::ok;
  };
  EXPECT_EQ(code_for("idd"), ExitCode::input);
  EXPECT_EQ(code_for(""), ExitCode::configuration);
}

}  // namespace
}  // namespace tessera
