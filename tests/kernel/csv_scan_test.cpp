// SPDX-License-Identifier: Apache-2.0
#include "tessera/kernel/csv_scan.hpp"

#include "tessera/core/random.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <hwy/highway.h>

namespace tessera::kernel {
namespace {

/// Runs a check at every SIMD level of this machine.
void at_every_level(std::function<void(char const*)> const& check) {
  for (std::int64_t const target : hwy::SupportedAndGeneratedTargets()) {
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    check(hwy::TargetName(target));
  }
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

/// Random text over a small alphabet; `quote_share` of 16 characters are quotes.
std::string random_text(std::size_t size, std::uint64_t quote_share, std::uint64_t seed) {
  constexpr std::string_view kAlphabet = "a,\n;x1\r7.\xC3\xA9|\t2";
  Draw const draw(seed, Purpose::generate);
  std::string text;
  for (std::size_t i = 0; i < size; ++i) {
    if (draw.below(16, i) < quote_share) {
      text += '"';
    } else if (draw.below(64, i, 1) == 0) {
      text += '\0';
    } else {
      text += kAlphabet[draw.below(kAlphabet.size(), i, 2)];
    }
  }
  return text;
}

struct Marked {
  std::vector<std::uint32_t> marks;
  CsvCarry carry;
  bool operator==(Marked const&) const = default;
};

using MarksFunction = std::size_t(std::span<char const>, std::uint32_t, char, Quotes, CsvCarry&,
                                  std::uint32_t*);

Marked marks_of(MarksFunction& function, std::string_view text, char delimiter, Quotes quotes,
                CsvCarry carry) {
  Marked out{std::vector<std::uint32_t>(text.size()), carry};
  out.marks.resize(function(text, 1000, delimiter, quotes, out.carry, out.marks.data()));
  return out;
}

TEST(CsvScan, equals_the_plain_scan_at_awkward_lengths_and_misalignments_at_every_level) {
  at_every_level([](char const* level) {
    for (std::uint64_t const quote_share : {0U, 1U, 5U}) {
      for (std::size_t const offset : {0U, 1U, 7U, 31U, 63U}) {
        for (std::size_t size = 0; size <= 200; size += size < 130 ? 1 : 7) {
          std::string const text = random_text(offset + size, quote_share, size);
          std::string_view const part = std::string_view(text).substr(offset);
          for (Quotes const quotes : {Quotes::enclose, Quotes::ordinary}) {
            ASSERT_EQ(csv_count(part, quotes), plain::csv_count(part, quotes)) << level << ' ' << size;
            for (char const delimiter : {',', 'x', '\t'}) {
              for (CsvCarry const carry :
                   {CsvCarry{}, CsvCarry{true, kMarkQuote}, CsvCarry{false, kMarkSpecial}}) {
                ASSERT_EQ(marks_of(csv_marks, part, delimiter, quotes, carry),
                          marks_of(plain::csv_marks, part, delimiter, quotes, carry))
                    << level << ' ' << size;
              }
            }
          }
        }
      }
    }
  });
}

TEST(CsvScan, cut_anywhere_into_two_gives_the_counts_and_marks_of_the_whole) {
  std::string const text = random_text(150, 2, 99);
  CsvCount const whole = csv_count(text, Quotes::enclose);
  Marked const all = marks_of(csv_marks, text, ',', Quotes::enclose, {});
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    std::span const left(text.data(), cut);
    std::span const right(text.data() + cut, text.size() - cut);
    CsvCount joined = csv_count(left, Quotes::enclose);
    joined += csv_count(right, Quotes::enclose);
    ASSERT_EQ(joined, whole) << cut;

    Marked pieces{std::vector<std::uint32_t>(text.size()), {}};
    std::size_t const first = csv_marks(left, 1000, ',', Quotes::enclose, pieces.carry, pieces.marks.data());
    std::size_t const second = csv_marks(right, static_cast<std::uint32_t>(1000 + cut), ',', Quotes::enclose,
                                         pieces.carry, pieces.marks.data() + first);
    pieces.marks.resize(first + second);
    ASSERT_EQ(pieces, all) << cut;
  }
}

TEST(CsvScan, marks_delimiters_and_line_ends_outside_quotes_only) {
  std::string_view const text = "a,\"b,\nc\"\nd\xC3\xA9,e\n";
  Marked const found = marks_of(csv_marks, text, ',', Quotes::enclose, {});
  EXPECT_EQ(found.marks, (std::vector<std::uint32_t>{1001, 1008 | kMarkQuote | kMarkLineEnd,
                                                     1012 | kMarkSpecial, 1014 | kMarkLineEnd}));
  EXPECT_EQ(found.carry, CsvCarry{});
  EXPECT_EQ(csv_count(text, Quotes::enclose), (CsvCount{2, 2, 1}));
  EXPECT_EQ(csv_count(text, Quotes::ordinary), (CsvCount{0, 3, 0}));
}

}  // namespace
}  // namespace tessera::kernel
