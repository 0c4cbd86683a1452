// SPDX-License-Identifier: Apache-2.0
#include "tessera/kernel/csv_decimals.hpp"

#include <string_view>

namespace tessera::kernel::plain {

namespace {

/// Whether `text` is of the kind that is read here; then `value` is what it writes.
bool read(std::string_view text, Decimals kind, char point, double& value) noexcept {
  bool const negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.empty() || text.back() == point) return false;
  std::int64_t digits = 0, scale = 1;
  bool behind_point = false;
  for (char const c : text) {
    if (c == point && kind == Decimals::real && !behind_point) {
      behind_point = true;
    } else if (c >= '0' && c <= '9') {
      digits = 10 * digits + (c - '0');
      if (behind_point) scale *= 10;
    } else {
      return false;
    }
  }
  value = static_cast<double>(digits) / static_cast<double>(scale);  // both exact: at most 15 digits
  if (negative) value = kind == Decimals::whole ? 0.0 - value : -value;
  return true;
}

}  // namespace

std::size_t read_decimals(std::span<DecimalText const> texts, Decimals kind, char point, double* values,
                          std::uint32_t* refused) noexcept {
  std::size_t count = 0;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    std::size_t const size = static_cast<unsigned char>(texts[i].bytes[0]);
    std::string_view const text =
        size < DecimalText::kSize
            ? std::string_view(texts[i].bytes, DecimalText::kSize).substr(DecimalText::kSize - size)
            : std::string_view();
    if (!read(text, kind, point, values[i])) refused[count++] = static_cast<std::uint32_t>(i);
  }
  return count;
}

}  // namespace tessera::kernel::plain
