// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/io/result_reader.hpp"

#include <string>

#include "hdf5_catalogue.hpp"
#include "hdf5_input.hpp"

namespace tessera {

struct ResultReader::State {
  Communicator comm;
  std::string path;
  hdf5::SharedFile file;
  hdf5::Catalogue catalogue;

  /// *Collective.*
  [[nodiscard]] hdf5::Dataset open(std::string const& dataset) const {
    return hdf5::open_dataset(comm, file, path, dataset);
  }
  /// *Collective.* Runs rank-local work on the file.
  template <class Work>
  auto reading(Work&& work) const {
    return hdf5::reading(comm, path, std::forward<Work>(work));
  }
};

}  // namespace tessera
