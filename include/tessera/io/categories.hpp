// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

/// Dictionaries of category columns: while a rank parses, values that no rank had before get codes of its
/// own; then ranks agree on codes for them.
namespace tessera {

/// The distinct values met in one column: those that the ranks agreed on, and what this rank met since.
class LocalDictionary {
 public:
  /// `what` names the column in messages ("column 'job' of table 'customers'"); `limit`: distinct values
  /// allowed, at most 2^31 - 1.
  LocalDictionary(std::string what, std::uint64_t limit);

  /// Local. The code of a value, a new one where it is met for the first time. Throws InputError above the
  /// limit.
  [[nodiscard]] std::int32_t code_of(std::string_view value);

  /// *Collective.* Agrees on the values met since the last call, over all ranks: they come behind the older
  /// ones, ordered by their bytes. `codes` are all that code_of gave since then, and become codes that mean
  /// the same on every rank. Throws InputError where the union is above the limit. Each value travels once
  /// from each rank that met it, then the union to all.
  void unite(Communicator const& comm, std::span<std::int32_t> codes);

  /// What the ranks agreed on, in the order of the codes.
  [[nodiscard]] std::vector<std::string> const& categories() const noexcept { return categories_; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>()(text);
    }
  };
  using Codes = std::unordered_map<std::string, std::int32_t, Hash, std::equal_to<>>;

  [[noreturn]] void too_many() const;

  std::string what_;
  std::uint64_t limit_;
  Codes codes_;
  std::vector<std::string_view> fresh_;  // keys of codes_ that are not agreed on, in the order of their codes
  std::vector<std::string> categories_;  // agreed on
};

}  // namespace tessera
