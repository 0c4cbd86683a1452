// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/data/row_blocks.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

/// Result files: one HDF5 file, written by all ranks under a temporary name and renamed when whole. The same
/// calls with the same values make the same bytes on any number of ranks: no object stores a time.
/// docs/file-format.md describes the conventions. Every function that writes throws ResourceError on all
/// ranks when the disk is full.
namespace tessera {

/// What a reader of a dataset needs to know; stored as its attributes.
struct Description {
  std::string description;
  std::string units;     ///< "1" for pure numbers
  std::string shape_of;  ///< axes in words: "customers", "segments x features"
};

enum class Existing { refuse, replace };

/// Element types of datasets.
template <class T>
concept Storable = std::is_same_v<T, std::uint8_t> || std::is_same_v<T, std::uint16_t> ||
    std::is_same_v<T, std::int32_t> || std::is_same_v<T, std::uint32_t> || std::is_same_v<T, std::int64_t> ||
    std::is_same_v<T, std::uint64_t> || std::is_same_v<T, float> || std::is_same_v<T, double>;

class BlockWriter;
struct BlockColumn;

class ResultFile {
 public:
  /// *Collective.* Creates `<path>.tmp-<pid of rank 0>` with mode 0600. Throws ConfigurationError when the
  /// folder does not exist or is not writable, or when `path` exists and may not be replaced.
  ResultFile(Communicator const& comm, std::string path, Existing existing);
  /// *Collective* unless this rank fails alone. Removes the temporary file unless committed.
  ~ResultFile();
  ResultFile(ResultFile const&) = delete;
  ResultFile& operator=(ResultFile const&) = delete;

  /// *Collective.* Takes disk space for this many bytes to come, so that a disk too small is found before the
  /// work is done rather than after. Throws ResourceError, naming the bytes needed and free.
  void reserve(std::uint64_t bytes);

  /// *Collective.* Data that every rank has; written once. `shape` is the full shape. Groups are made on the
  /// way.
  template <Storable T>
  void write(std::string const& dataset, std::span<T const> values, std::vector<std::uint64_t> const& shape,
             Description const& description);
  /// *Collective.* The same for strings (fixed-length UTF-8, as long as the longest).
  void write(std::string const& dataset, std::span<std::string const> values, Description const& description);

  /// *Collective.* Rows of all ranks, written by all: `values` is this rank's [blocks.rows(), columns...].
  /// `row_shape` is the shape of one row ({} for a number). Contiguous layout. Blocks that are not all of
  /// kRowsPerBlock rows are stored once, as /blocks/offset, and shared by all such datasets of a file.
  template <Storable T>
  void write_rows(std::string const& dataset, RowBlocks const& blocks, std::span<T const> values,
                  std::vector<std::uint64_t> const& row_shape, Description const& description);

  /// *Collective.* Makes columns of equal length, to be written block by block, by any rank in any order.
  /// Block b has the rows offsets[b] up to offsets[b + 1]; `offsets` is the same on every rank, begins with
  /// 0, and is stored as `offset_dataset`.
  [[nodiscard]] BlockWriter write_blocks(std::string const& offset_dataset,
                                         std::span<std::uint64_t const> offsets,
                                         std::span<BlockColumn const> columns);
  /// *Collective.* All blocks are written. Throws what failed on any rank.
  void end_blocks(BlockWriter&& writer);

  /// *Collective.* Attributes of a dataset, or of a group, which is made if need be ("/run"). Each is written
  /// once.
  void attribute(std::string const& object, std::string const& name, std::string_view value);
  void attribute(std::string const& object, std::string const& name, std::int64_t value);
  void attribute(std::string const& object, std::string const& name, double value);

  /// *Collective.* A table of named durations: a compound dataset (stage: string, seconds: float64).
  struct Timing {
    std::string stage;
    double seconds;
  };
  void write_timings(std::string const& dataset, std::span<Timing const> timings);

  /// *Collective.* A symbolic link inside the file ("/model/selected" -> "/model/4").
  void link(std::string const& link_path, std::string const& target);

  /// *Collective.* Writes `/digest` (one digest a dataset), flushes to disk and renames to the final path.
  void commit();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tessera
