// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "export_job.hpp"

/// Columns of numbers of any stored type, taken from a result file piece by piece.
namespace tessera {

class StoredNumbers {
 public:
  /// `dataset`: the type and path of a list of numbers.
  explicit StoredNumbers(DatasetInfo const& dataset);

  /// The last part of its path.
  [[nodiscard]] std::string name() const;
  /// *Collective.*
  void load(ResultReader const& reader, RowBlocks const& piece);
  /// Local. Row `row` of the piece.
  void put(Records& records, std::size_t row) const;

 private:
  std::string path_;
  std::variant<std::vector<std::uint8_t>, std::vector<std::uint16_t>, std::vector<std::int32_t>,
               std::vector<std::uint32_t>, std::vector<std::int64_t>, std::vector<std::uint64_t>,
               std::vector<float>, std::vector<double>>
      values_;
};

/// Local. The lists of `rows` numbers that stand right in `group` ("/rules"), those of `first` before the
/// others, without those of `without`.
[[nodiscard]] std::vector<StoredNumbers> number_columns(ResultReader const& reader, std::string const& group,
                                                        std::uint64_t rows,
                                                        std::vector<std::string> const& first,
                                                        std::vector<std::string> const& without);

}  // namespace tessera
