// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/data/table.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

/// Dictionaries of category columns: codes in order of appearance while a rank parses, then codes in order of
/// value that are the same on every rank.
namespace tessera {

/// The distinct values that one rank has met in one column.
class LocalDictionary {
 public:
  /// `what` names the column in messages ("column 'job' of table 'customers'"); `limit`: distinct values
  /// allowed, at most 2^31 - 1.
  LocalDictionary(std::string what, std::uint64_t limit);

  /// Local. The code of a value, a new one where it is met for the first time. Throws InputError above the
  /// limit.
  [[nodiscard]] std::int32_t code_of(std::string_view value);

  /// *Collective.* Turns these codes into codes of the union over all ranks, ordered by the bytes of the
  /// values. Throws InputError where the union is above the limit. Each value travels once from each rank
  /// that has it, then the union to all.
  void unite(Communicator const& comm, CategoryColumn& column);

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
};

}  // namespace tessera
