// SPDX-License-Identifier: Apache-2.0
#include "tessera/app/key_file.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/core/error.hpp"
#include "tessera/core/wipe.hpp"

#include <array>
#include <fstream>

#include <sodium.h>
#include <sys/stat.h>

namespace tessera {

namespace {

constexpr std::size_t kKeyBytes = 32;

std::array<std::uint8_t, kKeyBytes> read_key(std::string const& path) {
  auto const reject = [&](std::string const& problem, std::string const& remedy) {
    return ConfigurationError("privacy.key_file = \"" + path + "\" " + problem,
                              "whoever has the key can tell which customer a pseudonym stands for", remedy);
  };
  struct stat status {};
  if (stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) {
    throw reject("is not a file", "give the path of a key file, or remove the key to hash without one");
  }
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    throw reject("is open to group or others", "chmod 600 " + path);
  }
  std::string text;
  std::ifstream(path) >> text;
  std::array<std::uint8_t, kKeyBytes> key{};
  std::size_t length = 0;
  char const* end = nullptr;
  int const status_of_digits =
      sodium_hex2bin(key.data(), key.size(), text.data(), text.size(), nullptr, &length, &end);
  bool const whole = status_of_digits == 0 && length == kKeyBytes && end == text.data() + text.size();
  wipe(text.data(), text.size());
  if (!whole)
    throw reject("does not hold 64 hexadecimal digits", "write 32 random bytes: openssl rand -hex 32");
  return key;
}

}  // namespace

KeyHasher load_key(Communicator const& comm, std::string const& path) {
  if (path.empty()) return KeyHasher();
  auto key = together(
      comm, [&] { return comm.rank() == 0 ? read_key(path) : std::array<std::uint8_t, kKeyBytes>{}; });
  broadcast(comm, std::span<std::uint8_t>(key), 0);
  KeyHasher const hasher(key);
  wipe(key.data(), key.size());
  return hasher;
}

}  // namespace tessera
