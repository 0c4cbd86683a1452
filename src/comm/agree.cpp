// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/agree.hpp"

#include "tessera/comm/collectives.hpp"
#include "tessera/comm/text.hpp"

namespace tessera {

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
  throw Error(static_cast<ExitCode>(code), std::move(what_is_wrong), std::move(why), std::move(remedy));
}

}  // namespace tessera
