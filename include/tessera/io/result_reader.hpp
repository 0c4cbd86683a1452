// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/core/digest.hpp"
#include "tessera/data/row_blocks.hpp"
#include "tessera/io/result_file.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// Reading result files, on any number of ranks.
namespace tessera {

using AttributeValue = std::variant<std::string, std::int64_t, double>;

/// A dataset of a result file.
struct DatasetInfo {
  std::string path;
  std::string type;                  ///< "float32", "string[12]", "record"
  std::vector<std::uint64_t> shape;  ///< {} for a scalar
};

class ResultReader {
 public:
  /// *Collective.* Opens a file that ResultFile wrote and lists what is in it. Throws InputError when it is
  /// missing, damaged, cut short, not HDF5, not a result of Tessera, or refers to values outside itself.
  ResultReader(Communicator const& comm, std::string path);
  /// *Collective.*
  ~ResultReader();
  ResultReader(ResultReader const&) = delete;
  ResultReader& operator=(ResultReader const&) = delete;

  [[nodiscard]] std::string const& path() const noexcept;

  // Local: what is in the file. Attributes of the wrong type or missing throw InputError.

  /// Whether there is a dataset, group or link of this path.
  [[nodiscard]] bool has(std::string const& object) const;
  /// All datasets, by path.
  [[nodiscard]] std::vector<DatasetInfo> const& datasets() const noexcept;
  [[nodiscard]] DatasetInfo const& dataset(std::string const& path) const;
  /// All attributes of a dataset or group; empty when there is no such object.
  [[nodiscard]] std::map<std::string, AttributeValue> const& attributes(std::string const& object) const;
  [[nodiscard]] std::string const& text(std::string const& object, std::string const& attribute) const;
  [[nodiscard]] std::int64_t integer(std::string const& object, std::string const& attribute) const;
  [[nodiscard]] double real(std::string const& object, std::string const& attribute) const;
  /// Where a symbolic link leads.
  [[nodiscard]] std::optional<std::string> link_target(std::string const& link) const;
  /// What the file should say of its attributes and links; see verify_digests.hpp.
  [[nodiscard]] Digest attributes_digest() const;

  // Values. Each throws InputError when there is no such dataset, or when its type is another.

  /// *Collective.* All values on every rank, for data that do not grow with the number of customers.
  template <Storable T>
  [[nodiscard]] std::vector<T> read(std::string const& dataset) const;
  /// *Collective.*
  [[nodiscard]] std::vector<std::string> read_strings(std::string const& dataset) const;
  /// *Collective.*
  [[nodiscard]] std::vector<ResultFile::Timing> read_timings(std::string const& dataset) const;
  /// *Collective.* The blocks of a dataset's rows for this number of ranks, contiguous runs by Placement.
  [[nodiscard]] RowBlocks row_blocks(std::string const& dataset) const;
  /// *Collective.* This rank's rows, [blocks.rows(), columns...].
  template <Storable T>
  [[nodiscard]] std::vector<T> read_rows(std::string const& dataset, RowBlocks const& blocks) const;
  /// *Collective.* The digest of what is stored, computed by all ranks in bounded memory.
  [[nodiscard]] Digest digest(std::string const& dataset) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tessera
