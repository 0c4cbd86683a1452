// SPDX-License-Identifier: Apache-2.0
#include "replaced_file.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tessera {

namespace {

constexpr std::string_view kTemporaryOf = ".tmp-";

/// Ranks on several nodes may have the same process id.
std::string of_this_process() {
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  return std::string(host.data()) + "-" + std::to_string(::getpid());
}

[[noreturn]] void throw_errno(std::string const& path) {
  throw std::system_error(errno, std::generic_category(), path);
}

void write_small_file(std::string const& path, std::string_view text, mode_t mode) {
  ::unlink(path.c_str());
  int const file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
  if (file < 0) throw_errno(path);
  while (!text.empty()) {
    auto const written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      int const why = errno;
      ::close(file);
      ::unlink(path.c_str());
      errno = why;
      throw_errno(path);
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  ::close(file);
}

}  // namespace

ReplacedFile::ReplacedFile(std::string path, mode_t mode)
    : path_(std::move(path)),
      temporary_(path_ + std::string(kTemporaryOf) + of_this_process()),
      mode_(mode) {}

std::optional<ReplacedFile::Identity> ReplacedFile::identity() const {
  struct stat status {};
  if (::stat(path_.c_str(), &status) != 0) return std::nullopt;
  constexpr std::int64_t kNanosecondsASecond = 1'000'000'000;
  return Identity{status.st_dev, status.st_ino,
                  std::int64_t{status.st_mtim.tv_sec} * kNanosecondsASecond + status.st_mtim.tv_nsec};
}

void ReplacedFile::put(std::string_view text) {
  if (path_.empty()) return;
  if (mine_) {
    auto const there = identity();
    if (there && *there != *mine_) return;
  }
  write_small_file(temporary_, text, mode_);
  if (std::rename(temporary_.c_str(), path_.c_str()) != 0) {
    int const why = errno;
    ::unlink(temporary_.c_str());
    errno = why;
    throw_errno(path_);
  }
  mine_ = identity();
}

void ReplacedFile::sweep() const {
  if (path_.empty()) return;
  std::filesystem::path const path(path_);
  auto const left = path.filename().string() + std::string(kTemporaryOf);
  std::error_code ignored;
  auto const folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  for (std::filesystem::directory_iterator i(folder, ignored), end; !ignored && i != end;
       i.increment(ignored)) {
    std::error_code still_there;
    if (i->path().filename().string().starts_with(left)) std::filesystem::remove(i->path(), still_there);
  }
}

}  // namespace tessera
