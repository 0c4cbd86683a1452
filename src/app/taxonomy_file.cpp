// SPDX-License-Identifier: Apache-2.0
#include "taxonomy_file.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/text.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

namespace tessera {

namespace {

std::string read_text(std::string const& path, std::string const& key) {
  std::error_code status;
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (file && !std::filesystem::is_directory(path, status)) text << file.rdbuf();
  if (!file || std::filesystem::is_directory(path, status)) {
    throw ConfigurationError(
        key + " = \"" + path + "\" cannot be read", "it says which items are a kind of which",
        "check the path and its permissions; paths are relative to the working directory");
  }
  return text.str();
}

}  // namespace

Taxonomy load_taxonomy(Communicator const& comm, std::string const& path, std::string const& key) {
  if (path.empty()) return {};
  auto text = together(comm, [&] { return comm.rank() == 0 ? read_text(path, key) : std::string(); });
  text = broadcast_text(comm, std::move(text), 0);
  return together(comm, [&] { return parse_taxonomy(text, path); });
}

}  // namespace tessera
