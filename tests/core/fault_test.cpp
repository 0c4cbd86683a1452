// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/fault.hpp"

#include "tessera/core/error.hpp"

#include <cstdlib>

#include <gtest/gtest.h>

namespace tessera {
namespace {

class PlantedFault : public testing::Test {
 protected:
  void TearDown() override { unsetenv("TESSERA_FAULT"); }
};

TEST_F(PlantedFault, strikes_its_stage_and_rank_alone) {
  setenv("TESSERA_FAULT", "place:2", 1);
  EXPECT_THROW(fail_if_planted("place", 2), ResourceError);
  EXPECT_NO_THROW(fail_if_planted("place", 1));
  EXPECT_NO_THROW(fail_if_planted("place", 22));
  EXPECT_NO_THROW(fail_if_planted("read", 2));
}

TEST_F(PlantedFault, is_absent_by_default) {
  unsetenv("TESSERA_FAULT");
  EXPECT_NO_THROW(fail_if_planted("place", 0));
  setenv("TESSERA_FAULT", "", 1);
  EXPECT_NO_THROW(fail_if_planted("place", 0));
}

}  // namespace
}  // namespace tessera
