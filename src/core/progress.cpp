// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/progress.hpp"

namespace tessera {

void Progress::update(double, double, std::string_view) {}

Progress& Progress::silent() {
  static Progress progress;
  return progress;
}

}  // namespace tessera
