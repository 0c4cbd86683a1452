// SPDX-License-Identifier: Apache-2.0
#include "tessera/app/configuration.hpp"
#include "tessera/core/error.hpp"

#include <string>

#include "fuzz.hpp"

/// Configurations: refused with a ConfigurationError, or accepted and written so that they read back alike.
namespace tessera::fuzz {
namespace {

void run(std::string const& text) {
  std::string written;
  try {
    written = to_toml(parse_configuration(text, "fuzz.toml", {}));
  } catch (ConfigurationError const&) {
    return;
  }
  require(to_toml(parse_configuration(written, "written.toml", {})) == written,
          "the configuration in effect reads back to itself");
}

}  // namespace
}  // namespace tessera::fuzz

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  tessera::fuzz::run({reinterpret_cast<char const*>(data), size});
  return 0;
}
