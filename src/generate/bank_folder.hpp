// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/io/result_file.hpp"

#include <string>
#include <vector>

/// The folder of a bank while it is written: what was made is removed again unless all of it is.
namespace tessera::generate {

class BankFolder {
 public:
  /// *Collective.* Makes the folder and `folders` in it (parents first), mode 0700. Throws ConfigurationError
  /// when it is not empty and may not be replaced, holds no bank, or cannot be looked through; else removes
  /// what an earlier bank left there, and nothing else.
  BankFolder(Communicator const& comm, std::string path, std::vector<std::string> folders, Existing existing);
  /// Local. Removes this rank's files and the folders that are empty then, unless committed.
  ~BankFolder();
  BankFolder(BankFolder const&) = delete;
  BankFolder& operator=(BankFolder const&) = delete;

  /// Local. The full path of a file that this rank is about to write.
  [[nodiscard]] std::string file(std::string const& name);
  /// Local. Everything is in place.
  void commit() noexcept { committed_ = true; }

 private:
  void prepare(Existing existing) const;
  void remove_earlier() const;

  std::string path_;
  std::vector<std::string> folders_;
  std::vector<std::string> written_;
  bool committed_ = false;
};

}  // namespace tessera::generate
