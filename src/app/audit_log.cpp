// SPDX-License-Identifier: Apache-2.0
#include "audit_log.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/comm/text.hpp"
#include "tessera/core/digest.hpp"
#include "tessera/core/error.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <span>
#include <string_view>

#include "printable.hpp"
#include "quote.hpp"
#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tessera {

namespace {

constexpr std::size_t kLongestAct = 1 << 16;  // bytes of a line
constexpr std::size_t kDigestDigits = 64;
constexpr std::string_view kPrevious = ",\"previous\":\"";
constexpr std::string_view kLineEnd = "\"}";

std::string const& nothing_before() {
  static std::string const zeros(kDigestDigits, '0');
  return zeros;
}

/// What a line says of the one before it; empty for what is no line of a log.
std::string_view previous_of(std::string_view line) {
  auto const length = kPrevious.size() + kDigestDigits + kLineEnd.size();
  if (line.size() < length || !line.starts_with('{') || !line.ends_with(kLineEnd)) return {};
  auto const tail = line.substr(line.size() - length);
  return tail.starts_with(kPrevious) ? tail.substr(kPrevious.size(), kDigestDigits) : std::string_view();
}

InputError damaged(std::string const& path, std::string const& problem) {
  return {"the audit log " + path + " " + problem, "nobody can tell any more what it said",
          "restore it from a copy; move it away to begin another"};
}

/// The log, open and locked.
class OpenLog {
 public:
  explicit OpenLog(std::string const& path)
      : path_(path),
        file_(::open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600)) {
    struct stat status {};
    bool const usable = file_ >= 0 && ::fstat(file_, &status) == 0 && S_ISREG(status.st_mode);
    int const error = errno;
    if (!usable || ::flock(file_, LOCK_EX) != 0 || ::fstat(file_, &status) != 0) {
      std::string const problem =
          file_ >= 0 && !S_ISREG(status.st_mode) ? "it is no plain file" : std::strerror(error);
      if (file_ >= 0) ::close(file_);
      throw ConfigurationError("cannot append to the audit log " + path + ": " + problem,
                               "an act that leaves no trace is not allowed here",
                               "name a file that you may write to, not a link to one");
    }
    bytes_ = status.st_size;
  }
  OpenLog(OpenLog const&) = delete;
  OpenLog& operator=(OpenLog const&) = delete;
  ~OpenLog() { ::close(file_); }

  /// Digest of the last line.
  [[nodiscard]] std::string last() const {
    if (bytes_ == 0) return nothing_before();
    std::string tail(static_cast<std::size_t>(std::min<off_t>(bytes_, kLongestAct)), '\0');
    auto const got = ::pread(file_, tail.data(), tail.size(), bytes_ - static_cast<off_t>(tail.size()));
    if (got != static_cast<ssize_t>(tail.size())) throw damaged(path_, "cannot be read");
    if (tail.back() != '\n') throw damaged(path_, "ends inside a line");
    tail.pop_back();
    auto const before = tail.rfind('\n');
    auto const line = before == std::string::npos ? tail : tail.substr(before + 1);
    if (previous_of(line).empty()) throw damaged(path_, "ends with a line that is none of an audit log");
    return hex(digest_of(line));
  }

  void append(std::string_view line) const {
    ssize_t written = 0;
    do {
      written = ::write(file_, line.data(), line.size());
    } while (written < 0 && errno == EINTR);
    if (written == static_cast<ssize_t>(line.size()) && ::fsync(file_) == 0) return;
    auto const problem = std::string(written < 0 ? std::strerror(errno) : "the disk is full");
    if (written > 0 && ::ftruncate(file_, bytes_) != 0)
      throw damaged(path_, "ends inside a line: " + problem);
    throw ResourceError("cannot write to the audit log " + path_ + ": " + problem,
                        "an act that leaves no trace is not allowed here", "free space there");
  }

 private:
  std::string const& path_;
  int file_;
  off_t bytes_ = 0;
};

std::string user_name() {
  auto const* const entry = ::getpwuid(::geteuid());
  return entry == nullptr ? std::string() : std::string(entry->pw_name);
}

std::string machine_name() {
  std::array<char, 256> name{};
  ::gethostname(name.data(), name.size() - 1);
  return name.data();
}

std::string line_of(AuditAct const& act, std::string const& previous) {
  auto const now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  // Names of files may be of any bytes, and the log is text.
  auto const text = [](std::string const& value) { return quote(printable(value)); };
  return fmt::format(
      "{{\"time\":\"{:%Y-%m-%dT%H:%M:%SZ}\",\"user\":{},\"uid\":{},\"host\":{},\"command\":{},"
      "\"result\":{},\"output\":{},\"digest\":{},\"customers\":{},\"reidentified\":{}{}{}{}\n",
      fmt::gmtime(now), text(user_name()), ::geteuid(), text(machine_name()), text(act.command),
      text(act.result), text(act.output), text(act.digest), act.customers, act.reidentified, kPrevious,
      previous, kLineEnd);
}

}  // namespace

AuditLog::AuditLog(Communicator const& comm, std::string path) : comm_(comm), path_(std::move(path)) {
  if (path_.empty()) return;
  together(comm_, [&] {
    if (comm_.rank() == 0) static_cast<void>(OpenLog(path_).last());
  });
}

void AuditLog::add(std::function<AuditAct()> const& act) {
  if (path_.empty()) return;
  auto const done = act();
  together(comm_, [&] {
    if (comm_.rank() != 0) return;
    OpenLog const log(path_);
    auto const line = line_of(done, log.last());
    if (line.size() > kLongestAct) {
      throw ConfigurationError("the names of the files do not fit into a line of the audit log " + path_,
                               "a longer line could not be appended at once", "use shorter paths");
    }
    log.append(line);
  });
}

AuditCheck check_audit_log(Communicator const& comm, std::string const& path) {
  AuditCheck out{0, nothing_before()};
  together(comm, [&] {
    if (comm.rank() != 0) return;
    std::ifstream file(path, std::ios::binary);
    if (!file) throw damaged(path, "cannot be read");
    std::string line;
    while (std::getline(file, line)) {
      ++out.lines;
      if (file.eof()) throw damaged(path, fmt::format("ends inside line {}", out.lines));
      if (previous_of(line).empty())
        throw damaged(path, fmt::format("holds a line {} that is none", out.lines));
      if (previous_of(line) != out.last) {
        throw damaged(
            path, fmt::format("was changed: line {} does not follow from the lines before it", out.lines));
      }
      out.last = hex(digest_of(line));
    }
  });
  broadcast(comm, std::span(&out.lines, 1), 0);
  out.last = broadcast_text(comm, out.last, 0);
  return out;
}

}  // namespace tessera
