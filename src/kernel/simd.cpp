// SPDX-License-Identifier: Apache-2.0
#include "tessera/kernel/simd.hpp"

#include "tessera/core/error.hpp"

#include <algorithm>
#include <cstdlib>

#include "hwy/targets.h"
#include "override.hpp"

namespace tessera {

namespace {

/// Highway's targets of this machine and build, best (lowest bit) first, as they were before any override.
std::vector<std::int64_t> const& targets() {
  static std::vector<std::int64_t> const all = hwy::SupportedAndGeneratedTargets();
  return all;
}

std::string name_of(std::int64_t target) {
  return target == targets().back() ? "scalar" : hwy::TargetName(target);
}

void choose(std::string_view level, std::string_view who) {
  auto const& levels = simd_levels();
  auto const chosen = std::find(levels.begin(), levels.end(), level);
  if (chosen == levels.end()) {
    std::string known;
    for (auto const& name : levels) known += (known.empty() ? "" : ", ") + name;
    throw ConfigurationError(
        std::string(who) + " = " + std::string(level) + " is not a SIMD level of this machine",
        "it decides which vector instructions are used (never the result)",
        "unset it, or use one of: " + known);
  }
  std::int64_t mask = 0;
  for (auto i = static_cast<std::size_t>(chosen - levels.begin()); i < targets().size(); ++i)
    mask |= targets()[i];
  hwy::SetSupportedTargetsForTest(mask);
  hwy::GetChosenTarget().Update(mask);
}

}  // namespace

namespace detail {

void apply_simd_override() {
  static bool const applied = [] {
    if (char const* const level = std::getenv("TESSERA_SIMD")) choose(level, "TESSERA_SIMD");
    return true;
  }();
  (void)applied;
}

}  // namespace detail

std::vector<std::string> const& simd_levels() {
  static std::vector<std::string> const names = [] {
    std::vector<std::string> out;
    for (auto const target : targets()) out.push_back(name_of(target));
    return out;
  }();
  return names;
}

std::string simd_level() {
  detail::apply_simd_override();
  return name_of(hwy::SupportedAndGeneratedTargets().front());
}

void use_simd_level(std::string_view level) {
  detail::apply_simd_override();
  choose(level, "SIMD level");
}

}  // namespace tessera
