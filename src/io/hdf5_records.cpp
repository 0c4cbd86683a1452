// SPDX-License-Identifier: Apache-2.0
#include "hdf5_records.hpp"

#include "tessera/core/error.hpp"
#include "tessera/core/nearest_name.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "hdf5_fields.hpp"
#include "hdf5_heap.hpp"
#include "hdf5_input.hpp"
#include "hdf5_walk.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

using hdf5::own;

constexpr std::uint64_t kBytesTogether = 8 << 20;  // of the records read at a time
constexpr std::uint64_t kMostTogether = 1 << 16;   // rows
constexpr std::uint64_t kMostWithTexts = 1 << 10;  // rows, where texts have any length
constexpr std::uint64_t kMostText = std::uint64_t{1} << 30;
constexpr std::uint64_t kChunkCache = std::uint64_t{1} << 30;  // bytes, of all columns together

/// Opens a column with a cache of `bytes` for its chunks.
hdf5::Dataset open_cached(hid_t file, std::string const& path, std::uint64_t bytes) {
  auto access = hdf5::properties(H5P_DATASET_ACCESS);
  hdf5::check(H5Pset_chunk_cache(access.get(), 1, bytes, 1.0), "choosing a cache of chunks");
  return own<hdf5::Dataset>(H5Dopen2(file, path.c_str(), access.get()), "opening " + path);
}

/// "/a/b" of "a/b/".
std::string absolute(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path.starts_with('/') ? path : "/" + path;
}

class Hdf5Records : public RecordFile {
 public:
  Hdf5Records(TableSpec const& spec, FileEntry const& entry)
      : path_(entry.path),
        object_(absolute(spec.dataset)),
        longest_(spec.max_record_bytes),
        arena_(longest_, kMostText) {
    reading([&] { open(); });
  }

  std::uint64_t rows() const override { return rows_; }
  std::vector<std::string> const& names() const override { return names_; }
  std::uint64_t rows_together() const override { return rows_together_; }
  void select(std::span<std::string const> fields) override {
    reading([&] { select_fields(fields); });
  }
  void read(std::uint64_t first, std::uint64_t count, std::vector<FieldValues>& fields) override {
    reading([&] { read_rows(first, count, fields); });
  }

 private:
  template <class Work>
  void reading(Work const& work) {
    try {
      work();
    } catch (hdf5::Failure const& failure) {
      if (!arena_.refused().empty()) throw hdf5::unreadable(path_, object_ + " has " + arena_.refused());
      throw hdf5::unreadable(path_, failure.what());
    }
  }

  void open() {
    auto const access = hdf5::serial_access();
    if (H5Fis_hdf5(path_.c_str()) <= 0) throw hdf5::unreadable(path_, "it is not an HDF5 file");
    file_ = own<hdf5::File>(H5Fopen(path_.c_str(), H5F_ACC_RDONLY, access.get()), "opening it");
    heap_.emplace(file_.get());
    if (!hdf5::leads_inside(file_.get(), object_)) {
      throw hdf5::unreadable(path_, fmt::format("there is no '{}' in it, or it is in another file", object_));
    }
    auto const object = hdf5::open_object(file_.get(), object_);
    is_group_ = H5Iget_type(object.get()) == H5I_GROUP;
    if (is_group_) {
      list_columns();
    } else if (H5Iget_type(object.get()) == H5I_DATASET) {
      open_records();
    } else {
      throw hdf5::unreadable(path_, object_ + " is neither a dataset nor a group");
    }
  }

  /// The compound dataset and its members.
  void open_records() {
    datasets_.push_back(open_column(object_, 1));
    auto const type = own<hdf5::Type>(H5Dget_type(datasets_.front().get()), "a dataset's type");
    if (H5Tget_class(type.get()) != H5T_COMPOUND) {
      throw hdf5::unreadable(path_,
                             fmt::format("{} holds {}, not records", object_, hdf5::type_name(type.get())));
    }
    int const members = H5Tget_nmembers(type.get());
    hdf5::check(members, "a record's fields");
    for (unsigned i = 0; i < static_cast<unsigned>(members); ++i) {
      char* const name = H5Tget_member_name(type.get(), i);
      if (name == nullptr) throw hdf5::Failure("a field's name");
      names_.emplace_back(name);
      H5free_memory(name);
    }
    rows_ = hdf5::shape_of(datasets_.front().get()).front();
  }

  /// The names of all that is directly in the group. Whether they are columns, and how many rows these have,
  /// is looked at when some are selected.
  void list_columns() {
    std::string const folder = object_ == "/" ? object_ : object_ + "/";
    for (auto const& link : hdf5::links_of(file_.get())) {
      if (!link.path.starts_with(folder)) continue;
      std::string name = link.path.substr(folder.size());
      if (name.find('/') == std::string::npos) names_.push_back(std::move(name));
    }
  }

  /// Rows are read from first to last, so that one chunk in the cache is enough to unpack each once. Where
  /// the chunks of `columns` like this one take too much memory, they are unpacked anew for every read.
  hdf5::Dataset open_column(std::string const& path, std::size_t columns) {
    if (!hdf5::leads_inside(file_.get(), path))
      throw hdf5::unreadable(path_, path + " is a link into another file, or leads nowhere");
    if (H5Iget_type(hdf5::open_object(file_.get(), path).get()) != H5I_DATASET)
      throw hdf5::unreadable(path_, path + " is not a dataset");
    std::uint64_t chunk = 0;
    {
      auto const dataset = open_cached(file_.get(), path, 0);
      auto const reason = hdf5::why_not_a_column(file_.get(), dataset.get());
      if (!reason.empty()) throw hdf5::unreadable(path_, path + " " + reason);
      chunk = hdf5::chunk_bytes(dataset.get());
    }
    return open_cached(file_.get(), path, chunk > kChunkCache / columns ? 0 : chunk);
  }

  void select_fields(std::span<std::string const> wanted) {
    fields_.clear();
    for (auto const& name : wanted) {
      if (std::find(names_.begin(), names_.end(), name) == names_.end()) {
        throw hdf5::unreadable(path_, names_.empty()
                                          ? object_ + " is empty"
                                          : fmt::format("{} has no field '{}'; the nearest is '{}'", object_,
                                                        name, nearest_name(name, names_)));
      }
    }
    is_group_ ? select_columns(wanted) : select_members(wanted);
    std::uint64_t bytes = 1, texts = 0;
    bool any_length = false;
    for (auto const& field : fields_) {
      bytes += field.bytes;
      if (field.kind == FieldValues::Kind::texts && !field.variable) texts += field.bytes;
      any_length = any_length || field.variable;
    }
    if (texts > longest_) {
      throw hdf5::unreadable(path_,
                             fmt::format("the texts of a record of {} have room for {} bytes, more than "
                                         "max_record_bytes = {}",
                                         object_, texts, longest_));
    }
    rows_together_ =
        std::clamp<std::uint64_t>(kBytesTogether / bytes, 1, any_length ? kMostWithTexts : kMostTogether);
  }

  void select_columns(std::span<std::string const> wanted) {
    datasets_.clear();
    for (auto const& name : wanted) {
      std::string const path = (object_ == "/" ? object_ : object_ + "/") + name;
      auto dataset = open_column(path, wanted.size());
      auto const type = own<hdf5::Type>(H5Dget_type(dataset.get()), "a dataset's type");
      add_field(path, name, type.get());
      std::uint64_t const length = hdf5::shape_of(dataset.get()).front();
      if (!datasets_.empty() && length != rows_) {
        throw hdf5::unreadable(
            path_, fmt::format("{} has {} rows, but the columns before it {}", path, length, rows_));
      }
      rows_ = length;
      datasets_.push_back(std::move(dataset));
    }
  }

  void select_members(std::span<std::string const> wanted) {
    auto const type = own<hdf5::Type>(H5Dget_type(datasets_.front().get()), "a dataset's type");
    std::size_t bytes = 0;
    for (auto const& name : wanted) {
      int const index = H5Tget_member_index(type.get(), name.c_str());
      hdf5::check(index, "the field " + name);
      auto const member =
          own<hdf5::Type>(H5Tget_member_type(type.get(), static_cast<unsigned>(index)), "a field's type");
      add_field(object_ + "." + name, name, member.get());
      bytes += fields_.back().bytes;
    }
    record_ = own<hdf5::Type>(H5Tcreate(H5T_COMPOUND, std::max<std::size_t>(bytes, 1)), "a record's type");
    std::size_t at = 0, described = 0;
    for (auto const& field : fields_) {
      hdf5::check(H5Tinsert(record_.get(), field.name.c_str(), at, field.memory.get()), "a record's type");
      at += field.bytes;
      described += field.variable ? hdf5::TextHeap::kDescriptorBytes : 0;
    }
    descriptors_ = {};
    if (described == 0) return;
    descriptors_ = own<hdf5::Type>(H5Tcreate(H5T_COMPOUND, described), "a record's type");
    at = 0;
    for (auto const& field : fields_) {
      if (!field.variable) continue;
      hdf5::check(H5Tinsert(descriptors_.get(), field.name.c_str(), at, hdf5::TextHeap::descriptor().get()),
                  "a record's type");
      at += hdf5::TextHeap::kDescriptorBytes;
    }
  }

  void add_field(std::string const& path, std::string const& name, hid_t type) {
    try {
      fields_.push_back(hdf5::stored_field(name, type, longest_));
    } catch (hdf5::Failure const& failure) {
      throw hdf5::unreadable(path_, path + ": " + failure.what());
    }
  }

  void read_rows(std::uint64_t first, std::uint64_t count, std::vector<FieldValues>& values) {
    arena_.clear();
    values.resize(fields_.size());
    buffers_.resize(is_group_ ? fields_.size() : 1);
    if (count == 0) return;
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      if (is_group_) {
        if (fields_[i].variable)
          check_texts(datasets_[i].get(), hdf5::TextHeap::descriptor().get(), first, count);
        read_dataset(datasets_[i].get(), fields_[i].memory.get(), first, count, buffers_[i]);
        hdf5::take_values(fields_[i], buffers_[i].data(), fields_[i].bytes, count, values[i]);
      }
    }
    if (is_group_ || fields_.empty()) return;
    if (descriptors_.is_open()) check_texts(datasets_.front().get(), descriptors_.get(), first, count);
    read_dataset(datasets_.front().get(), record_.get(), first, count, buffers_.front());
    std::size_t at = 0;
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      hdf5::take_values(fields_[i], buffers_.front().data() + at, H5Tget_size(record_.get()), count,
                        values[i]);
      at += fields_[i].bytes;
    }
  }

  /// `type`: a descriptor, or a record of some.
  void check_texts(hid_t dataset, hid_t type, std::uint64_t first, std::uint64_t count) {
    read_dataset(dataset, type, first, count, described_);
    std::size_t const stride = H5Tget_size(type);
    for (std::size_t at = 0; at < stride; at += hdf5::TextHeap::kDescriptorBytes) {
      auto const reason = heap_->why_unreadable(described_.data() + at, stride, count, longest_);
      if (!reason.empty()) throw hdf5::unreadable(path_, object_ + " has " + reason);
    }
  }

  void read_dataset(hid_t dataset, hid_t memory_type, std::uint64_t first, std::uint64_t count,
                    std::vector<std::byte>& buffer) {
    buffer.resize(count * H5Tget_size(memory_type));
    hsize_t const start = first, rows = count;
    auto const stored = own<hdf5::Space>(H5Dget_space(dataset), "a dataset's extent");
    hdf5::check(H5Sselect_hyperslab(stored.get(), H5S_SELECT_SET, &start, nullptr, &rows, nullptr),
                "selecting rows");
    auto const memory = own<hdf5::Space>(H5Screate_simple(1, &rows, nullptr), "a buffer's extent");
    hdf5::check(
        H5Dread(dataset, memory_type, memory.get(), stored.get(), arena_.transfer().get(), buffer.data()),
        fmt::format("reading rows {} to {} of {}", first + 1, first + count, object_));
  }

  std::string path_, object_;
  std::uint64_t longest_;
  hdf5::TextArena arena_;
  hdf5::File file_;
  bool is_group_ = false;
  std::vector<hdf5::Dataset> datasets_;  // one for each selected column, or the records
  std::vector<std::string> names_;
  std::vector<hdf5::StoredField> fields_;  // selected
  hdf5::Type record_;                      // the selected members, packed
  hdf5::Type descriptors_;                 // of those that are texts of variable length; may be none
  std::optional<hdf5::TextHeap> heap_;
  std::vector<std::byte> described_;
  std::uint64_t rows_ = 0, rows_together_ = 1;
  std::vector<std::vector<std::byte>> buffers_;
};

}  // namespace

std::unique_ptr<RecordFile> open_hdf5_records(TableSpec const& spec, FileEntry const& file) {
  return std::make_unique<Hdf5Records>(spec, file);
}

}  // namespace tessera
