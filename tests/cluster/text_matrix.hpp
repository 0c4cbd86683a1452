// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/data/matrix.hpp"

#include <fstream>
#include <string>

#include <gtest/gtest.h>

namespace tessera::test {

/// Local. A matrix of tests/data/clustering, whole, as one rank sees it.
inline Matrix<float> read_text_matrix(std::string const& name) {
  auto const path = std::string(TESSERA_SOURCE_DIR "/tests/data/clustering/") + name;
  std::ifstream in(path);
  EXPECT_TRUE(in) << path;
  std::uint64_t rows = 0;
  Matrix<float> out;
  in >> rows >> out.columns;
  out.blocks = regular_blocks(rows, 0, 1);
  double value = 0;
  while (in >> value) out.values.push_back(static_cast<float>(value));
  EXPECT_EQ(out.values.size(), rows * out.columns) << path;
  return out;
}

}  // namespace tessera::test
