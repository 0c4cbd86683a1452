// SPDX-License-Identifier: Apache-2.0
#include "temporary_file.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/text.hpp"
#include "tessera/core/narrow.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace tessera {

namespace {

constexpr int kMostAttempts = 100;  // names that a killed job left behind

bool is_about_space(int error) {
  return error == ENOSPC || error == EDQUOT || error == EFBIG;
}

bool exists(std::string const& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0;
}

std::string folder_of(std::string const& path) {
  auto const folder = std::filesystem::path(path).parent_path();
  return folder.empty() ? "." : folder.string();
}

/// 0, or the errno of what failed.
int sync_folder(std::string const& folder) {
  int const descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return errno;
  int const error = ::fsync(descriptor) == 0 ? 0 : errno;
  ::close(descriptor);
  return error == EINVAL ? 0 : error;  // some network file systems have nothing to sync in a folder
}

/// Renames unless `to` exists, as atomically as the file system can. 0 or an errno.
int rename_to_new(std::string const& from, std::string const& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
  if (::link(from.c_str(), to.c_str()) == 0) return ::unlink(from.c_str()) == 0 ? 0 : errno;
  if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS) return errno;
  if (exists(to)) return EEXIST;  // neither is supported: a small window remains
  return ::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

ConfigurationError exists_already(std::string const& path) {
  return {"the output file " + path + " exists", "an earlier result would be lost",
          "choose another name, or allow it to be replaced with --force"};
}

}  // namespace

TemporaryFile::TemporaryFile(Communicator const& comm, std::string target, Existing existing)
    : comm_(comm),
      target_(std::move(target)),
      folder_(folder_of(target_)),
      existing_(existing),
      owner_(comm.rank() == 0) {
  together(comm, [&] {
    if (owner_) create();
  });
  path_ = broadcast_text(comm, path_, 0);
}

TemporaryFile::~TemporaryFile() {
  if (!path_.empty() && (owner_ || fails_alone(comm_))) ::unlink(path_.c_str());
  if (descriptor_ >= 0) ::close(descriptor_);
}

void TemporaryFile::create() {
  struct stat status {};
  if (::stat(folder_.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) {
    throw ConfigurationError("the folder " + folder_ + " of the output file " + target_ + " does not exist",
                             "the results would have nowhere to go", "create it, or correct the output path");
  }
  if (::lstat(target_.c_str(), &status) == 0) {
    if (existing_ == Existing::refuse) throw exists_already(target_);
    if (!S_ISREG(status.st_mode)) {
      throw ConfigurationError("the output " + target_ + " exists and is not a plain file",
                               "only an earlier result file may be replaced", "choose another name");
    }
  }
  std::string const stem = target_ + ".tmp-" + std::to_string(::getpid());
  for (int attempt = 0; descriptor_ < 0; ++attempt) {
    path_ = attempt == 0 ? stem : stem + "-" + std::to_string(attempt);
    descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor_ < 0 && (errno != EEXIST || attempt == kMostAttempts)) {
      fail(errno, "creating it in the folder " + folder_);
    }
  }
}

void TemporaryFile::fail(int error, std::string const& doing) const {
  std::string const what =
      "cannot write the output file " + target_ + ": " + doing + ": " + std::strerror(error);
  if (is_about_space(error)) {
    throw ResourceError(what + "; " + free_space(), "the results do not fit",
                        "free space there, raise the quota, or choose another folder");
  }
  throw ConfigurationError(what, "the results would be lost", "choose a folder that you may write to");
}

std::string TemporaryFile::free_space() const {
  struct statvfs status {};
  if (::statvfs(folder_.c_str(), &status) != 0) return "the free space of the disk is unknown";
  return std::to_string(std::uint64_t{status.f_bavail} * status.f_frsize) +
         " bytes are free on the disk of " + folder_;
}

void TemporaryFile::reserve(std::uint64_t end, std::string const& what) {
  if (!owner_ || end <= reserved_) return;
  auto const bytes = end - reserved_;
  std::string const doing = what + " needs " + std::to_string(bytes) + " more bytes";
  int error = 0;
  do {
    error = ::fallocate(descriptor_, FALLOC_FL_KEEP_SIZE, narrow<off_t>(reserved_), narrow<off_t>(bytes)) == 0
                ? 0
                : errno;
  } while (error == EINTR);
  if (error == EOPNOTSUPP || error == ENOSYS) {
    struct statvfs disk {};
    struct stat file {};
    bool const known = ::statvfs(folder_.c_str(), &disk) == 0 && ::fstat(descriptor_, &file) == 0;
    auto const held = known ? static_cast<std::uint64_t>(file.st_blocks) * 512 : 0;
    if (known && end - std::min(end, held) > std::uint64_t{disk.f_bavail} * disk.f_frsize)
      fail(ENOSPC, doing);
  } else if (error != 0) {
    fail(error, doing);
  }
  reserved_ = end;
}

void TemporaryFile::discard() noexcept {
  if (descriptor_ < 0) return;
  ::unlink(path_.c_str());
  path_.clear();
  // Room for what HDF5 still writes while it closes the file: were that to fail too, ranks would wait for
  // each other.
  static_cast<void>(::ftruncate(descriptor_, 0) == 0);
}

void TemporaryFile::publish() {
  if (!owner_) {
    path_.clear();
    return;
  }
  struct stat status {};
  // Cutting a file at its own length returns the space that was reserved beyond it.
  if (::fstat(descriptor_, &status) != 0 || ::ftruncate(descriptor_, status.st_size) != 0 ||
      ::fsync(descriptor_) != 0) {
    fail(errno, "flushing it to disk");
  }
  int const error = existing_ == Existing::replace
                        ? (::rename(path_.c_str(), target_.c_str()) == 0 ? 0 : errno)
                        : rename_to_new(path_, target_);
  if (error == EEXIST) throw exists_already(target_);
  if (error != 0) fail(error, "renaming " + path_);
  path_.clear();
  if (int const unsynced = sync_folder(folder_); unsynced != 0) fail(unsynced, "flushing its folder to disk");
}

}  // namespace tessera
