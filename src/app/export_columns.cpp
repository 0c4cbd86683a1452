// SPDX-License-Identifier: Apache-2.0
#include "export_columns.hpp"

#include <algorithm>
#include <type_traits>

#include <fmt/format.h>

namespace tessera {

namespace {

bool is_number(std::string const& type) {
  constexpr std::string_view kTypes[] = {"uint8", "uint16", "int32",   "uint32",
                                         "int64", "uint64", "float32", "float64"};
  return std::find(std::begin(kTypes), std::end(kTypes), type) != std::end(kTypes);
}

}  // namespace

StoredNumbers::StoredNumbers(DatasetInfo const& dataset) : path_(dataset.path) {
  if (dataset.type == "uint8") values_.emplace<std::vector<std::uint8_t>>();
  if (dataset.type == "uint16") values_.emplace<std::vector<std::uint16_t>>();
  if (dataset.type == "int32") values_.emplace<std::vector<std::int32_t>>();
  if (dataset.type == "uint32") values_.emplace<std::vector<std::uint32_t>>();
  if (dataset.type == "int64") values_.emplace<std::vector<std::int64_t>>();
  if (dataset.type == "uint64") values_.emplace<std::vector<std::uint64_t>>();
  if (dataset.type == "float32") values_.emplace<std::vector<float>>();
  if (dataset.type == "float64") values_.emplace<std::vector<double>>();
}

std::string StoredNumbers::name() const {
  return path_.substr(path_.rfind('/') + 1);
}

void StoredNumbers::load(ResultReader const& reader, RowBlocks const& piece) {
  std::visit(
      [&](auto& values) {
        values = reader.read_rows<typename std::decay_t<decltype(values)>::value_type>(path_, piece);
      },
      values_);
}

void StoredNumbers::put(Records& records, std::size_t row) const {
  std::visit(
      [&](auto const& values) {
        using T = typename std::decay_t<decltype(values)>::value_type;
        if constexpr (std::is_floating_point_v<T>) {
          records.real(values[row]);
        } else if constexpr (std::is_unsigned_v<T>) {
          records.count(std::uint64_t{values[row]});
        } else {
          records.count(std::int64_t{values[row]});
        }
      },
      values_);
}

std::vector<StoredNumbers> number_columns(ResultReader const& reader, std::string const& group,
                                          std::uint64_t rows, std::vector<std::string> const& first,
                                          std::vector<std::string> const& without) {
  std::vector<StoredNumbers> columns;
  auto const add = [&](DatasetInfo const& dataset) {
    if (is_number(dataset.type) && dataset.shape == std::vector<std::uint64_t>{rows})
      columns.emplace_back(dataset);
  };
  for (auto const& name : first) {
    auto const path = fmt::format("{}/{}", group, name);
    for (auto const& dataset : reader.datasets()) {
      if (dataset.path == path) add(dataset);
    }
  }
  for (auto const& dataset : reader.datasets()) {
    auto const cut = dataset.path.rfind('/');
    auto const name = dataset.path.substr(cut + 1);
    auto const is_in = [&](auto const& names) {
      return std::find(names.begin(), names.end(), name) != names.end();
    };
    if (dataset.path.substr(0, cut) == group && !is_in(first) && !is_in(without)) add(dataset);
  }
  return columns;
}

}  // namespace tessera
