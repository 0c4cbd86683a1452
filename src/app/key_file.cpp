// SPDX-License-Identifier: Apache-2.0
#include "tessera/app/key_file.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/core/digest.hpp"
#include "tessera/core/error.hpp"
#include "tessera/core/wipe.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <sodium.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tessera {

namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kDigits = 2 * kKeyBytes;

/// Bytes that nobody reads after their time, however that ends.
template <class Byte, std::size_t Size>
struct Secret {
  std::array<Byte, Size> bytes{};

  Secret() = default;
  Secret(Secret const&) = delete;
  Secret& operator=(Secret const&) = delete;
  ~Secret() { wipe(bytes.data(), Size); }
};
using SecretKey = Secret<std::uint8_t, kKeyBytes>;

class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(Descriptor const&) = delete;
  Descriptor& operator=(Descriptor const&) = delete;
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  [[nodiscard]] int get() const noexcept { return value_; }

 private:
  int value_;
};

/// The text of a file of less than Size bytes, without the white space at its end; none of a longer one.
template <std::size_t Size>
std::optional<std::string_view> read_text(int file, Secret<char, Size>& buffer) {
  std::size_t filled = 0;
  while (filled < Size) {
    auto const got = ::read(file, buffer.bytes.data() + filled, Size - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    filled += static_cast<std::size_t>(got);
  }
  if (filled == Size) return std::nullopt;
  std::string_view const text(buffer.bytes.data(), filled);
  return text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
}

void read_key(std::string const& path, std::string const& setting, std::string const& why,
              std::span<std::uint8_t, kKeyBytes> key) {
  auto const reject = [&](std::string const& problem, std::string const& remedy) {
    return ConfigurationError(setting + " = \"" + path + "\" " + problem, why, remedy);
  };
  // Looked at once it is open: it cannot become another file in between.
  Descriptor const file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (file.get() < 0 || fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    throw reject(file.get() < 0 && errno == EACCES ? "cannot be read" : "is not a file",
                 "give the path of a key file of yours; tessera keygen makes one");
  }
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    throw reject("is open to group or others", "chmod 600 " + path);
  Secret<char, 4 * kDigits> buffer;
  auto const text = read_text(file.get(), buffer);
  std::size_t length = 0;
  char const* end = nullptr;
  bool const is_key =
      text &&
      sodium_hex2bin(key.data(), kKeyBytes, text->data(), text->size(), nullptr, &length, &end) == 0 &&
      length == kKeyBytes && end == text->data() + text->size();
  if (!is_key)
    throw reject("does not hold 64 hexadecimal digits and nothing else",
                 "make one with tessera keygen -o FILE");
}

/// *Collective.* Rank 0's key to all ranks, sealed for each: neither the network nor MPI's buffers, which
/// nobody wipes, see it in the clear.
void share(Communicator const& comm, SecretKey& key) {
  if (comm.size() == 1) return;
  using PublicKey = std::array<std::uint8_t, crypto_box_PUBLICKEYBYTES>;
  constexpr std::size_t kSealedBytes = kKeyBytes + crypto_box_SEALBYTES;
  PublicKey seal;
  Secret<std::uint8_t, crypto_box_SECRETKEYBYTES> unseal;
  crypto_box_keypair(seal.data(), unseal.bytes.data());
  auto const seals = all_gather(comm, seal);
  std::vector<std::uint8_t> sealed(seals.size() * kSealedBytes);
  auto const of_rank = [&](std::size_t rank) { return sealed.data() + rank * kSealedBytes; };
  together(comm, [&] {
    if (comm.rank() != 0) return;
    for (std::size_t rank = 0; rank < seals.size(); ++rank) {
      if (crypto_box_seal(of_rank(rank), key.bytes.data(), kKeyBytes, seals[rank].data()) != 0)
        throw BugError("a rank's public key seals nothing");
    }
  });
  broadcast(comm, std::span(sealed), 0);
  together(comm, [&] {
    if (crypto_box_seal_open(key.bytes.data(), of_rank(static_cast<std::size_t>(comm.rank())), kSealedBytes,
                             seal.data(), unseal.bytes.data()) != 0)
      throw BugError("the key's seal does not open");
  });
}

/// A core file would hold the key. Not 0, which handlers of core files do not heed.
void forbid_core_files() {
  rlimit limit{};
  if (getrlimit(RLIMIT_CORE, &limit) != 0) return;
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 1);
  setrlimit(RLIMIT_CORE, &limit);
}

ConfigurationError cannot_create(std::string const& path, int error) {
  if (error == EEXIST) {
    return {"there is a file " + path + " already",
            "a key that is replaced is lost, and with it who the pseudonyms of older runs are",
            "choose another name, or move the old key to a safe place first"};
  }
  return {"cannot make the key file " + path + ": " + std::strerror(error), "the new key has nowhere to go",
          "name a file in a folder that exists and that you may write to"};
}

void write_all(int file, std::string_view text, std::string const& path) {
  auto const fail = [&] {
    int const error = errno;
    ::unlink(path.c_str());
    throw ResourceError("cannot write the key file " + path + ": " + std::strerror(error),
                        "half a key is none", "free space there, or choose another folder");
  };
  while (!text.empty()) {
    auto const written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail();
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(file) != 0) fail();
}

}  // namespace

KeyHasher load_key(Communicator const& comm, std::string const& path, std::string const& setting) {
  if (path.empty()) return KeyHasher();
  forbid_core_files();
  SecretKey key;
  together(comm, [&] {
    if (comm.rank() == 0) {
      read_key(path, setting, "whoever has the key can tell which customer a pseudonym stands for",
               key.bytes);
    }
  });
  share(comm, key);
  return KeyHasher(key.bytes);
}

void read_secret(std::string const& path, std::string const& setting, std::span<std::uint8_t, 32> secret) {
  forbid_core_files();
  read_key(path, setting, "a key that others can read is none", secret);
}

std::string key_check(KeyHasher const& hasher) {
  constexpr std::string_view kText = "tessera key check";
  Digest digest;
  crypto_generichash(digest.data(), digest.size(), reinterpret_cast<unsigned char const*>(kText.data()),
                     kText.size(), hasher.secret().data(), hasher.secret().size());
  return hex(digest);
}

void create_key_file(std::string const& path) {
  Descriptor const file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (file.get() < 0) throw cannot_create(path, errno);
  SecretKey key;
  randombytes_buf(key.bytes.data(), kKeyBytes);
  Secret<char, kDigits + 1> text;
  sodium_bin2hex(text.bytes.data(), kDigits + 1, key.bytes.data(), kKeyBytes);
  text.bytes.back() = '\n';  // instead of the terminating zero
  write_all(file.get(), {text.bytes.data(), text.bytes.size()}, path);
}

}  // namespace tessera
