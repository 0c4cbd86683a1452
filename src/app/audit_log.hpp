// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"

#include <cstdint>
#include <functional>
#include <string>

/// Who did what with customers' data: a file that only grows, with a JSON object a line. Each line holds the
/// digest of the line before, so that none can be changed or left out without all that follow it.
namespace tessera {

struct AuditAct {
  std::string command;          ///< "run", "export customers"
  std::string result;           ///< the result file
  std::string output;           ///< what was written from it; empty for a run
  std::string digest;           ///< of the result file, hexadecimal
  std::uint64_t customers = 0;  ///< that single rows are about
  bool reidentified = false;    ///< by their ids
};

class AuditLog {
 public:
  /// *Collective.* Makes sure that there is a log that can be appended to; an empty path: there is none, and
  /// nothing is noted. Throws ConfigurationError where the file cannot be opened or made (mode 0600) or is a
  /// symbolic link or no plain file, InputError where it does not end with a line of a log.
  AuditLog(Communicator const& comm, std::string path);

  /// *Collective.* Appends a line: a single write under a lock, on disk when this returns. `act`, which is
  /// only called if there is a log, may be collective. Throws ResourceError where the line cannot be written.
  void add(std::function<AuditAct()> const& act);

 private:
  Communicator const& comm_;
  std::string path_;
};

struct AuditCheck {
  std::uint64_t lines = 0;
  std::string last;  ///< digest of the last line: whoever kept it elsewhere can tell that the end is not cut
};

/// *Collective.* Throws InputError, with the number of the line, where a line does not follow from the one
/// before, or the file cannot be read.
[[nodiscard]] AuditCheck check_audit_log(Communicator const& comm, std::string const& path);

}  // namespace tessera
