// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/io/result_reader.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

#include "hdf5.hpp"

namespace tessera::hdf5 {

/// Everything in a file but the values of its datasets.
struct Catalogue {
  std::vector<DatasetInfo> datasets;                                        ///< by path
  std::map<std::string, std::map<std::string, AttributeValue>> attributes;  ///< by object, groups too
  std::map<std::string, std::string> links;                                 ///< soft links and their targets
};

/// Local, but collective in a file opened by several ranks. Throws InputError for links out of the file and
/// for datasets whose values are elsewhere or impossible; Failure for damage.
[[nodiscard]] Catalogue catalogue_of(hid_t file, std::string const& path);

}  // namespace tessera::hdf5
