// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/agree.hpp"

#include "tessera/comm/collectives.hpp"
#include "tessera/comm/text.hpp"

#include <exception>
#include <memory>

#include "state.hpp"

namespace tessera {

namespace {

/// What `agree` throws. Catching it by value or as_error takes the Error and leaves the agreement behind.
struct AgreedError : Error {
  AgreedError(Error error, std::shared_ptr<void const> agreement)
      : Error(std::move(error)), agreement_(std::move(agreement)) {}
  std::shared_ptr<void const> agreement_;
};

}  // namespace

void agree(Communicator const& comm, std::optional<Error> const& failure) {
  int const spokesman = all_reduce(comm, failure ? comm.rank() : comm.size(), Reduce::minimum);
  if (spokesman == comm.size()) return;
  int code = failure ? static_cast<int>(failure->code()) : 0;
  broadcast(comm, std::span(&code, 1), spokesman);
  auto const part = [&](std::string const& (Error::*member)() const noexcept) {
    return broadcast_text(comm, failure ? ((*failure).*member)() : std::string(), spokesman);
  };
  std::string what_is_wrong = part(&Error::what_is_wrong);
  std::string why = part(&Error::why);
  std::string remedy = part(&Error::remedy);
  auto const agreement = std::make_shared<int const>(spokesman);
  comm.state().agreement->failure = agreement;
  throw AgreedError(
      Error(static_cast<ExitCode>(code), std::move(what_is_wrong), std::move(why), std::move(remedy)),
      agreement);
}

bool fails_alone(Communicator const& comm) noexcept {
  return comm.size() > 1 && std::uncaught_exceptions() > 0 && comm.state().agreement->failure.expired();
}

}  // namespace tessera
