// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/text.hpp"
#include "tessera/core/error.hpp"
#include "tessera/io/read_table.hpp"

#include <string>
#include <utility>
#include <vector>

#include "mpi/main.hpp"
#include <gtest/gtest.h>

namespace tessera::test {

/// A column without a range; "" is missing.
inline ColumnSpec column(std::string name, ColumnType type) {
  ColumnSpec spec;
  spec.name = std::move(name);
  spec.type = type;
  return spec;
}

inline TableSpec table(std::vector<std::string> path) {
  TableSpec spec;
  spec.name = "t";
  spec.path = std::move(path);
  spec.key = "id";
  spec.columns = {{"x", ColumnType::real, -100.0, 100.0, {""}},
                  column("n", ColumnType::integer),
                  column("day", ColumnType::date),
                  column("job", ColumnType::category)};
  return spec;
}

inline std::string const kGood = "id,x,n,day,job\nA,1.5,1,2026-01-01,a\nB,2.5,2,2026-01-02,b\n";

/// What every rank of the job is told; "" where nothing is wrong.
inline std::string refusal(TableSpec const& spec, ExitCode code = ExitCode::input) {
  std::string message;
  try {
    (void)read_table(world(), spec, KeyHasher(), Progress::silent());
  } catch (Error const& error) {
    message = error.what_is_wrong();
    EXPECT_EQ(error.code(), code) << message;
    EXPECT_FALSE(error.why().empty());
    EXPECT_FALSE(error.remedy().empty());
  }
  EXPECT_EQ(broadcast_text(world(), message, world().size() - 1), message) << "all ranks are told the same";
  return message;
}

}  // namespace tessera::test
