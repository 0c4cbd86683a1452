// SPDX-License-Identifier: Apache-2.0
#include "hdf5_output.hpp"

#include "tessera/comm/collectives.hpp"

#include <algorithm>

#include "hdf5_walk.hpp"

namespace tessera::hdf5 {

namespace {

/// Disk space kept ahead for metadata: where HDF5 puts it is not known until it is written. The pieces that
/// it takes from the file at a time, and a bound on what one group, dataset, attribute or link adds to them.
constexpr std::uint64_t kMetadataSlack = std::uint64_t{64} << 10, kMetadataOfOne = std::uint64_t{4} << 10;
/// Large datasets begin at multiples of this, for file systems that stripe and lock in such pieces.
constexpr hsize_t kLargeDataset = hsize_t{16} << 20, kAlignment = hsize_t{1} << 20;

Properties creation_of(hid_t property_class) {
  auto creation = properties(property_class);
  // Times would make two identical runs differ.
  check(H5Pset_obj_track_times(creation.get(), false), "switching times off");
  return creation;
}

Properties utf8_name(hid_t property_class) {
  auto creation = properties(property_class);
  check(H5Pset_char_encoding(creation.get(), H5T_CSET_UTF8), "a name's encoding");
  return creation;
}

Space space_of(std::vector<std::uint64_t> const& shape) {
  std::vector<hsize_t> const lengths(shape.begin(), shape.end());
  return own<Space>(shape.empty() ? H5Screate(H5S_SCALAR)
                                  : H5Screate_simple(static_cast<int>(shape.size()), lengths.data(), nullptr),
                    "an extent");
}

/// The group that holds `path`: "/model/4" of "/model/4/size", "/" of "/run".
std::string parent_of(std::string const& path) {
  return path.substr(0, std::max<std::size_t>(1, path.rfind('/')));
}

void check_name(std::string const& path) {
  bool const clean = std::none_of(path.begin(), path.end(), [](unsigned char c) { return c < 0x20; });
  if (!clean || !path.starts_with('/') || path.ends_with('/') || path.find("//") != std::string::npos ||
      (path + "/").find("/./") != std::string::npos) {
    throw BugError("\"" + path + "\" is not the absolute path of a dataset or group");
  }
}

}  // namespace

Output::Output(Communicator const& comm, std::string path, Existing existing)
    : comm_(comm), temporary_(comm, std::move(path), existing), file_(comm) {
  // While nothing has to be closed if it fails.
  together(comm_, [&] { temporary_.reserve(kMetadataSlack, "an empty result"); });
}

/// *Collective.* Work on the file: all ranks succeed, or all throw an error that names the file.
template <class Work>
auto Output::attempt(std::string const& doing, Work&& work) {
  return together(comm_, [&] {
    try {
      return work();
    } catch (Failure const& failure) {
      throw ResourceError("cannot write the output file " + temporary_.target() + ": " + doing + ": " +
                              failure.what() + "\n    " + temporary_.free_space(),
                          "the results would be lost", "free space there, or choose another folder");
    }
  });
}

void Output::start() {
  attempt("creating it", [&] {
    auto const access = parallel_access(comm_);
    check(H5Pset_libver_bounds(access.get(), H5F_LIBVER_V18, H5F_LIBVER_V18), "choosing a format version");
    check(H5Pset_alignment(access.get(), kLargeDataset, kAlignment), "choosing an alignment");
    file_ = SharedFile(comm_, own<File>(H5Fcreate(temporary_.path().c_str(), H5F_ACC_TRUNC,
                                                  creation_of(H5P_FILE_CREATE).get(), access.get()),
                                        "creating a file"));
  });
  temporary_.forget_reserved();
  reserve(0, "an empty result");
}

Output::~Output() {
  if (!file_.is_open()) return;
  temporary_.discard();
  if (fails_alone(comm_)) return;
  try {
    barrier(comm_);  // the space must be back before any rank writes metadata
  } catch (...) {
    // Nothing can be done about it here, and the file is gone already.
  }
  static_cast<void>(file_.close());
}

hid_t Output::opened() const {
  if (!file_.is_open())
    throw BugError("the result file " + temporary_.target() + " is written after its commit");
  return file_.get();
}

void Output::reserve(std::uint64_t bytes, std::string const& what) {
  together(comm_, [&] {
    static_cast<void>(opened());
    temporary_.reserve(end_ + bytes + kMetadataSlack, what);
  });
}

void Output::claim(std::string const& path, Kind kind) {
  check_name(path);
  if (!names_.emplace(path, kind).second) throw BugError(path + " is written twice");
  end_ += kMetadataOfOne;
}

void Output::make_group(std::string const& path) {
  if (auto const known = names_.find(path); known != names_.end()) {
    if (known->second != Kind::group) throw BugError(path + " is wanted as a group but is none");
    return;
  }
  make_group(parent_of(path));
  claim(path, Kind::group);
  auto const group = own<Group>(H5Gcreate2(opened(), path.c_str(), utf8_name(H5P_LINK_CREATE).get(),
                                           creation_of(H5P_GROUP_CREATE).get(), H5P_DEFAULT),
                                "making the group " + path);
}

Dataset Output::make_dataset(std::string const& path, hid_t type, std::vector<std::uint64_t> const& shape) {
  auto const bytes = row_count(shape) * row_bytes(shape, H5Tget_size(type));
  std::string const doing = path + " (" + std::to_string(bytes) + " bytes)";
  auto dataset = attempt(doing, [&] {
    auto const file = opened();
    claim(path, Kind::dataset);
    make_group(parent_of(path));
    auto const creation = creation_of(H5P_DATASET_CREATE);
    check(H5Pset_layout(creation.get(), H5D_CONTIGUOUS), "choosing a layout");
    check(H5Pset_alloc_time(creation.get(), H5D_ALLOC_TIME_EARLY), "choosing when to take space");
    check(H5Pset_fill_time(creation.get(), H5D_FILL_TIME_NEVER), "leaving out fill values");
    auto made = own<Dataset>(H5Dcreate2(file, path.c_str(), type, space_of(shape).get(),
                                        utf8_name(H5P_LINK_CREATE).get(), creation.get(), H5P_DEFAULT),
                             "making the dataset " + path);
    auto const offset = H5Dget_offset(made.get());
    if (offset != HADDR_UNDEF) end_ = std::max<std::uint64_t>(end_, offset + bytes);
    return made;
  });
  reserve(0, doing);
  return dataset;
}

void Output::write_rows(Dataset const& dataset, std::string const& path, hid_t type, Rows rows,
                        std::span<std::byte const> bytes) {
  attempt(path + " (" + std::to_string(bytes.size()) + " bytes of one rank)",
          [&] { hdf5::write_rows(dataset.get(), type, rows, bytes, comm_.message_limit()); });
}

void Output::make_attribute(std::string const& object, std::string const& name, hid_t type,
                            void const* value) {
  std::string const doing = "attribute " + name + " of " + object;
  attempt(doing, [&] {
    auto const file = opened();
    if (auto const known = names_.find(object); known == names_.end() || known->second != Kind::dataset) {
      make_group(object);
    }
    auto const target = open_object(file, object);
    if (H5Aexists(target.get(), name.c_str()) > 0) throw BugError(doing + " is written twice");
    auto const attribute = own<Attribute>(H5Acreate2(target.get(), name.c_str(), type, space_of({}).get(),
                                                     utf8_name(H5P_ATTRIBUTE_CREATE).get(), H5P_DEFAULT),
                                          "making an attribute");
    check(H5Awrite(attribute.get(), type, value), "writing an attribute");
    end_ += kMetadataOfOne + H5Tget_size(type);
  });
  reserve(0, doing);
}

void Output::make_link(std::string const& path, std::string const& target) {
  attempt("the link " + path, [&] {
    auto const file = opened();
    check_name(target);
    claim(path, Kind::link);
    make_group(parent_of(path));
    check(H5Lcreate_soft(target.c_str(), file, path.c_str(), utf8_name(H5P_LINK_CREATE).get(), H5P_DEFAULT),
          "making a link");
  });
}

void Output::finish() {
  attempt("flushing it to disk", [&] { check(H5Fflush(opened(), H5F_SCOPE_GLOBAL), "flushing the file"); });
  attempt("closing it", [&] { check(file_.close(), "closing the file"); });
  attempt("looking at it once more", [&] {
    if (comm_.rank() != 0) return;
    // MPI-IO libraries have been seen to report success for writes that a full disk had refused.
    auto const written = own<File>(H5Fopen(temporary_.path().c_str(), H5F_ACC_RDONLY, serial_access().get()),
                                   "opening the file");
    open_everything(written.get());
  });
  together(comm_, [&] { temporary_.publish(); });
}

}  // namespace tessera::hdf5
