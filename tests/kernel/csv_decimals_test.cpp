// SPDX-License-Identifier: Apache-2.0
#include "tessera/kernel/csv_decimals.hpp"

#include "tessera/core/random.hpp"
#include "tessera/kernel/simd.hpp"

#include <bit>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace tessera::kernel {
namespace {

/// Texts that stand in the middle of others, as fields do.
std::vector<DecimalText> texts_of(std::vector<std::string> const& fields) {
  std::vector<DecimalText> texts;
  for (auto const& field : fields) {
    std::string const line = "-1.5,77.0,98765.43," + field + ",8";
    texts.emplace_back().assign(line.data() + line.size() - 2, static_cast<std::uint32_t>(field.size()));
  }
  return texts;
}

struct ReadTexts {
  std::vector<std::uint64_t> bits;  // of the values; 0 where refused
  std::vector<std::uint32_t> refused;
  bool operator==(ReadTexts const&) const = default;
};

template <class Function>
ReadTexts read_with(Function const& function, std::vector<DecimalText> const& texts, Decimals kind,
                    char point = '.') {
  std::vector<double> values(texts.size());
  ReadTexts out{{}, std::vector<std::uint32_t>(texts.size())};
  out.refused.resize(function(texts, kind, point, values.data(), out.refused.data()));
  for (auto const i : out.refused) values[i] = 0;
  for (auto const value : values) out.bits.push_back(std::bit_cast<std::uint64_t>(value));
  return out;
}

/// Fields of all lengths: numbers, and what is nearly one.
std::vector<std::string> random_fields(std::size_t count, std::uint64_t seed) {
  Draw const draw(seed, Purpose::generate);
  constexpr std::string_view kOdd = "0123456789.-+eE \"/:\xB0,";
  std::vector<std::string> fields(count);
  for (std::size_t i = 0; i < count; ++i) {
    std::uint64_t const size = draw.below(18, i, 0), point = draw.below(20, i, 1);
    bool const odd = draw.below(5, i, 2) == 0;
    for (std::uint32_t k = 0; k < size; ++k) {
      if (odd && draw.below(6, i, 40 + k) == 0) {
        fields[i] += kOdd[draw.below(kOdd.size(), i, 10 + k)];
      } else if (k == point) {
        fields[i] += '.';
      } else if (k == 0 && draw.below(4, i, 3) == 0) {
        fields[i] += '-';
      } else {
        fields[i] += static_cast<char>('0' + draw.below(10, i, 70 + k));
      }
    }
  }
  return fields;
}

TEST(CsvDecimals, equal_the_plain_ones_and_the_standard_library_at_every_simd_level) {
  auto const fields = random_fields(20'000, 3);
  auto const texts = texts_of(fields);
  for (Decimals const kind : {Decimals::real, Decimals::whole}) {
    auto const expected = read_with(plain::read_decimals, texts, kind);
    EXPECT_LT(expected.refused.size(), fields.size() / (kind == Decimals::real ? 2 : 1));
    std::size_t next = 0;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (next < expected.refused.size() && expected.refused[next] == i) {
        ++next;
        continue;
      }
      double value = std::strtod(fields[i].c_str(), nullptr);
      if (kind == Decimals::whole) value += 0.0;
      ASSERT_EQ(expected.bits[i], std::bit_cast<std::uint64_t>(value)) << fields[i];
    }
    for (auto const& level : simd_levels()) {
      use_simd_level(level);
      ASSERT_EQ(read_with(read_decimals, texts, kind), expected) << level;
    }
  }
  use_simd_level(simd_levels().front());
}

TEST(CsvDecimals, with_a_comma_are_those_with_a_point) {
  auto fields = random_fields(5'000, 4);
  auto const expected = read_with(plain::read_decimals, texts_of(fields), Decimals::real);
  for (auto& field : fields) {
    for (char& c : field) c = c == '.' ? ',' : c == ',' ? '.' : c;
  }
  auto const texts = texts_of(fields);
  EXPECT_EQ(read_with(plain::read_decimals, texts, Decimals::real, ','), expected);
  for (auto const& level : simd_levels()) {
    use_simd_level(level);
    ASSERT_EQ(read_with(read_decimals, texts, Decimals::real, ','), expected) << level;
  }
  use_simd_level(simd_levels().front());
}

TEST(CsvDecimals, are_the_same_for_any_number_of_texts) {
  auto const all = texts_of(random_fields(40, 5));
  for (auto const& level : simd_levels()) {
    use_simd_level(level);
    for (std::size_t count = 0; count <= all.size(); ++count) {
      std::vector<DecimalText> const some(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count));
      ASSERT_EQ(read_with(read_decimals, some, Decimals::real),
                read_with(plain::read_decimals, some, Decimals::real))
          << level << ' ' << count;
    }
  }
  use_simd_level(simd_levels().front());
}

TEST(CsvDecimals, refuse_what_is_not_a_short_decimal_at_every_simd_level) {
  std::vector<std::string> const refused = {"",
                                            "-",
                                            ".",
                                            "-.",
                                            "5.",
                                            "1.2.3",
                                            "--1",
                                            "1-",
                                            "+1",
                                            "1e3",
                                            "1 ",
                                            " 1",
                                            "NA",
                                            "1,5",
                                            "0x10",
                                            "\"1\"",
                                            "1\xB0",
                                            "..1",
                                            "-.-",
                                            "12-3",
                                            "1/2",
                                            "1:2",
                                            "1.5\r",
                                            "1234567890123456",
                                            "0.00000000000001"};
  std::vector<std::string> const read = {"0",
                                         "-0",
                                         ".5",
                                         "-.5",
                                         "123456789012345",
                                         "-12345678901234",
                                         "0.1234567890123",
                                         "-99.125",
                                         "000000000000000"};
  for (auto const& level : simd_levels()) {
    use_simd_level(level);
    EXPECT_EQ(read_with(read_decimals, texts_of(refused), Decimals::real).refused.size(), refused.size())
        << level;
    EXPECT_EQ(read_with(read_decimals, texts_of(read), Decimals::real).refused.size(), 0U) << level;
    EXPECT_EQ(read_with(read_decimals, texts_of({"1.5", ".5", "12", "-7"}), Decimals::whole).refused,
              (std::vector<std::uint32_t>{0, 1}))
        << level;
    EXPECT_EQ(read_with(read_decimals, texts_of({"-0", "-0"}), Decimals::whole).bits,
              (std::vector<std::uint64_t>{0, 0}))
        << level;
  }
  use_simd_level(simd_levels().front());
}

}  // namespace
}  // namespace tessera::kernel
