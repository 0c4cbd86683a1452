// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/core/key.hpp"

#include <cstdint>
#include <span>
#include <string>

/// The secret that makes pseudonyms: 32 bytes, as 64 hexadecimal digits in a file that its owner alone can
/// read.
namespace tessera {

/// *Collective.* The hasher for customer ids: keyed with the 32 bytes in `path`, read by rank 0; with an
/// all-zero key when `path` is empty. `setting` is what named the file, for messages. Throws
/// ConfigurationError when the file is missing, malformed, or open to group or others. The secret is never
/// printed, travels to the other ranks sealed for each (libsodium's crypto_box_seal), and every copy but the
/// hasher's own is wiped; the process makes no core file from then on.
[[nodiscard]] KeyHasher load_key(Communicator const& comm, std::string const& path,
                                 std::string const& setting = "privacy.key_file");

/// Local. The 32 bytes of a key file, for other uses than pseudonyms; the caller wipes them. Refuses what
/// load_key refuses.
void read_secret(std::string const& path, std::string const& setting, std::span<std::uint8_t, 32> secret);

/// Local. What tells whether two hashers have the same secret and nothing else about it: the keyed
/// BLAKE2b-256 of "tessera key check", in hexadecimal. No customer's pseudonym: those are of 128 bits.
[[nodiscard]] std::string key_check(KeyHasher const& hasher);

/// Local. Makes a new key file with 32 random bytes, mode 0600 from the beginning. Throws ConfigurationError
/// when there is a file of this name, which is never replaced, or the folder cannot be written;
/// ResourceError when the disk is full.
void create_key_file(std::string const& path);

}  // namespace tessera
