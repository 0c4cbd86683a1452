// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

/// Planted failures, so that tests can show what a job does when one rank of many fails in a given stage:
/// before its work, where the ranks agree on it ("read"), or inside it, where the others cannot know
/// ("read alone").
namespace tessera {

/// Local. Throws a ResourceError when the environment has TESSERA_FAULT="<stage>:<rank>" for this stage and
/// rank; does nothing otherwise.
void fail_if_planted(std::string_view stage, int rank);

}  // namespace tessera
