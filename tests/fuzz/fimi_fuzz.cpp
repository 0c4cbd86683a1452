// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <span>
#include <string_view>

#include "fimi_parser.hpp"
#include "fuzz.hpp"

/// FIMI files: cut into two parts, each fed in portions, they must give the baskets of the whole.
namespace tessera::fuzz {
namespace {

FimiParser parse(std::string_view text, std::uint64_t begin, std::uint64_t end, std::size_t portion) {
  FimiParser parser(begin, end);
  std::span rest(text.data(), text.size());
  rest = rest.subspan(begin == 0 ? 0 : begin - 1);
  bool wanted = true;
  while (wanted && !rest.empty()) {
    auto const some = rest.first(std::min(portion, rest.size()));
    wanted = parser.feed(some);
    rest = rest.subspan(some.size());
  }
  if (wanted) parser.finish();
  return parser;
}

void run(Input input) {
  std::size_t const portion = 1 + input.byte();
  std::size_t const at = input.number();
  std::string_view const text = input.rest();
  auto whole = parse(text, 0, FimiParser::kToTheEnd, portion);
  if (whole.problem()) return;
  auto const& baskets = whole.baskets();
  require(baskets.offset.back() == baskets.items.size(), "offsets end with the items");
  for (std::size_t row = 0; row < baskets.rows(); ++row) {
    auto const first = baskets.items.begin() + static_cast<std::ptrdiff_t>(baskets.offset[row]);
    auto const last = baskets.items.begin() + static_cast<std::ptrdiff_t>(baskets.offset[row + 1]);
    require(std::adjacent_find(first, last, std::greater_equal<>()) == last, "items ascend and are distinct");
    require(first == last || *first >= 0, "items are not negative");
  }
  if (text.empty()) return;
  std::size_t const cut = at % text.size();
  auto left = parse(text, 0, cut, portion);
  auto right = parse(text, cut, FimiParser::kToTheEnd, portion);
  if (cut == 0) left.baskets() = {};
  auto& both = left.baskets();
  for (std::size_t row = 0; row < right.baskets().rows(); ++row)
    both.offset.push_back(left.baskets().items.size() + right.baskets().offset[row + 1]);
  both.items.insert(both.items.end(), right.baskets().items.begin(), right.baskets().items.end());
  require(!left.problem() && !right.problem(), "parts of a good file are good");
  require(both.offset == baskets.offset && both.items == baskets.items, "two parts give the whole");
}

}  // namespace
}  // namespace tessera::fuzz

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  tessera::fuzz::run({data, size});
  return 0;
}
