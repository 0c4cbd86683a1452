// SPDX-License-Identifier: Apache-2.0
#include "signing.hpp"

#include "tessera/app/key_file.hpp"
#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/core/error.hpp"
#include "tessera/core/wipe.hpp"
#include "tessera/io/file_digest.hpp"
#include "tessera/io/text_output.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <string_view>

#include <fcntl.h>
#include <fmt/format.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tessera {

namespace {

using PublicKey = std::array<std::uint8_t, crypto_sign_PUBLICKEYBYTES>;
using Signature = std::array<std::uint8_t, crypto_sign_BYTES>;
static_assert(crypto_sign_SEEDBYTES == 32);

/// A secret key and its public one; wiped when done with.
class SigningKey {
 public:
  SigningKey(std::string const& path, std::string const& setting) {
    read_secret(path, setting, seed_);
    crypto_sign_seed_keypair(public_key_.data(), secret_.data(), seed_.data());
  }
  SigningKey(SigningKey const&) = delete;
  SigningKey& operator=(SigningKey const&) = delete;
  ~SigningKey() {
    wipe(seed_.data(), seed_.size());
    wipe(secret_.data(), secret_.size());
  }

  [[nodiscard]] PublicKey const& public_key() const noexcept { return public_key_; }
  [[nodiscard]] Signature sign(std::string_view text) const {
    Signature out;
    crypto_sign_detached(out.data(), nullptr, reinterpret_cast<unsigned char const*>(text.data()),
                         text.size(), secret_.data());
    return out;
  }

 private:
  std::array<std::uint8_t, crypto_sign_SEEDBYTES> seed_{};
  std::array<std::uint8_t, crypto_sign_SECRETKEYBYTES> secret_{};
  PublicKey public_key_{};
};

/// What is signed: no digest alone, so that no signature of something else can pass for one of a result.
std::string signed_text(std::string_view digest) {
  return fmt::format("tessera signature 1\ndigest {}\n", digest);
}

/// The first bytes of a small text file; nothing where it cannot be read.
std::string start_of_file(std::string const& path) {
  constexpr std::size_t kLongest = 1024;
  std::ifstream file(path, std::ios::binary);
  std::string text(kLongest, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

/// Whether `text` is hexadecimal digits for as many bytes as `out` has.
template <std::size_t Size>
bool parse_hex(std::string_view text, std::array<std::uint8_t, Size>& out) {
  std::size_t length = 0;
  char const* end = nullptr;
  return sodium_hex2bin(out.data(), Size, text.data(), text.size(), nullptr, &length, &end) == 0 &&
         length == Size && end == text.data() + text.size();
}

PublicKey read_public_key(std::string const& path) {
  auto text = start_of_file(path);
  text.resize(text.find_last_not_of(" \t\r\n") + 1);
  PublicKey key;
  if (parse_hex(text, key)) return key;
  throw ConfigurationError(
      fmt::format("--public-key {} does not hold 64 hexadecimal digits and nothing else", path),
      "a signature is checked against the public key of whoever signed",
      "give the .pub file that tessera keygen --signing wrote");
}

struct StoredSignature {
  std::string digest;
  Signature signature{};
};

StoredSignature read_signature(std::string const& path) {
  auto const text = start_of_file(path);
  StoredSignature out;
  constexpr std::size_t kDigits = 64;
  std::string_view const before = "tessera signature 1\ndigest ", between = "\nsignature ";
  auto const at = before.size() + kDigits;
  bool const complete = text.starts_with(before) && text.size() > at + between.size() &&
                        text.compare(at, between.size(), between) == 0 && text.back() == '\n';
  auto const rest = complete ? std::string_view(text).substr(at + between.size()) : std::string_view();
  if (complete && parse_hex(rest.substr(0, rest.size() - 1), out.signature)) {
    out.digest = text.substr(before.size(), kDigits);
    return out;
  }
  throw InputError(text.empty() ? path + " is missing, empty or cannot be read" : path + " is no signature",
                   "without one nobody vouches for the file",
                   "fetch the signature again, or sign with tessera sign");
}

}  // namespace

std::string signature_path(std::string const& file) {
  return file + ".sig";
}

void create_signing_key(std::string const& path) {
  auto const refuse = [&](std::string const& problem) {
    throw ConfigurationError("cannot make the public key " + path + ".pub: " + problem,
                             "a signature is worth nothing without it", "choose another name with -o");
  };
  struct stat status {};
  if (::lstat((path + ".pub").c_str(), &status) == 0) refuse("there is a file of this name already");
  create_key_file(path);
  SigningKey const key(path, "-o");
  auto const text = hex(key.public_key()) + "\n";
  int const file = ::open((path + ".pub").c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  bool const written = file >= 0 &&
                       ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                       ::fsync(file) == 0;
  int const error = errno;
  if (file >= 0) ::close(file);
  if (!written) refuse(std::strerror(error));
}

Digest sign_file(Communicator const& comm, std::string const& file, std::string const& key_file,
                 Existing existing) {
  auto const digest = file_digest(comm, file);
  auto const text = together(comm, [&] {
    if (comm.rank() != 0) return std::string();
    auto const to_sign = signed_text(hex(digest));
    return to_sign + "signature " + hex(SigningKey(key_file, "--key").sign(to_sign)) + "\n";
  });
  TextOutput out(comm, signature_path(file), existing);
  out.append(text);
  out.commit();
  return digest;
}

SignatureCheck check_signature(Communicator const& comm, std::string const& file, Digest const& digest,
                               std::string const& public_key_file) {
  auto check = together(comm, [&] {
    if (comm.rank() != 0) return SignatureCheck();
    auto const key = read_public_key(public_key_file);
    auto const stored = read_signature(signature_path(file));
    auto const text = signed_text(stored.digest);
    bool const genuine = crypto_sign_verify_detached(stored.signature.data(),
                                                     reinterpret_cast<unsigned char const*>(text.data()),
                                                     text.size(), key.data()) == 0;
    return SignatureCheck{genuine, stored.digest == hex(digest)};
  });
  broadcast(comm, std::span(&check, 1), 0);
  return check;
}

}  // namespace tessera
