// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/io/result_file.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

/// Datasets from lists of records: a field of each.
namespace tessera {

/// Local. The same field of every element.
template <class Element, class Field>
auto collect(std::vector<Element> const& elements, Field&& field) {
  std::vector<std::decay_t<std::invoke_result_t<Field, Element const&>>> out;
  out.reserve(elements.size());
  for (auto const& element : elements) out.push_back(std::invoke(field, element));
  return out;
}

/// Local. Rows of equal length joined into one array.
template <class Element, class Field>
auto concatenate(std::vector<Element> const& elements, Field&& field) {
  std::decay_t<std::invoke_result_t<Field, Element const&>> out;
  for (auto const& element : elements) {
    auto const& part = std::invoke(field, element);
    out.insert(out.end(), part.begin(), part.end());
  }
  return out;
}

/// *Collective.* Of what every rank has.
template <class T>
void write_list(ResultFile& file, std::string const& dataset, std::vector<T> const& values,
                Description const& description) {
  if constexpr (std::is_same_v<T, std::string>) {
    file.write(dataset, std::span<std::string const>(values), description);
  } else {
    file.write(dataset, std::span<T const>(values), {values.size()}, description);
  }
}

/// *Collective.* The same, as so many rows of equal length.
template <class T>
void write_table(ResultFile& file, std::string const& dataset, std::vector<T> const& values,
                 std::uint64_t rows, Description const& description) {
  file.write(dataset, std::span<T const>(values), {rows, rows == 0 ? 0 : values.size() / rows}, description);
}

}  // namespace tessera
