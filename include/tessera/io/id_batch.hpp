// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tessera {

/// Some ids as text, one after another.
struct IdBatch {
  std::string text;
  std::vector<std::uint32_t> length;  ///< [ids] bytes of `text`

  void add(std::string_view id) {
    text += id;
    length.push_back(static_cast<std::uint32_t>(id.size()));  // a record has less than 2^32 bytes
  }
  /// Local. Views of all ids, valid while the batch is unchanged.
  [[nodiscard]] std::vector<std::string_view> ids() const {
    std::vector<std::string_view> out;
    out.reserve(length.size());
    std::size_t at = 0;
    for (auto const bytes : length) {
      out.emplace_back(text.data() + at, bytes);
      at += bytes;
    }
    return out;
  }
};

}  // namespace tessera
