// SPDX-License-Identifier: Apache-2.0
#include "packed_rows.hpp"

#include <cstring>
#include <type_traits>
#include <utility>
#include <variant>

namespace tessera::detail {

namespace {

/// Calls visit(values) for the vector of values of a column.
template <class AColumn, class Visit>
decltype(auto) with_values(AColumn& column, Visit&& visit) {
  return std::visit(
      [&](auto& data) -> decltype(auto) {
        using Data = std::remove_cvref_t<decltype(data)>;
        if constexpr (std::is_same_v<Data, NumberColumn>) {
          return visit(data.values);
        } else if constexpr (std::is_same_v<Data, CategoryColumn>) {
          return visit(data.codes);
        } else {
          return visit(data.keys);
        }
      },
      column.data);
}

/// memcpy of one of the sizes that values have, each known to the compiler.
inline void copy_value(std::byte* to, std::byte const* from, std::size_t size) noexcept {
  static_assert(sizeof(double) == 8 && sizeof(std::int32_t) == 4);
  if (size == 8) {
    std::memcpy(to, from, 8);
  } else if (size == 4) {
    std::memcpy(to, from, 4);
  } else {
    std::memcpy(to, from, sizeof(std::optional<Key>));
  }
}

}  // namespace

PackedRows::PackedRows(std::vector<Column> const& columns) : bytes_a_row_(sizeof(Key)) {
  for (auto const& column : columns) {
    std::visit(
        [&](auto const& data) {
          empty_.push_back({column.name, column.type, std::remove_cvref_t<decltype(data)>{}});
        },
        column.data);
    std::size_t const size = with_values(column, [](auto const& values) { return sizeof values[0]; });
    fields_.push_back({size, bytes_a_row_});
    bytes_a_row_ += size;
  }
}

std::vector<std::byte> PackedRows::pack(std::vector<Column> const& columns, std::span<Key const> key,
                                        std::span<std::uint32_t const> row,
                                        std::span<std::size_t const> order) const {
  std::vector<std::byte const*> from;
  for (auto const& column : columns) {
    from.push_back(with_values(
        column, [](auto const& values) { return reinterpret_cast<std::byte const*>(values.data()); }));
  }
  std::vector<std::byte> packed(order.size() * bytes_a_row_);
  std::byte* to = packed.data();
  for (auto const i : order) {
    std::memcpy(to, &key[i], sizeof(Key));
    std::size_t const source = row[i];
    for (std::size_t c = 0; c < fields_.size(); ++c) {
      Field const field = fields_[c];
      copy_value(to + field.offset, from[c] + source * field.size, field.size);
    }
    to += bytes_a_row_;
  }
  return packed;
}

std::vector<Key> PackedRows::keys(std::span<std::byte const> packed) const {
  std::vector<Key> keys(packed.size() / bytes_a_row_);
  for (std::size_t row = 0; row < keys.size(); ++row) {
    std::memcpy(&keys[row], packed.data() + row * bytes_a_row_, sizeof(Key));
  }
  return keys;
}

std::vector<Column> PackedRows::unpack(std::span<std::byte const> packed,
                                       std::span<std::uint32_t const> rows) const {
  std::vector<Column> columns = empty_;
  std::vector<std::byte*> to;
  for (auto& column : columns) {
    to.push_back(with_values(column, [&](auto& values) {
      values.resize(rows.size());
      return reinterpret_cast<std::byte*>(values.data());
    }));
  }
  constexpr std::size_t kAhead = 16;  // rows fetched before their turn: they lie anywhere
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i + kAhead < rows.size()) {
      std::byte const* const soon = packed.data() + rows[i + kAhead] * bytes_a_row_;
      __builtin_prefetch(soon);
      __builtin_prefetch(soon + bytes_a_row_ - 1);
    }
    std::byte const* const from = packed.data() + rows[i] * bytes_a_row_;
    for (std::size_t c = 0; c < fields_.size(); ++c) {
      Field const field = fields_[c];
      copy_value(to[c] + i * field.size, from + field.offset, field.size);
    }
  }
  return columns;
}

}  // namespace tessera::detail
