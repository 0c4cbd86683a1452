// SPDX-License-Identifier: Apache-2.0
#include "bank_folder.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/core/error.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <regex>
#include <system_error>

#include <sys/stat.h>
#include <unistd.h>

namespace tessera::generate {

namespace {

namespace fs = std::filesystem;

/// Names of an earlier bank's files; whatever else people put there is theirs.
bool is_of_a_bank(std::string const& name) {
  static std::regex const pattern(
      R"((\d{4}Q[1-4]/[a-z]+/part-\d+\.(csv|h5)|truth/[a-z_]+\.csv|README\.md|(segments|features)\.toml)(\.tmp-[0-9-]+)?)");
  return std::regex_match(name, pattern);
}

/// Every bank has this folder, before it has any file.
constexpr char kTruth[] = "truth";

ConfigurationError unreadable(std::string const& path, std::error_code error) {
  return {"cannot look into the folder " + path + ": " + error.message(),
          "what is in it would be mixed up with the new bank", "choose a folder that you may read and write"};
}

void make_folder(std::string const& path) {
  if (::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST) return;
  std::string const what = "cannot make the folder " + path + ": " + std::strerror(errno);
  if (errno == ENOSPC || errno == EDQUOT)
    throw ResourceError(what, "the bank has no place", "free space there, or choose another folder");
  throw ConfigurationError(what, "the bank would have nowhere to go",
                           "create the folder above it, or choose one that you may write to");
}

}  // namespace

BankFolder::BankFolder(Communicator const& comm, std::string path, std::vector<std::string> folders,
                       Existing existing)
    : path_(std::move(path)), folders_(std::move(folders)) {
  together(comm, [&] {
    if (comm.rank() == 0) prepare(existing);
  });
}

void BankFolder::prepare(Existing existing) const {
  std::error_code error;
  if (fs::exists(path_, error) && !fs::is_directory(path_, error)) {
    throw ConfigurationError(path_ + " is not a folder", "a bank is a folder of files",
                             "choose another name");
  }
  bool const is_empty = !fs::exists(path_, error) || fs::is_empty(path_, error);
  if (error) throw unreadable(path_, error);
  if (!is_empty && existing == Existing::refuse) {
    throw ConfigurationError("the folder " + path_ + " is not empty",
                             "what is in it would be mixed up with the new bank",
                             "choose another folder, or replace an earlier bank with --force");
  }
  if (!is_empty && !fs::is_directory(fs::symlink_status(path_ + "/" + kTruth, error))) {
    throw ConfigurationError(
        "the folder " + path_ + " holds no bank: there is no folder " + kTruth + " in it",
        "--force removes files by their names, and these may be somebody else's",
        "choose another folder, or empty this one");
  }
  if (!is_empty) remove_earlier();
  make_folder(path_);
  for (auto const& folder : folders_) make_folder(path_ + "/" + folder);
}

void BankFolder::remove_earlier() const {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::recursive_directory_iterator at(path_, error), end; !error && at != end; at.increment(error)) {
    if (at.depth() >= 2) at.disable_recursion_pending();
    bool const is_folder = fs::is_directory(at->symlink_status(error));
    if (error) break;
    if (!is_folder && is_of_a_bank(at->path().lexically_relative(path_).string()))
      found.push_back(at->path());
  }
  if (error) throw unreadable(path_, error);
  for (auto const& file : found) {
    fs::remove(file, error);
    if (error) {
      throw ConfigurationError("cannot remove " + file.string() + " of an earlier bank: " + error.message(),
                               "old and new parts would be read together",
                               "remove it, or choose another folder");
    }
  }
}

BankFolder::~BankFolder() {
  if (committed_) return;
  for (auto const& file : written_) ::unlink(file.c_str());
  // The last rank to come finds them empty.
  for (auto folder = folders_.rbegin(); folder != folders_.rend(); ++folder)
    ::rmdir((path_ + "/" + *folder).c_str());
}

std::string BankFolder::file(std::string const& name) {
  written_.push_back(path_ + "/" + name);
  return written_.back();
}

}  // namespace tessera::generate
