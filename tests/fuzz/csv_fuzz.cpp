// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/error.hpp"
#include "tessera/io/byte_source.hpp"
#include "tessera/io/csv_records.hpp"
#include "tessera/io/csv_rows.hpp"
#include "tessera/io/csv_share.hpp"
#include "tessera/kernel/csv_scan.hpp"

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "fuzz.hpp"

/// CSV: the first bytes choose the dialect, where the file is cut and in what portions it is read. Cut into
/// two stretches it must give the records that it gives whole, those of a plain oracle; and every record must
/// become a row or a reject.
namespace tessera::fuzz {
namespace {

class Memory : public ByteSource {
 public:
  explicit Memory(std::string_view bytes) : bytes_(bytes) {}
  std::size_t read(std::span<char> into) override {
    std::size_t const count = std::min(into.size(), bytes_.size());
    std::copy_n(bytes_.begin(), count, into.begin());
    bytes_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view bytes_;
};

struct Found {
  std::vector<std::pair<std::uint64_t, std::string>> records;
  bool refused = false;
};

/// The records that begin between `start` and `end`.
Found read(std::string_view text, CsvDialect const& dialect, CsvStart const& start, std::uint64_t end,
           std::size_t window) {
  Found found;
  try {
    CsvRecords records(std::make_unique<Memory>(text.substr(start.offset)), "fuzz.csv", dialect, start, end,
                       window);
    for (auto some = records.next_together(); !some.empty(); some = records.next_together()) {
      for (auto const& record : some) found.records.emplace_back(record.number, record.text());
    }
  } catch (InputError const&) {
    found.refused = true;
  }
  return found;
}

/// Byte by byte, as csv_records.hpp defines a record.
Found plain(std::string_view text, CsvDialect const& dialect) {
  Found found;
  std::string record;
  std::uint64_t number = 1;
  bool quoted = false, any = false;
  auto const end_record = [&](bool terminated) {
    if (terminated && record.ends_with('\r')) record.pop_back();
    found.refused = found.refused || record.size() > dialect.max_record_bytes;
    if (number == 1 && record.starts_with("\xEF\xBB\xBF")) record.erase(0, 3);
    if (!record.empty() && !found.refused) found.records.emplace_back(number, record);
    ++number;
    record.clear();
    any = false;
  };
  for (char const c : text) {
    if (c == '"' && dialect.quotes == kernel::Quotes::enclose) quoted = !quoted;
    if (c == '\n' && !quoted) {
      end_record(true);
    } else {
      record += c;
      any = true;
    }
  }
  found.refused = found.refused || quoted;
  if (any && !quoted) end_record(false);
  return found;
}

TableSpec table_spec(Input& input) {
  constexpr char kDelimiters[] = {',', ';', '\t', ':'};
  constexpr Encoding kEncodings[] = {Encoding::utf8, Encoding::gb18030, Encoding::gbk, Encoding::latin1};
  TableSpec spec;
  spec.name = "fuzz";
  auto const choice = input.byte();
  spec.delimiter = kDelimiters[choice & 3];
  spec.encoding = kEncodings[choice >> 2 & 3];
  spec.quoted = (choice >> 4 & 1) == 0;
  if ((choice >> 5 & 1) != 0 && spec.delimiter != ',') {
    spec.decimal = ',';
    spec.thousands = ".";
  }
  if ((choice >> 6 & 1) != 0) spec.max_record_bytes = 64;
  auto const add = [&](char const* name, ColumnType type, char const* format = "") {
    spec.header.emplace_back(name);
    auto& column = spec.columns.emplace_back();
    column.name = name;
    column.type = type;
    column.date_format = format;
    if (type == ColumnType::real) column.missing = {"-1", "NA"};
  };
  add("id", ColumnType::id);
  add("x", ColumnType::real);
  add("n", ColumnType::integer);
  add("c", ColumnType::category);
  add("d", ColumnType::date, (choice >> 7) != 0 ? "%y%m%d" : "");
  add("b", ColumnType::date, "birth_number");
  add("t", ColumnType::datetime, (choice >> 7) != 0 ? "%d.%b %Y %H:%M" : "");
  spec.key = "id";
  spec.columns[2].min = -5;
  auto& sex = spec.columns.emplace_back(spec.columns[5]);
  sex.name = "sex";
  sex.source = "b";
  sex.type = ColumnType::category;
  sex.part = FieldPart::sex;
  return spec;
}

void check_rows(std::string_view text, TableSpec const& spec, CsvDialect const& dialect, std::size_t window) {
  constexpr std::uint64_t kAll = ~std::uint64_t{0};
  CsvRows rows(spec, csv_layout(spec, spec.header), KeyHasher(), kAll);
  rows.keep_places();
  CsvRecords records(std::make_unique<Memory>(text), "fuzz.csv", dialect, {}, text.size(), window);
  std::uint64_t count = 0;
  for (auto some = records.next_together(); !some.empty(); some = records.next_together()) {
    rows.add(some, 0);
    count += some.size();
  }
  require(rows.records() == count, "every record is counted");
  require(rows.take_places().size() + rows.rejects().count() == count, "accepted + rejected = records");
}

void run(Input input) {
  TableSpec const spec = table_spec(input);
  std::size_t const window = 1 + input.number() % 4096;
  std::size_t const at = input.number();
  std::string_view const text = input.rest();
  CsvDialect const dialect = csv_dialect(spec);

  Found const whole = read(text, dialect, {}, text.size(), window);
  Found const expected = plain(text, dialect);
  require(whole.refused == expected.refused, "what is refused is what the oracle refuses");
  if (whole.refused) return;
  require(whole.records == expected.records, "records are those of the oracle");
  check_rows(text, spec, dialect, window);

  if (text.empty()) return;
  std::size_t const cut = at % text.size();
  if (cut == 0) return;
  CsvTail const tail{0, kernel::csv_count(text.substr(0, cut), dialect.quotes)};
  CsvStart const start = csv_start({&tail, 1}, {0, cut, text.size()});
  Found both = read(text, dialect, {}, cut, window);
  Found const second = read(text, dialect, start, text.size(), window);
  both.records.insert(both.records.end(), second.records.begin(), second.records.end());
  require(!both.refused && !second.refused && both.records == whole.records, "two stretches give the whole");
}

}  // namespace
}  // namespace tessera::fuzz

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  tessera::fuzz::run({data, size});
  return 0;
}
