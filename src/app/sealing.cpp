// SPDX-License-Identifier: Apache-2.0
#include "sealing.hpp"

#include "tessera/app/key_file.hpp"
#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/core/error.hpp"
#include "tessera/core/wipe.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <string_view>

#include <sodium.h>

namespace tessera {

namespace {

constexpr std::string_view kSealedMark = "TESSERA SEALED 1\n";
constexpr std::size_t kSealedText = 65536;  // of a chunk
constexpr std::size_t kSealedChunk = kSealedText + crypto_secretstream_xchacha20poly1305_ABYTES;
constexpr std::size_t kChunksTogether = 64;
constexpr std::size_t kStreamHeader = crypto_secretstream_xchacha20poly1305_HEADERBYTES;
using Stream = crypto_secretstream_xchacha20poly1305_state;

unsigned char const* bytes_of(std::string_view text) {
  return reinterpret_cast<unsigned char const*>(text.data());
}

/// The key of a stream; wiped when done with.
class StreamKey {
 public:
  StreamKey(std::string const& path, std::string const& setting) {
    constexpr std::string_view kUse = "tessera sealed export";
    std::array<std::uint8_t, 32> secret{};
    read_secret(path, setting, secret);
    crypto_generichash(key_.data(), key_.size(), bytes_of(kUse), kUse.size(), secret.data(), secret.size());
    wipe(secret.data(), secret.size());
  }
  StreamKey(StreamKey const&) = delete;
  StreamKey& operator=(StreamKey const&) = delete;
  ~StreamKey() { wipe(key_.data(), key_.size()); }
  [[nodiscard]] unsigned char const* data() const noexcept { return key_.data(); }

 private:
  std::array<std::uint8_t, crypto_secretstream_xchacha20poly1305_KEYBYTES> key_{};
};

class Sealer final : public TextFilter {
 public:
  explicit Sealer(StreamKey const& key) : out_(kSealedMark) {
    std::array<std::uint8_t, kStreamHeader> header{};
    crypto_secretstream_xchacha20poly1305_init_push(&stream_, header.data(), key.data());
    out_.append(reinterpret_cast<char const*>(header.data()), header.size());
  }
  Sealer(Sealer const&) = delete;
  Sealer& operator=(Sealer const&) = delete;
  ~Sealer() override { wipe(&stream_, sizeof stream_); }

  std::string pass(std::string_view text) override {
    while (held_.size() + text.size() >= kSealedText) {
      auto const missing = kSealedText - held_.size();
      held_.append(text.substr(0, missing));
      text.remove_prefix(missing);
      push(crypto_secretstream_xchacha20poly1305_TAG_MESSAGE);
    }
    held_.append(text);
    return std::exchange(out_, {});
  }

  std::string end() override {
    push(crypto_secretstream_xchacha20poly1305_TAG_FINAL);
    return std::exchange(out_, {});
  }

 private:
  void push(unsigned char tag) {
    auto const at = out_.size();
    out_.resize(at + held_.size() + crypto_secretstream_xchacha20poly1305_ABYTES);
    crypto_secretstream_xchacha20poly1305_push(&stream_, reinterpret_cast<unsigned char*>(out_.data() + at),
                                               nullptr, bytes_of(held_), held_.size(), bytes_of(kSealedMark),
                                               kSealedMark.size(), tag);
    held_.clear();
  }

  Stream stream_{};
  std::string held_, out_;
};

/// Where rank 0 alone writes, the others' filter is never asked.
class NoText final : public TextFilter {
 public:
  std::string pass(std::string_view) override { return {}; }
  std::string end() override { return {}; }
};

/// Reads a sealed file, some chunks at a time.
class Unsealer {
 public:
  Unsealer(std::string path, std::string const& key_file) : path_(std::move(path)), key_(key_file, "--key") {
    file_.open(path_, std::ios::binary);
    auto const start = read(kSealedMark.size() + kStreamHeader);
    if (!start.starts_with(kSealedMark)) throw refused("is no sealed file of Tessera, or cannot be read");
    bool const whole = start.size() == kSealedMark.size() + kStreamHeader;
    if (!whole ||
        crypto_secretstream_xchacha20poly1305_init_pull(
            &stream_, bytes_of(std::string_view(start).substr(kSealedMark.size())), key_.data()) != 0)
      throw refused("is cut short");
  }
  Unsealer(Unsealer const&) = delete;
  Unsealer& operator=(Unsealer const&) = delete;
  ~Unsealer() { wipe(&stream_, sizeof stream_); }

  [[nodiscard]] bool ended() const noexcept { return ended_; }

  [[nodiscard]] std::string next() {
    auto const sealed = read(kChunksTogether * kSealedChunk);
    if (sealed.empty()) throw refused("is cut short");
    std::string out;
    for (std::size_t at = 0; at < sealed.size(); at += kSealedChunk) {
      auto const chunk = std::string_view(sealed).substr(at, kSealedChunk);
      if (ended_) throw refused("goes on after its end");
      if (chunk.size() < crypto_secretstream_xchacha20poly1305_ABYTES) throw refused("is cut short");
      auto const before = out.size();
      out.resize(before + chunk.size() - crypto_secretstream_xchacha20poly1305_ABYTES);
      unsigned char tag = 0;
      if (crypto_secretstream_xchacha20poly1305_pull(
              &stream_, reinterpret_cast<unsigned char*>(out.data() + before), nullptr, &tag, bytes_of(chunk),
              chunk.size(), bytes_of(kSealedMark), kSealedMark.size()) != 0)
        throw refused("was sealed with another key, changed, or is cut short");
      ended_ = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
    }
    if (ended_ && file_.peek() != std::ifstream::traits_type::eof()) throw refused("goes on after its end");
    return out;
  }

 private:
  [[nodiscard]] std::string read(std::size_t bytes) {
    std::string out(bytes, '\0');
    file_.read(out.data(), static_cast<std::streamsize>(bytes));
    out.resize(static_cast<std::size_t>(file_.gcount()));
    return out;
  }
  [[nodiscard]] InputError refused(std::string const& problem) const {
    return {path_ + " " + problem, "what it holds cannot be told from what somebody made of it",
            "give the key that it was sealed with, or export again"};
  }

  std::string path_;
  StreamKey key_;
  std::ifstream file_;
  Stream stream_{};
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<TextFilter> make_sealer(Communicator const& comm, std::string const& key_file) {
  return together(comm, [&]() -> std::unique_ptr<TextFilter> {
    if (comm.rank() != 0) return std::make_unique<NoText>();
    return std::make_unique<Sealer>(StreamKey(key_file, "--encrypt-key"));
  });
}

void unseal(Communicator const& comm, std::string const& file, std::string const& key_file,
            Output const& output) {
  auto const source =
      together(comm, [&] { return comm.rank() == 0 ? std::make_unique<Unsealer>(file, key_file) : nullptr; });
  TextOutput out(comm, output.path, output.existing());
  for (bool more = true; more;) {
    auto const text = together(comm, [&] { return source ? source->next() : std::string(); });
    out.append(text);
    more = all_reduce(comm, source && !source->ended() ? 1 : 0, Reduce::maximum) == 1;
  }
  out.commit();
}

}  // namespace tessera
