// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/data/table.hpp"
#include "tessera/io/table_spec.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// A look at the beginning of a table, before a job is submitted.
namespace tessera {

inline constexpr std::uint64_t kSampleRecords = 10'000;

struct SampledColumn {
  std::string name;
  ColumnType type = ColumnType::category;  ///< narrowest type that reads every value of the sample
  std::uint64_t missing = 0;
  std::uint64_t distinct = 0;
};

struct InputSample {
  std::uint64_t files = 0, bytes = 0;  ///< of the whole table
  std::uint64_t records = 0;           ///< in the sample
  std::vector<SampledColumn> columns;  ///< in file order; complete on rank 0 only
};

/// *Collective.* Rank 0 reads up to kSampleRecords records of the first file. Throws InputError as reading
/// would.
[[nodiscard]] InputSample sample_input(Communicator const& comm, TableSpec const& spec);

}  // namespace tessera
