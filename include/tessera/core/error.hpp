// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>

/// Errors that a user can act on. Every message has three parts: what is wrong (the value and where it
/// stands), why that matters, and what to do. The class of an error decides the exit code of the whole job.
namespace tessera {

/// Process exit codes; scripts rely on them (docs/operations.md).
enum class ExitCode : int {
  ok = 0,
  configuration = 2,  ///< the configuration or the command line is wrong
  input = 3,          ///< the input data are wrong
  resources = 4,      ///< memory, disk or a stated limit ran out
  interrupted = 5,    ///< stopped after a checkpoint; safe to requeue
  bug = 70,           ///< a defect of Tessera itself
};

class Error : public std::runtime_error {
 public:
  Error(ExitCode code, std::string what_is_wrong, std::string why, std::string remedy);

  [[nodiscard]] ExitCode code() const noexcept { return code_; }
  [[nodiscard]] std::string const& what_is_wrong() const noexcept { return what_is_wrong_; }
  [[nodiscard]] std::string const& why() const noexcept { return why_; }
  [[nodiscard]] std::string const& remedy() const noexcept { return remedy_; }

 private:
  ExitCode code_;
  std::string what_is_wrong_, why_, remedy_;
};

/// The configuration or the command line is wrong (exit code 2).
struct ConfigurationError : Error {
  ConfigurationError(std::string what_is_wrong, std::string why, std::string remedy)
      : Error(ExitCode::configuration, std::move(what_is_wrong), std::move(why), std::move(remedy)) {}
};

/// The input data are wrong (exit code 3).
struct InputError : Error {
  InputError(std::string what_is_wrong, std::string why, std::string remedy)
      : Error(ExitCode::input, std::move(what_is_wrong), std::move(why), std::move(remedy)) {}
};

/// Memory, disk or a stated limit ran out (exit code 4).
struct ResourceError : Error {
  ResourceError(std::string what_is_wrong, std::string why, std::string remedy)
      : Error(ExitCode::resources, std::move(what_is_wrong), std::move(why), std::move(remedy)) {}
};

/// Tessera itself is wrong (exit code 70): an invariant does not hold.
struct BugError : Error {
  explicit BugError(std::string what_is_wrong)
      : Error(ExitCode::bug, std::move(what_is_wrong), "an invariant of the program does not hold",
              "please report this message with the configuration and the version") {}
};

/// Local. Turns any exception into an Error: std::bad_alloc becomes a ResourceError, anything unknown a
/// BugError.
[[nodiscard]] Error as_error(std::exception_ptr const& exception);

}  // namespace tessera
