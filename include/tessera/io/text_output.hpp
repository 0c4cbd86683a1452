// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/io/result_file.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

/// Text that is made piece by piece and never whole in memory: a file that all ranks write at once under a
/// temporary name, renamed when it is complete, or standard output.
namespace tessera {

/// What happens to text on its way into a file.
class TextFilter {
 public:
  virtual ~TextFilter() = default;
  /// Local. What is to be written for the text that comes next; some of it may be held back.
  virtual std::string pass(std::string_view text) = 0;
  /// Local. What is to be written when there is no more text.
  virtual std::string end() = 0;
};

class TextOutput {
 public:
  /// *Collective.* Creates `<path>.tmp-<pid of rank 0>` with mode 0600; an empty path is standard output. A
  /// filter takes all text one after another on rank 0, so every rank or none gives one, and one rank writes.
  /// Throws ConfigurationError when the folder does not exist or is not writable, or when `path` exists and
  /// may not be replaced.
  TextOutput(Communicator const& comm, std::string path, Existing existing,
             std::unique_ptr<TextFilter> filter = nullptr);
  /// *Collective* unless this rank fails alone. Removes the temporary file unless committed.
  ~TextOutput();
  TextOutput(TextOutput const&) = delete;
  TextOutput& operator=(TextOutput const&) = delete;

  /// Local. The ranks 0 ... writers() - 1 may append text: all of them to a file, one to standard output
  /// or through a filter.
  [[nodiscard]] int writers() const noexcept;
  /// *Collective.* Appends the texts of all ranks, in rank order. Throws ResourceError when the disk is full
  /// or nobody reads standard output any more.
  void append(std::string_view text);
  /// *Collective.* Flushes to disk and renames to the final path.
  void commit();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tessera
