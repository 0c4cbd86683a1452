// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/fault.hpp"

#include "tessera/core/error.hpp"

#include <cstdlib>
#include <string>

namespace tessera {

void fail_if_planted(std::string_view stage, int rank) {
  char const* const planted = std::getenv("TESSERA_FAULT");
  if (planted == nullptr || planted != std::string(stage) + ":" + std::to_string(rank)) return;
  throw ResourceError("planted failure in stage " + std::string(stage) + " on rank " + std::to_string(rank),
                      "TESSERA_FAULT asks for it", "unset TESSERA_FAULT");
}

}  // namespace tessera
