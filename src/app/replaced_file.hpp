// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <sys/types.h>

/// A small file that is replaced as a whole again and again, so that whoever reads it finds the old or the
/// new one and nothing between. Knows nothing of MPI: any thread may use it.
namespace tessera {

class ReplacedFile {
 public:
  /// Local. Nothing is written yet. `path` empty: nothing ever is.
  ReplacedFile(std::string path, mode_t mode);

  /// Local. Replaces the file, unless somebody else has replaced it since this object did: that is then the
  /// last word. Throws std::system_error.
  void put(std::string_view text);

  /// Local. Removes what a killed process left of its `put`.
  void sweep() const;

  [[nodiscard]] std::string const& path() const noexcept { return path_; }

 private:
  struct Identity {
    dev_t device;
    ino_t file;
    std::int64_t changed;  ///< nanoseconds
    bool operator==(Identity const&) const = default;
  };
  [[nodiscard]] std::optional<Identity> identity() const;

  std::string path_, temporary_;
  mode_t mode_;
  std::optional<Identity> mine_;
};

}  // namespace tessera
