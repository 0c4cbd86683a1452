// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/csv_share.hpp"

#include "tessera/core/error.hpp"
#include "tessera/core/random.hpp"

#include <fstream>

#include "io/temporary_folder.hpp"
#include "mpi/main.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tessera {
namespace {

using test::TemporaryFolder;

struct Found {
  std::size_t file;
  std::uint64_t number;
  std::vector<std::string> fields;
  bool operator==(Found const&) const = default;
};

void PrintTo(Found const& found, std::ostream* out) {
  *out << found.file << ':' << found.number << testing::PrintToString(found.fields);
}

/// The definition of a record and of a field, character by character over a whole file.
std::vector<Found> oracle(std::string const& text, std::size_t file, CsvDialect const& dialect) {
  std::vector<Found> records;
  std::vector<std::string> fields(1);
  bool inside = false;
  std::uint64_t number = 0;
  auto const finish = [&](bool at_line_end) {
    ++number;
    if (at_line_end && fields.back().ends_with('\r')) fields.back().pop_back();
    if (number == 1 && fields.front().starts_with("\xEF\xBB\xBF")) fields.front().erase(0, 3);
    if (fields.size() > 1 || !fields.front().empty()) records.push_back({file, number, fields});
    fields.assign(1, "");
  };
  for (char const c : text) {
    if (c == '"' && dialect.quotes == kernel::Quotes::enclose) inside = !inside;
    if (c == '\n' && !inside) {
      finish(true);
    } else if (c == dialect.delimiter && !inside) {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  if (fields.size() > 1 || !fields.front().empty()) finish(false);
  return records;
}

enum class Taken { one_by_one, together };

/// What `ranks` ranks find together, played one after the other.
std::vector<Found> found_by(std::span<FileEntry const> files, int ranks, CsvDialect const& dialect,
                            CsvPortions const& portions, Taken taken) {
  std::vector<Found> found;
  std::vector<CsvTail> tails;
  for (int rank = 0; rank < ranks; ++rank) {
    CsvShare share(files, rank, ranks, dialect, portions);
    share.scan(Progress::silent(), "");
    CsvStart const start = share.ranges().empty() ? CsvStart{} : csv_start(tails, share.ranges().front());
    tails.push_back(share.tail());
    for (std::size_t i = 0; i < share.ranges().size(); ++i) {
      auto records = share.records(i, start);
      auto const note = [&](CsvRecord const& record) {
        found.push_back({share.ranges()[i].file, record.number, {}});
        for (std::size_t f = 0; f < record.fields(); ++f) found.back().fields.emplace_back(record.field(f));
      };
      CsvRecord record;
      if (taken == Taken::one_by_one) {
        while (records.next(record)) note(record);
      } else {
        for (auto some = records.next_together(); !some.empty(); some = records.next_together())
          std::for_each(some.begin(), some.end(), note);
      }
    }
  }
  return found;
}

/// Random CSV with an even number of quotes: quoted fields with delimiters, line ends and doubled quotes,
/// stray quotes, empty lines, LF and CRLF, with or without a byte-order mark and a last line end.
std::string random_csv(std::uint64_t seed) {
  Draw const draw(seed, Purpose::generate);
  constexpr std::string_view kPieces[] = {
      "a",    "1.5",     ";",        ";",          "\n",       "\n",       "\r\n", "\"x\"",
      "\"\"", "\"a;b\"", "\"l\nm\"", "\"q\"\"r\"", "\"\r\n\"", "\xC3\xA9", "\r",   "\"\"\"\n\""};
  std::string text = draw.below(4, 0) == 0 ? "\xEF\xBB\xBF" : "";
  std::uint64_t const pieces = draw.below(30, 1);
  for (std::uint64_t i = 0; i < pieces; ++i) text += kPieces[draw.below(std::size(kPieces), i, 1)];
  return text;
}

TEST(CsvShare, finds_the_records_of_the_oracle_however_the_files_are_cut_and_windowed) {
  TemporaryFolder const folder(test::world());
  CsvDialect dialect{';'};
  for (std::uint64_t seed = 0; seed < 120; ++seed) {
    dialect.quotes = seed % 5 == 4 ? kernel::Quotes::ordinary : kernel::Quotes::enclose;
    std::vector<FileEntry> files;
    std::vector<Found> expected;
    std::uint64_t bytes = 0;
    for (std::uint64_t part = 0; part < 1 + seed % 3; ++part) {
      std::string const text = random_csv(10 * seed + part);
      std::string const name = "part-" + std::to_string(part) + (part == 1 && seed % 2 == 0 ? ".gz" : ".csv");
      std::string const stored = compression_of(name) == Compression::gzip ? test::gzipped(text) : text;
      files.push_back({folder.write(name, stored), stored.size(), compression_of(name)});
      for (auto& record : oracle(text, part, dialect)) expected.push_back(std::move(record));
      bytes += stored.size();
    }
    // as many ranks as bytes cut at every possible border
    for (int const ranks : {1, 2, 3, 5, static_cast<int>(bytes + 1)}) {
      for (std::size_t const window : {1U, 3U, 64U}) {
        for (std::uint64_t const keep : {0U, 1000U}) {
          for (Taken const taken : {Taken::one_by_one, Taken::together}) {
            ASSERT_EQ(found_by(files, ranks, dialect, {window, 16, keep}, taken), expected)
                << "seed " << seed << ", " << ranks << " ranks, window " << window;
          }
        }
      }
    }
  }
}

TEST(CsvShare, digests_every_block_once_however_the_files_are_cut) {
  TemporaryFolder const folder(test::world());
  std::string const text = random_csv(1) + random_csv(2) + random_csv(3);
  constexpr std::size_t kBlock = 16;
  FileEntry const file{folder.write("a.csv", text), text.size(), Compression::none};
  BlockDigest expected;
  for (std::size_t block = 0; block * kBlock < text.size(); ++block) {
    expected.add(block, std::as_bytes(std::span(text).subspan(
                            block * kBlock, std::min(kBlock, text.size() - block * kBlock))));
  }
  for (int ranks = 1; ranks <= static_cast<int>(text.size()); ++ranks) {
    BlockDigest sum;
    std::vector<CsvTail> tails;
    for (int rank = 0; rank < ranks; ++rank) {
      CsvShare share({&file, 1}, rank, ranks, {}, {64, kBlock, 1000});
      share.scan(Progress::silent(), "");
      CsvStart const start = share.ranges().empty() ? CsvStart{} : csv_start(tails, share.ranges().front());
      tails.push_back(share.tail());
      for (std::size_t i = 0; i < share.ranges().size(); ++i) {
        auto records = share.records(i, start);
        CsvRecord record;
        while (records.next(record)) continue;
      }
      for (auto& digest : share.digests()) {
        for (std::size_t i = 0; i < BlockDigest::kLanes; ++i) {
          sum.lanes()[i] = static_cast<std::uint16_t>(sum.lanes()[i] + digest.lanes()[i]);
        }
      }
    }
    ASSERT_EQ(sum.value(), expected.value()) << ranks;
  }
}

/// The message of the failure that some rank meets, rank by rank.
std::string failure(std::string const& text, int ranks, CsvDialect const& dialect) {
  TemporaryFolder const folder(test::world());
  FileEntry const file{folder.write("a.csv", text), text.size(), Compression::none};
  try {
    (void)found_by({&file, 1}, ranks, dialect, {8, 16, 0}, Taken::together);
  } catch (InputError const& error) {
    return error.what_is_wrong();
  }
  return "no InputError";
}

TEST(CsvShare, names_the_record_in_which_an_unclosed_quote_opens_however_the_file_is_cut) {
  std::string const text = "a;b\n\n\"x\ny\";1\n2;\"open\n3;4\n5;6\n";
  for (int ranks = 1; ranks <= static_cast<int>(text.size()); ++ranks) {
    EXPECT_THAT(failure(text, ranks, {';'}), testing::HasSubstr("a quote that opens in record 4 of '"))
        << ranks;
  }
}

TEST(CsvShare, stops_at_a_record_above_the_limit_and_only_there_however_the_file_is_cut) {
  CsvDialect const dialect{';', kernel::Quotes::enclose, 20};
  std::string const start = "a\n", exact(20, 'x');
  for (std::string const line_end : {"\n", "\r\n"}) {
    for (int ranks = 1; ranks <= 60; ++ranks) {
      EXPECT_EQ(failure(start + exact + line_end + start + exact, ranks, dialect), "no InputError") << ranks;
      for (std::string const& rest : {std::string("y"), std::string(100, 'y')}) {
        std::string const unended = start + start + exact + rest;
        std::string const text = start + exact + rest + line_end + start;
        EXPECT_THAT(failure(text, ranks, dialect),
                    testing::MatchesRegex("record 2 of '.*' is longer than 20 bytes"));
        EXPECT_THAT(failure(unended, ranks, dialect),
                    testing::MatchesRegex("record 3 of '.*' is longer than 20 bytes"));
      }
    }
  }
}

}  // namespace
}  // namespace tessera
