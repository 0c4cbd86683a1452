// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/core/error.hpp"

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

/// Values as bytes and back, for what a run keeps in order to go on later: in the machine's own byte order,
/// and without names, so both sides must be of one version of the program. A type takes part by a function
///   template <class Archive, Same<Point> P> void fields(Archive& archive, P& p) { archive(p.x, p.y); }
namespace tessera {

/// T or T const.
template <class T, class U>
concept Same = std::same_as<std::remove_const_t<T>, U>;

namespace detail {
template <class T>
concept Plain = std::is_arithmetic_v<T> || std::is_enum_v<T>;
template <class T>
struct IsArray : std::false_type {};
template <class T, std::size_t N>
struct IsArray<std::array<T, N>> : std::bool_constant<Plain<T>> {};
}  // namespace detail

/// Appends values to bytes. Local.
class Saver {
 public:
  template <class... T>
  void operator()(T const&... values) {
    (put(values), ...);
  }
  [[nodiscard]] std::vector<std::byte> take() && { return std::move(bytes_); }

 private:
  void append(void const* from, std::size_t count) {
    auto const* const first = static_cast<std::byte const*>(from);
    bytes_.insert(bytes_.end(), first, first + count);
  }
  template <class T>
  void put(T const& value) {
    if constexpr (detail::Plain<T> || detail::IsArray<T>::value) {
      append(&value, sizeof value);
    } else {
      fields(*this, value);
    }
  }
  void put(std::string const& text) {
    put(std::uint64_t{text.size()});
    append(text.data(), text.size());
  }
  template <class T>
  void put(std::vector<T> const& values) {
    put(std::uint64_t{values.size()});
    if constexpr (detail::Plain<T>) {
      append(values.data(), values.size() * sizeof(T));
    } else {
      for (auto const& value : values) put(value);
    }
  }
  template <class T>
  void put(std::optional<T> const& value) {
    put(value.has_value());
    if (value) put(*value);
  }

  std::vector<std::byte> bytes_;
};

/// Takes values from bytes, in the order in which they were saved. Local. Throws InputError where they end
/// too early: bytes from files are checked before they come here, so another version of the program wrote
/// them.
class Loader {
 public:
  explicit Loader(std::span<std::byte const> bytes) : bytes_(bytes) {}

  template <class... T>
  void operator()(T&... values) {
    (get(values), ...);
  }
  [[nodiscard]] bool at_end() const noexcept { return bytes_.empty(); }

 private:
  std::byte const* next(std::uint64_t count) {
    if (count > bytes_.size()) {
      throw InputError("what an earlier run kept ends too early", "the run cannot go on from it",
                       "start from the beginning, without --resume and with --force");
    }
    auto const* const first = bytes_.data();
    bytes_ = bytes_.subspan(static_cast<std::size_t>(count));
    return first;
  }
  /// How many values follow, each of at least `least` bytes.
  std::size_t count(std::size_t least) {
    std::uint64_t size = 0;
    get(size);
    if (size > bytes_.size() / least) next(bytes_.size() + 1);
    return static_cast<std::size_t>(size);
  }
  template <class T>
  void get(T& value) {
    if constexpr (detail::Plain<T> || detail::IsArray<T>::value) {
      std::memcpy(&value, next(sizeof value), sizeof value);
    } else {
      fields(*this, value);
    }
  }
  void get(std::string& text) {
    auto const size = count(1);
    text.assign(reinterpret_cast<char const*>(next(size)), size);
  }
  template <class T>
  void get(std::vector<T>& values) {
    if constexpr (detail::Plain<T>) {
      values.resize(count(sizeof(T)));
      auto const* const first = next(values.size() * sizeof(T));
      if (!values.empty()) std::memcpy(values.data(), first, values.size() * sizeof(T));
    } else {
      values.resize(count(1));
      for (auto& value : values) get(value);
    }
  }
  template <class T>
  void get(std::optional<T>& value) {
    bool has_value = false;
    get(has_value);
    value.reset();
    if (has_value) get(value.emplace());
  }

  std::span<std::byte const> bytes_;
};

/// Local. All of one value.
template <class T>
[[nodiscard]] std::vector<std::byte> saved(T const& value) {
  Saver saver;
  saver(value);
  return std::move(saver).take();
}
template <class T>
[[nodiscard]] T loaded(std::span<std::byte const> bytes) {
  T value;
  Loader loader(bytes);
  loader(value);
  return value;
}

}  // namespace tessera
