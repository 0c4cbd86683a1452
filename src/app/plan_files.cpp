// SPDX-License-Identifier: Apache-2.0
#include "plan_files.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/text.hpp"

#include <fstream>
#include <sstream>

namespace tessera::plan {

Machine load_machine(Communicator const& comm, std::string const& path) {
  if (path.empty()) return {};
  auto text = together(comm, [&] {
    std::ostringstream out;
    if (comm.rank() != 0) return out.str();
    std::ifstream file(path, std::ios::binary);
    if (file) out << file.rdbuf();
    if (!file || out.fail()) {
      throw ConfigurationError("the machine file " + path + " cannot be read",
                               "it holds the rates that a plan is made from",
                               "check the path, or write one with tessera benchmark-node -o " + path);
    }
    return out.str();
  });
  text = broadcast_text(comm, std::move(text), 0);
  return together(comm, [&] { return parse_machine(text, path); });
}

}  // namespace tessera::plan
