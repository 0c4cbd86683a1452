// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// States of some work, kept in two files by turns, so that whatever happens while one is written the other
/// is whole. Each appears under its name only when it is on disk, and holds a number that grows and a digest.
namespace tessera {

/// Local; of one rank, for states that all ranks know alike.
class CheckpointSlots {
 public:
  /// The files are `<folder>/<name>.0` and `.1`.
  CheckpointSlots(std::string const& folder, std::string const& name);

  /// The newest whole state; nullopt where there is none. Takes note of those that are damaged.
  [[nodiscard]] std::optional<std::vector<std::byte>> load();
  /// What load() found to be damaged: paths.
  [[nodiscard]] std::vector<std::string> const& damaged() const noexcept { return damaged_; }

  /// Replaces the older of the two. Throws ResourceError when the disk is full, ConfigurationError when the
  /// folder cannot be written to.
  void save(std::span<std::byte const> state);

 private:
  std::array<std::string, 2> path_;
  std::vector<std::string> damaged_;
  std::uint64_t newest_ = 0;  ///< number of the newest state, from 1
  std::size_t next_ = 0;      ///< slot to write to
};

}  // namespace tessera
