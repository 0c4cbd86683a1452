// SPDX-License-Identifier: Apache-2.0
#include "fimi_parser.hpp"

#include <algorithm>
#include <cstring>

namespace tessera {

namespace {
constexpr std::int64_t kLargestItem = std::numeric_limits<std::int32_t>::max();
}

bool FimiParser::feed(std::span<char const> bytes) {
  std::size_t i = 0;
  if (skipping_) {
    auto const* const line_end =
        static_cast<char const*>(bytes.empty() ? nullptr : std::memchr(bytes.data(), '\n', bytes.size()));
    i = line_end == nullptr ? bytes.size() : static_cast<std::size_t>(line_end - bytes.data()) + 1;
    skipping_ = line_end == nullptr;
    position_ += i;
    if (position_ >= end_) return false;
  }
  for (; i < bytes.size(); ++i) {
    ++position_;
    if (!take(bytes[i])) return false;
  }
  return true;
}

bool FimiParser::take(char byte) {
  if (byte >= '0' && byte <= '9' && !after_return_) {
    value_ = value_ * 10 + (byte - '0');
    in_item_ = in_line_ = true;
    if (value_ > kLargestItem) problem_ = FimiProblem::too_large;
    return !problem_;
  }
  if (byte == '\n') {
    end_item();
    end_basket();
    after_return_ = false;
    return position_ < end_;
  }
  if (after_return_) {
    problem_ = FimiProblem::stray_return;
    return false;
  }
  in_line_ = true;
  switch (byte) {
    case ' ':
    case '\t':
      end_item();
      return true;
    case '\r':
      end_item();
      after_return_ = true;
      return true;
    case '-':
      problem_ = FimiProblem::negative;
      return false;
    case '\0':
      problem_ = FimiProblem::nul_byte;
      return false;
    default:
      problem_ = FimiProblem::not_a_digit;
      return false;
  }
}

void FimiParser::finish() {
  if (problem_ || skipping_ || !in_line_) return;
  end_item();
  end_basket();
}

void FimiParser::end_item() {
  if (in_item_) baskets_.items.push_back(static_cast<std::int32_t>(value_));
  in_item_ = false;
  value_ = 0;
}

void FimiParser::end_basket() {
  auto const first = baskets_.items.begin() + static_cast<std::ptrdiff_t>(baskets_.offset.back());
  if (!std::is_sorted(first, baskets_.items.end(), std::less_equal<>()))
    std::sort(first, baskets_.items.end());
  baskets_.items.erase(std::unique(first, baskets_.items.end()), baskets_.items.end());
  baskets_.offset.push_back(baskets_.items.size());
  in_line_ = false;
}

}  // namespace tessera
