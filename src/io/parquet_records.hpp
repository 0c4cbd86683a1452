// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/io/record_file.hpp"

namespace tessera {

/// Local. A table in a Parquet file, by Arrow C++. Throws ConfigurationError where this build has no Arrow.
[[nodiscard]] std::unique_ptr<RecordFile> open_parquet_records(TableSpec const& spec, FileEntry const& file);

}  // namespace tessera
