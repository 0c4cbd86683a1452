// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/collectives.hpp"
#include "tessera/io/read_table.hpp"

#include <cstdlib>
#include <fstream>
#include <string>
#include <variant>
#include <vector>

#include "io/temporary_folder.hpp"
#include "mpi/main.hpp"

namespace tessera::test {

/// *Collective.* Runs a Python script, with numpy as np, in the folder; TESSERA_PYTHON names another Python
/// than the system's. False where it fails: a module is not there.
inline bool make_files(TemporaryFolder const& folder, std::string const& script) {
  int status = 0;
  if (world().rank() == 0) {
    std::ofstream(folder / "make.py") << "import numpy as np, os\nos.chdir('" << folder.path() << "')\n"
                                      << script;
    char const* const python = std::getenv("TESSERA_PYTHON");
    status = std::system(((python == nullptr ? "/usr/bin/python3" : python) + std::string(" '") +
                          (folder / "make.py") + "' 2> /dev/null")
                             .c_str());
  }
  broadcast(world(), std::span(&status, 1), 0);
  return status == 0;
}

/// Everything that was read, of all ranks, as bytes.
inline std::vector<std::string> content_of(Table const& table) {
  std::vector<std::string> out;
  auto const add = [&](auto const& values) {
    auto const all = all_gather(world(), std::span(values.data(), values.size())).values;
    out.emplace_back(reinterpret_cast<char const*>(all.data()), all.size() * sizeof all[0]);
  };
  add(table.keys);
  for (auto const& column : table.columns) {
    if (auto const* numbers = std::get_if<NumberColumn>(&column.data)) {
      std::vector<double> values;
      for (double const value : numbers->values) values.push_back(value == value ? value : 1e99);
      add(values);
    } else if (auto const* words = std::get_if<CategoryColumn>(&column.data)) {
      add(words->codes);
      for (auto const& word : words->categories) out.push_back(word);
    } else {
      std::vector<Key> keys;
      for (auto const& key : std::get<KeyColumn>(column.data).keys) keys.push_back(key.value_or(Key{}));
      add(keys);
    }
  }
  return out;
}

inline TableRead read(TableSpec const& spec) {
  return read_table(world(), spec, KeyHasher());
}

}  // namespace tessera::test
