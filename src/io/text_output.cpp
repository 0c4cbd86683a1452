// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/text_output.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/core/narrow.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include "temporary_file.hpp"
#include <fcntl.h>
#include <unistd.h>

namespace tessera {

struct TextOutput::State {
  Communicator comm;
  std::optional<TemporaryFile> file;  ///< none: standard output
  std::unique_ptr<TextFilter> filter;
  int descriptor = -1;
  std::uint64_t size = 0;

  explicit State(Communicator const& c) : comm(c) {}
  State(State const&) = delete;
  State& operator=(State const&) = delete;
  ~State() {
    if (file && descriptor >= 0) ::close(descriptor);
  }

  [[noreturn]] void fail(int error) const {
    std::string const name = file ? "the output file " + file->target() : "standard output";
    throw ResourceError("cannot write " + name + ": " + std::strerror(error) +
                            (file ? "; " + file->free_space() : std::string()),
                        "what was exported would be incomplete",
                        file ? "free space there, or choose another folder" : "read all of it, or give -o");
  }

  void write(std::string_view text, std::uint64_t at) const {
    while (!text.empty()) {
      auto const written = file ? ::pwrite(descriptor, text.data(), text.size(), narrow<off_t>(at))
                                : ::write(descriptor, text.data(), text.size());
      if (written < 0) {
        if (errno == EINTR) continue;
        fail(errno);
      }
      text.remove_prefix(static_cast<std::size_t>(written));
      at += static_cast<std::uint64_t>(written);
    }
  }

  /// *Collective.*
  void append(std::string_view text) {
    auto const before = exclusive_scan(comm, std::uint64_t{text.size()});
    together(comm, [&] { write(text, size + before); });
    size += all_reduce(comm, std::uint64_t{text.size()}, Reduce::sum);
  }
};

TextOutput::TextOutput(Communicator const& comm, std::string path, Existing existing,
                       std::unique_ptr<TextFilter> filter)
    : state_(new State(comm)) {
  auto& state = *state_;
  state.filter = std::move(filter);
  if (path.empty()) {
    state.descriptor = STDOUT_FILENO;
    return;
  }
  state.file.emplace(comm, std::move(path), existing);
  together(comm, [&] {
    state.descriptor = ::open(state.file->path().c_str(), O_WRONLY | O_CLOEXEC);
    if (state.descriptor < 0) state.fail(errno);
  });
}

TextOutput::~TextOutput() = default;

int TextOutput::writers() const noexcept {
  return state_->file && !state_->filter ? state_->comm.size() : 1;
}

void TextOutput::append(std::string_view text) {
  auto& state = *state_;
  if (!state.filter) {
    state.append(text);
    return;
  }
  state.append(together(state.comm,
                        [&] { return state.comm.rank() == 0 ? state.filter->pass(text) : std::string(); }));
}

void TextOutput::commit() {
  auto& state = *state_;
  if (state.filter) {
    state.append(
        together(state.comm, [&] { return state.comm.rank() == 0 ? state.filter->end() : std::string(); }));
  }
  if (!state.file) return;
  together(state.comm, [&] {
    if (::fsync(state.descriptor) != 0) state.fail(errno);
  });
  together(state.comm, [&] { state.file->publish(); });
}

}  // namespace tessera
