// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Which vector instructions the kernels use. Every level gives the same bits; only the time differs. The
/// best level of the machine is taken unless the environment has TESSERA_SIMD=<level>, which simd_level()
/// heeds; main calls it before any kernel runs.
namespace tessera {

/// Local. The levels that this machine and this build can run, best first; the last is "scalar".
[[nodiscard]] std::vector<std::string> const& simd_levels();

/// Local. The level in use, for the provenance of a run. Throws ConfigurationError when TESSERA_SIMD names
/// none of simd_levels(), so that a job can stop in its first second.
[[nodiscard]] std::string simd_level();

/// Local. Uses no level better than this one from now on, in this process. Throws ConfigurationError for a
/// level that is not in simd_levels().
void use_simd_level(std::string_view level);

}  // namespace tessera
