// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/io/result_file.hpp"

#include <cstdint>
#include <string>

/// A file that appears under its name only when it is whole. Rank 0 owns it; the other ranks know its name.
namespace tessera {

class TemporaryFile {
 public:
  /// *Collective.* Creates `<target>.tmp-<pid of rank 0>`, empty, mode 0600. Throws ConfigurationError when
  /// the folder does not exist or is not writable, or when the target exists and may not be replaced;
  /// ResourceError when the disk is full.
  TemporaryFile(Communicator const& comm, std::string target, Existing existing);
  /// Local. Rank 0 removes the file unless published, and so does any rank that fails alone: rank 0 may be
  /// ended before it can.
  ~TemporaryFile();
  TemporaryFile(TemporaryFile const&) = delete;
  TemporaryFile& operator=(TemporaryFile const&) = delete;

  [[nodiscard]] std::string const& target() const noexcept { return target_; }
  [[nodiscard]] std::string const& path() const noexcept { return path_; }

  /// Local; rank 0 acts. Takes disk space for the first `end` bytes of the file, so that later writes below
  /// `end` cannot find the disk full. Where the file system cannot promise space, only compares with what is
  /// free. Throws ResourceError, saying that `what` needs it.
  void reserve(std::uint64_t end, std::string const& what);
  /// Local. For after the file was cut to nothing, which gives back what was reserved.
  void forget_reserved() noexcept { reserved_ = 0; }
  /// Local; rank 0 acts. Removes the file from its folder and gives its space back, while it may still be
  /// open.
  void discard() noexcept;
  /// Local; rank 0 acts. Flushes the file to disk and gives it its final name.
  void publish();

  /// Local. "1234567 bytes are free", or that it is unknown.
  [[nodiscard]] std::string free_space() const;

 private:
  void create();
  [[noreturn]] void fail(int error, std::string const& doing) const;

  Communicator comm_;
  std::string target_, path_, folder_;  ///< no path once there is no file of that name
  Existing existing_;
  bool owner_;
  int descriptor_ = -1;
  std::uint64_t reserved_ = 0;
};

}  // namespace tessera
