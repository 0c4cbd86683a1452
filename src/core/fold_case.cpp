// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/fold_case.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace tessera {

namespace {

/// Letters first, first + step, ..., last become `shift` higher.
struct Letters {
  std::int32_t first, last, step, shift;
};

// Unicode 15, CaseFolding.txt, statuses C and S, for letters of today's languages that take two bytes in
// UTF-8.
constexpr std::array kLetters = std::to_array<Letters>({
    {0x00B5, 0x00B5, 1, 775},   // micro sign: Greek mu
    {0x00C0, 0x00D6, 1, 32},    // Latin-1
    {0x00D8, 0x00DE, 1, 32},    //
    {0x0100, 0x012E, 2, 1},     // Latin Extended-A: pairs
    {0x0132, 0x0136, 2, 1},     //
    {0x0139, 0x0147, 2, 1},     //
    {0x014A, 0x0176, 2, 1},     //
    {0x0178, 0x0178, 1, -121},  // Y with diaeresis
    {0x0179, 0x017D, 2, 1},     //
    {0x017F, 0x017F, 1, -268},  // long s
    {0x0218, 0x021A, 2, 1},     // Romanian
    {0x0386, 0x0386, 1, 38},    // Greek
    {0x0388, 0x038A, 1, 37},    //
    {0x038C, 0x038C, 1, 64},    //
    {0x038E, 0x038F, 1, 63},    //
    {0x0391, 0x03A1, 1, 32},    //
    {0x03A3, 0x03AB, 1, 32},    //
    {0x03C2, 0x03C2, 1, 1},     // final sigma
    {0x0400, 0x040F, 1, 80},    // Cyrillic
    {0x0410, 0x042F, 1, 32},    //
    {0x0460, 0x0480, 2, 1},     // pairs of other Cyrillic alphabets
    {0x048A, 0x04BE, 2, 1},     //
    {0x04C0, 0x04C0, 1, 15},    //
    {0x04C1, 0x04CD, 2, 1},     //
    {0x04D0, 0x052E, 2, 1},     //
});

std::int32_t folded(std::int32_t letter) {
  for (auto const& [first, last, step, shift] : kLetters) {
    if (letter >= first && letter <= last && (letter - first) % step == 0) return letter + shift;
  }
  return letter;
}

void append(std::string& out, std::int32_t letter) {
  if (letter < 0x80) {
    out += static_cast<char>(letter);
    return;
  }
  out += static_cast<char>(0xC0 | (letter >> 6));
  out += static_cast<char>(0x80 | (letter & 0x3F));
}

}  // namespace

std::string fold_case(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto const byte = static_cast<unsigned char>(text[i]);
    auto const next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0U;
    if (byte >= 'A' && byte <= 'Z') {
      out += static_cast<char>(byte + 32);
    } else if (byte >= 0xC2 && byte <= 0xDF && (next & 0xC0U) == 0x80U) {
      append(out, folded(static_cast<std::int32_t>((byte & 0x1FU) << 6 | (next & 0x3FU))));
      ++i;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace tessera
