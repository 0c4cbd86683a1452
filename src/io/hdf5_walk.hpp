// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "hdf5.hpp"

/// What is in an HDF5 file.
namespace tessera::hdf5 {

enum class LinkKind { hard, soft, elsewhere };

struct Link {
  std::string path;  ///< "/customers/key"
  LinkKind kind = LinkKind::hard;
};

/// Local, but collective in a file opened by several ranks. Every link in the file, by name.
[[nodiscard]] std::vector<Link> links_of(hid_t file);

/// The same. The target of a soft link.
[[nodiscard]] std::string soft_target(hid_t file, std::string const& path);

/// The same. Whether `path` leads to an object without leaving the file.
[[nodiscard]] bool leads_inside(hid_t file, std::string const& path);

/// The same. Opens the dataset, group or type at `path`.
[[nodiscard]] Object open_object(hid_t file, std::string const& path);

/// The same. Opens every object once, so that metadata missing from the disk or damaged are found. Throws
/// Failure.
void open_everything(hid_t file);

}  // namespace tessera::hdf5
