// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/io/table_writer.hpp"

namespace tessera {

/// Local. A CSV file with a header record.
[[nodiscard]] std::unique_ptr<TableWriter> open_csv_table(std::string const& path, TableLayout const& layout);

}  // namespace tessera
