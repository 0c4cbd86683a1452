// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/agree.hpp"

#include <string>

#include "hdf5.hpp"

/// Opening HDF5 files that may be anything.
namespace tessera::hdf5 {

/// Local. The error of a file that cannot be used, with the reason in words.
[[nodiscard]] InputError unreadable(std::string const& path, std::string const& reason);

/// *Collective.* Opens a file on all ranks. One rank looks at it first, so that what is wrong with it is
/// found by plain calls that cannot leave other ranks waiting. Throws InputError.
[[nodiscard]] SharedFile open_to_read(Communicator const& comm, std::string const& path);

/// *Collective.* The dataset's handle on all ranks. Throws InputError when its values are elsewhere or
/// impossible.
[[nodiscard]] Dataset open_dataset(Communicator const& comm, SharedFile const& file, std::string const& path,
                                   std::string const& dataset);

/// *Collective.* Runs rank-local work on a file; HDF5's failures become InputErrors that name the file.
template <class Work>
auto reading(Communicator const& comm, std::string const& path, Work&& work) {
  return together(comm, [&] {
    try {
      return work();
    } catch (Failure const& failure) {
      throw unreadable(path, failure.what());
    }
  });
}

/// Local. Whether the dataset at a path can be read with one element type, exactly as stored.
template <Storable T>
[[nodiscard]] bool stores(hid_t dataset) {
  return H5Tequal(own<Type>(H5Dget_type(dataset), "a dataset's type").get(), stored_type<T>()) > 0;
}

}  // namespace tessera::hdf5
