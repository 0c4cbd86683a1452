// SPDX-License-Identifier: Apache-2.0
#ifndef TESSERA_PARQUET

#include "tessera/core/error.hpp"

#include "parquet_records.hpp"
#include <fmt/format.h>

namespace tessera {

std::unique_ptr<RecordFile> open_parquet_records(TableSpec const& spec, FileEntry const&) {
  throw ConfigurationError(
      fmt::format("table '{}': format = \"parquet\" (this build of tessera reads no Parquet)", spec.name),
      "Parquet is read by Arrow C++, which was not found when tessera was built",
      "install Arrow and Parquet for C++ and build with -DTESSERA_PARQUET=ON, or export the table as CSV or "
      "HDF5");
}

}  // namespace tessera

#endif
