// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/checkpoint_slots.hpp"

#include "tessera/comm/communicator.hpp"
#include "tessera/core/digest.hpp"
#include "tessera/core/error.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>

#include "temporary_file.hpp"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tessera {

namespace {

/// In front of a state; the digest of both stands behind it.
struct Head {
  std::array<char, 16> magic{'T', 'e', 's', 's', 'e', 'r', 'a', ' ', 's', 't', 'a', 't', 'e', ' ', '1', '\n'};
  std::uint64_t number = 0;  ///< the newest has the highest
  std::uint64_t bytes = 0;   ///< of the state
};

struct Kept {
  std::uint64_t number;
  std::vector<std::byte> state;
};

/// Whether the file is there; its state unless it is damaged. Nothing in it is believed before its digest.
bool read_slot(std::string const& path, std::optional<Kept>& kept) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return false;
  std::ifstream file(path, std::ios::binary);
  std::vector<std::byte> all(static_cast<std::size_t>(status.st_size));
  Head head;
  if (!S_ISREG(status.st_mode) || all.size() < sizeof head + sizeof(Digest)) return true;
  file.read(reinterpret_cast<char*>(all.data()), static_cast<std::streamsize>(all.size()));
  if (!file) return true;
  auto const signed_part = std::span<std::byte const>(all).first(all.size() - sizeof(Digest));
  auto const digest = digest_of(signed_part);
  if (std::memcmp(digest.data(), all.data() + signed_part.size(), sizeof digest) != 0) return true;
  auto const magic = head.magic;
  std::memcpy(&head, all.data(), sizeof head);
  if (head.magic != magic || head.bytes != signed_part.size() - sizeof head) return true;
  kept = {head.number, {signed_part.begin() + sizeof head, signed_part.end()}};
  return true;
}

void write_all(int descriptor, void const* from, std::size_t bytes) {
  auto const* position = static_cast<char const*>(from);
  while (bytes > 0) {
    auto const written = ::write(descriptor, position, bytes);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      throw ResourceError(std::string("a checkpoint cannot be written: ") + std::strerror(errno),
                          "the run could not be continued from here", "free space in run.checkpoint_dir");
    }
    position += written;
    bytes -= static_cast<std::size_t>(written);
  }
}

}  // namespace

CheckpointSlots::CheckpointSlots(std::string const& folder, std::string const& name)
    : path_{folder + "/" + name + ".0", folder + "/" + name + ".1"} {}

std::optional<std::vector<std::byte>> CheckpointSlots::load() {
  std::optional<std::vector<std::byte>> state;
  damaged_.clear();
  newest_ = 0;
  for (std::size_t slot = 0; slot < path_.size(); ++slot) {
    std::optional<Kept> kept;
    bool const there = read_slot(path_[slot], kept);
    if (there && !kept) damaged_.push_back(path_[slot]);
    if (!kept || kept->number <= newest_) continue;
    newest_ = kept->number;
    next_ = 1 - slot;
    state = std::move(kept->state);
  }
  return state;
}

void CheckpointSlots::save(std::span<std::byte const> state) {
  Head head;
  head.number = newest_ + 1;
  head.bytes = state.size();
  std::vector<std::byte> signed_part(sizeof head + state.size());
  std::memcpy(signed_part.data(), &head, sizeof head);
  if (!state.empty()) std::memcpy(signed_part.data() + sizeof head, state.data(), state.size());
  auto const digest = digest_of(signed_part);

  TemporaryFile file(Communicator::self(), path_[next_], Existing::replace);
  int const descriptor = ::open(file.path().c_str(), O_WRONLY | O_CLOEXEC);
  try {
    write_all(descriptor, signed_part.data(), signed_part.size());
    write_all(descriptor, digest.data(), digest.size());
  } catch (...) {
    ::close(descriptor);
    throw;
  }
  ::close(descriptor);
  file.publish();
  newest_ = head.number;
  next_ = 1 - next_;
}

}  // namespace tessera
