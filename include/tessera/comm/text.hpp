// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"

#include <span>
#include <string>
#include <vector>

/// Strings between ranks. Only for names and dictionaries, never for what grows with the number of customers.
namespace tessera {

/// *Collective.* The text of `root` on every rank.
[[nodiscard]] std::string broadcast_text(Communicator const& comm, std::string text, int root);

/// *Collective.* The strings of `root` on every rank.
[[nodiscard]] std::vector<std::string> broadcast_texts(Communicator const& comm,
                                                       std::span<std::string const> texts, int root);

/// *Collective.* The strings of all ranks in rank order, on every rank.
[[nodiscard]] std::vector<std::string> all_gather_texts(Communicator const& comm,
                                                        std::span<std::string const> texts);

}  // namespace tessera
