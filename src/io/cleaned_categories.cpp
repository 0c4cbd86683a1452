// SPDX-License-Identifier: Apache-2.0
#include "cleaned_categories.hpp"

#include "tessera/core/narrow.hpp"

namespace tessera::detail {

std::int32_t CleanedCategories::code_of(std::string const& value) {
  auto const cleaned = clean_(value);
  if (!cleaned) return kMissingCode;
  auto const [place, fresh] = codes_.try_emplace(*cleaned, narrow<std::int32_t>(categories_.size()));
  if (fresh) categories_.push_back(*cleaned);
  return place->second;
}

void CleanedCategories::clean(CategoryColumn& column, std::vector<std::string> const& met) {
  for (std::size_t raw = code_.size(); raw < met.size(); ++raw) code_.push_back(code_of(met[raw]));
  for (auto& code : column.codes) {
    if (code != kMissingCode) code = code_[static_cast<std::size_t>(code)];
  }
}

}  // namespace tessera::detail
