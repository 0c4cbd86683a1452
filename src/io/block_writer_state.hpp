// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/core/digest.hpp"
#include "tessera/core/error.hpp"
#include "tessera/io/block_writer.hpp"

#include <optional>
#include <vector>

#include "hdf5.hpp"

namespace tessera {

struct BlockWriter::State {
  struct Column {
    std::string path;
    hid_t type;
    std::size_t element_bytes;
    hdf5::Dataset dataset;
    BlockDigest digest;
  };
  std::vector<Column> columns;
  std::vector<std::uint64_t> offsets;
  std::size_t message_limit = 0;
  std::optional<Error> failure;
};

/// Local.
[[nodiscard]] hid_t stored_type(ElementType type);

}  // namespace tessera
