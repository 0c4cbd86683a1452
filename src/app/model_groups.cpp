// SPDX-License-Identifier: Apache-2.0
#include "model_groups.hpp"

#include "tessera/core/error.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace tessera {

std::vector<std::string> model_groups(ResultReader const& reader) {
  constexpr std::string_view kPrefix = "/model/", kSuffix = "/size";
  std::vector<std::string> groups;
  for (auto const& dataset : reader.datasets()) {
    if (dataset.path.starts_with(kPrefix) && dataset.path.ends_with(kSuffix)) {
      groups.push_back(dataset.path.substr(0, dataset.path.size() - kSuffix.size()));
    }
  }
  std::sort(groups.begin(), groups.end(), [](std::string const& a, std::string const& b) {
    return std::pair(a.size(), a) < std::pair(b.size(), b);  // as numbers: shorter first
  });
  return groups;
}

std::string selected_model(ResultReader const& reader) {
  auto const target = reader.link_target("/model/selected");
  if (!target) {
    throw InputError(reader.path() + " has no link /model/selected",
                     "it says which model the labels belong to", "restore the file or run the job again");
  }
  return *target;
}

}  // namespace tessera
