// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/io/text_output.hpp"

#include <memory>
#include <string>

#include "command.hpp"

/// Files that only the owner of a key can read: libsodium's secretstream (XChaCha20-Poly1305) over chunks, so
/// that memory is bounded and no chunk can be changed, left out, repeated, moved or cut off unnoticed.
///   "TESSERA SEALED 1\n", 24 bytes of header, then chunks of 65536 bytes of text and 17 more each; the last
///   chunk is shorter, perhaps without text, and tagged final
/// The stream's key is the keyed BLAKE2b-256 of "tessera sealed export" under the key file's 32 bytes: a key
/// file that has another use too gives nothing away.
namespace tessera {

/// *Collective.* Encrypts what is written to an output. Throws ConfigurationError for a key file that
/// read_secret refuses.
[[nodiscard]] std::unique_ptr<TextFilter> make_sealer(Communicator const& comm, std::string const& key_file);

/// *Collective.* Writes what a sealed file holds; nothing is written under the output's name unless all of it
/// is genuine. Throws ConfigurationError for the key file, InputError where `file` is no sealed file, was
/// sealed with another key, was changed or is cut short.
void unseal(Communicator const& comm, std::string const& file, std::string const& key_file,
            Output const& output);

}  // namespace tessera
