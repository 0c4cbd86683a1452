// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/text.hpp"

#include "tessera/comm/collectives.hpp"

#include <cstdint>

namespace tessera {

namespace {

struct Packed {
  std::vector<std::uint64_t> lengths;
  std::string text;
};

Packed pack(std::span<std::string const> texts) {
  Packed packed;
  for (auto const& text : texts) {
    packed.lengths.push_back(text.size());
    packed.text += text;
  }
  return packed;
}

std::vector<std::string> unpack(std::span<std::uint64_t const> lengths, std::string_view text) {
  std::vector<std::string> out;
  out.reserve(lengths.size());
  for (auto const length : lengths) {
    out.emplace_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return out;
}

}  // namespace

std::string broadcast_text(Communicator const& comm, std::string text, int root) {
  std::uint64_t size = text.size();
  broadcast(comm, std::span(&size, 1), root);
  text.resize(size);
  broadcast(comm, std::span(text), root);
  return text;
}

std::vector<std::string> broadcast_texts(Communicator const& comm, std::span<std::string const> texts,
                                         int root) {
  Packed packed = comm.rank() == root ? pack(texts) : Packed{};
  std::uint64_t count = packed.lengths.size();
  broadcast(comm, std::span(&count, 1), root);
  packed.lengths.resize(count);
  broadcast(comm, std::span(packed.lengths), root);
  return unpack(packed.lengths, broadcast_text(comm, std::move(packed.text), root));
}

std::vector<std::string> all_gather_texts(Communicator const& comm, std::span<std::string const> texts) {
  Packed const packed = pack(texts);
  auto const lengths = all_gather(comm, std::span<std::uint64_t const>(packed.lengths));
  auto const text = all_gather(comm, std::span<char const>(packed.text));
  return unpack(lengths.values, std::string_view(text.values.data(), text.values.size()));
}

}  // namespace tessera
