// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/agree.hpp"

#include <map>
#include <string>
#include <vector>

#include "hdf5.hpp"
#include "hdf5_rows.hpp"
#include "temporary_file.hpp"

/// An HDF5 file that all ranks write: groups, datasets, attributes and links, with the disk space of each
/// taken before it is written. Knows nothing of what a result is.
namespace tessera::hdf5 {

class Output {
 public:
  /// *Collective.* Takes the name; `start` opens. Two steps, so that a failure of the second still ends in
  /// ~Output.
  Output(Communicator const& comm, std::string path, Existing existing);
  /// *Collective.*
  void start();
  /// *Collective* unless this rank fails alone. Removes what was written unless finished.
  ~Output();
  Output(Output const&) = delete;
  Output& operator=(Output const&) = delete;

  /// *Collective.* Takes disk space for all that has an address in the file, and for `bytes` more.
  void reserve(std::uint64_t bytes, std::string const& what);

  /// *Collective.* Makes a contiguous dataset, and takes its space.
  [[nodiscard]] Dataset make_dataset(std::string const& path, hid_t type,
                                     std::vector<std::uint64_t> const& shape);
  /// *Collective.* Every rank writes its rows of a dataset; a rank may have none.
  void write_rows(Dataset const& dataset, std::string const& path, hid_t type, Rows rows,
                  std::span<std::byte const> bytes);
  /// *Collective.* Adds a scalar attribute to a dataset, or to a group, which is made if need be.
  void make_attribute(std::string const& object, std::string const& name, hid_t type, void const* value);
  /// *Collective.*
  void make_link(std::string const& path, std::string const& target);

  /// *Collective.* Flushes, closes, checks and publishes the file.
  void finish();

 private:
  enum class Kind { group, dataset, link };

  template <class Work>
  auto attempt(std::string const& doing, Work&& work);
  void claim(std::string const& path, Kind kind);
  void make_group(std::string const& path);
  [[nodiscard]] hid_t opened() const;

  Communicator comm_;
  TemporaryFile temporary_;
  SharedFile file_;
  std::uint64_t end_ = 0;  ///< bound on the end of all that has an address in the file
  std::map<std::string, Kind> names_{{"/", Kind::group}};
};

}  // namespace tessera::hdf5
