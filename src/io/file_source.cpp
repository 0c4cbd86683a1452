// SPDX-License-Identifier: Apache-2.0
#include "file_source.hpp"

#include "tessera/core/error.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace tessera {

namespace {
constexpr char const* kPartMissing = "a part of the input would be missing from the result";
}

FileSource::FileSource(std::string path, std::uint64_t begin, std::uint64_t end)
    : path_(std::move(path)),
      position_(begin),
      end_(end),
      descriptor_(::open(path_.c_str(), O_RDONLY | O_CLOEXEC)) {
  if (descriptor_ < 0) {
    throw InputError(fmt::format("the file '{}' cannot be opened: {}", path_, std::strerror(errno)),
                     kPartMissing, "make it readable, on every node, for the account that runs the job");
  }
  ::posix_fadvise(descriptor_, 0, 0, POSIX_FADV_SEQUENTIAL);
}

FileSource::~FileSource() {
  ::close(descriptor_);
}

std::size_t FileSource::read(std::span<char> into) {
  constexpr std::size_t kOneCall = std::size_t{1} << 30;  // the kernel cuts longer requests
  std::size_t const wanted = static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), end_ - position_));
  std::size_t filled = 0;
  while (filled < wanted) {
    auto const got = ::pread(descriptor_, into.data() + filled, std::min(wanted - filled, kOneCall),
                             static_cast<off_t>(position_ + filled));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      throw InputError(fmt::format("the file '{}' cannot be read: {}", path_, std::strerror(errno)),
                       kPartMissing, "check the file and the file system it is on, then start the job again");
    }
    if (got == 0) {
      throw InputError(
          fmt::format("the file '{}' became shorter than {} bytes while it was read", path_, end_),
          kPartMissing, "start the job when the delivery of its input is complete");
    }
    filled += static_cast<std::size_t>(got);
  }
  position_ += filled;
  return filled;
}

}  // namespace tessera
