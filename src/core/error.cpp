// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/error.hpp"

#include <new>
#include <utility>

namespace tessera {

namespace {
std::string message(std::string const& what_is_wrong, std::string const& why, std::string const& remedy) {
  return what_is_wrong + "\n  why it matters: " + why + "\n  what to do: " + remedy;
}
}  // namespace

Error::Error(ExitCode code, std::string what_is_wrong, std::string why, std::string remedy)
    : std::runtime_error(message(what_is_wrong, why, remedy)),
      code_(code),
      what_is_wrong_(std::move(what_is_wrong)),
      why_(std::move(why)),
      remedy_(std::move(remedy)) {}

Error as_error(std::exception_ptr const& exception) {
  try {
    std::rethrow_exception(exception);
  } catch (Error const& error) {
    return error;
  } catch (std::bad_alloc const&) {
    return ResourceError("memory ran out on a rank", "the rank cannot hold its share of the customers",
                         "use more nodes or fewer ranks per node");
  } catch (std::exception const& error) {
    return BugError(error.what());
  } catch (...) {
    return BugError("an exception of an unknown type");
  }
}

}  // namespace tessera
