// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/core/digest.hpp"
#include "tessera/io/result_file.hpp"

#include <string>

/// Detached signatures of result files: Ed25519 (libsodium) over a line that holds the digest of the whole
/// file. Whoever has the public key can tell who signed, and that no byte has changed since.
namespace tessera {

/// Local. Makes a secret key (`path`, mode 0600) and its public key (`path`.pub, mode 0644), each 32 bytes as
/// 64 hexadecimal digits. Throws what create_key_file throws; neither file is ever replaced.
void create_signing_key(std::string const& path);

/// The file that holds the signature of `file`.
[[nodiscard]] std::string signature_path(std::string const& file);

/// *Collective.* Writes the signature of a file beside it; returns the digest that it is of. Throws
/// ConfigurationError for a key that cannot be used, and what file_digest and TextOutput throw.
Digest sign_file(Communicator const& comm, std::string const& file, std::string const& key_file,
                 Existing existing);

struct SignatureCheck {
  bool genuine = false;  ///< the owner of the public key's secret has signed
  bool same = false;     ///< what was signed is this file
};

/// *Collective.* `digest`: the file's. Throws ConfigurationError for a public key that is none, InputError
/// where there is no signature or it is none.
[[nodiscard]] SignatureCheck check_signature(Communicator const& comm, std::string const& file,
                                             Digest const& digest, std::string const& public_key_file);

}  // namespace tessera
