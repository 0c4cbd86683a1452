// SPDX-License-Identifier: Apache-2.0
#include "hdf5_table_writer.hpp"

#include "tessera/core/narrow.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

#include "hdf5.hpp"
#include "iso_date.hpp"
#include "temporary_file.hpp"

namespace tessera {

namespace {

constexpr std::uint64_t kRowsPerChunk = 8192;  // 64 KiB of numbers: large enough to write, small for a part
constexpr std::uint32_t kDateBytes = 10;
/// Disk space kept ahead for what HDF5 writes besides values: for the file, for a column, for a chunk.
constexpr std::uint64_t kMetadataOfFile = std::uint64_t{64} << 10, kMetadataOfColumn = std::uint64_t{8} << 10,
                        kMetadataOfChunk = 256;

enum class Stored { text, integer, real };

Stored stored_as(TableField const& field) {
  if (field.type == FieldType::text || field.type == FieldType::date) return Stored::text;
  return field.type == FieldType::decimal || field.optional ? Stored::real : Stored::integer;
}

std::size_t bytes_of(TableField const& field) {
  if (stored_as(field) != Stored::text) return 8;
  return field.type == FieldType::date ? kDateBytes : std::max<std::uint32_t>(1, field.width);
}

class Hdf5TableWriter final : public TableWriter {
 public:
  Hdf5TableWriter(std::string const& path, TableLayout const& layout)
      : file_name_(Communicator::self(), path, Existing::refuse) {
    attempt([&] { create(layout); });
  }
  ~Hdf5TableWriter() override {
    if (!committed_) file_name_.discard();  // gives its space back, so that closing the file can end well
  }

  void text(std::string_view value) override {
    auto& column = columns_[field_];
    if (value.size() > column.bytes)
      throw BugError("the column " + column.name + " is too narrow for a value of " +
                     std::to_string(value.size()) + " bytes");
    put(value.data(), value.size());
  }
  void id(char letter, std::uint64_t number) override {
    std::array<char, 24> digits;
    digits[0] = letter;
    auto const* const end = std::to_chars(digits.data() + 1, digits.data() + digits.size(), number).ptr;
    text({digits.data(), static_cast<std::size_t>(end - digits.data())});
  }
  void integer(std::int64_t value) override {
    if (columns_[field_].stored == Stored::real) {
      put_real(static_cast<double>(value));
    } else {
      put(&value, sizeof value);
    }
  }
  void decimal(std::int64_t value) override {
    // A quotient of exact numbers rounds to what reading the decimals rounds to.
    put_real(static_cast<double>(value) / columns_[field_].scale);
  }
  void date(std::int32_t day) override {
    auto const iso = iso_date(day);
    put(iso.data(), iso.size());
  }
  void missing() override {
    if (columns_[field_].stored == Stored::text) {
      put("", 0);
    } else {
      put_real(std::numeric_limits<double>::quiet_NaN());
    }
  }
  void end_row() override {
    if (field_ != columns_.size())
      throw BugError("a row of " + std::to_string(field_) + " fields of " + std::to_string(columns_.size()));
    field_ = 0;
    ++rows_;
    if (++held_ == kRowsPerChunk) flush();
  }
  void commit() override {
    flush();
    attempt([&] {
      for (auto& column : columns_) hdf5::check(column.dataset.close(), "closing a column");
      hdf5::check(file_.close(), "closing the file");
    });
    file_name_.publish();
    committed_ = true;
  }

 private:
  struct Column {
    std::string name;
    Stored stored;
    std::size_t bytes;
    double scale;
    hdf5::Type text_type;
    hdf5::Dataset dataset;
    std::vector<std::byte> values;  ///< [kRowsPerChunk][bytes]

    [[nodiscard]] hid_t type() const {
      if (stored == Stored::text) return text_type.get();
      return stored == Stored::integer ? hdf5::stored_type<std::int64_t>() : hdf5::stored_type<double>();
    }
  };

  template <class Work>
  void attempt(Work&& work) {
    try {
      work();
    } catch (hdf5::Failure const& failure) {
      throw ResourceError(
          "cannot write " + file_name_.target() + ": " + failure.what() + "; " + file_name_.free_space(),
          "the table would be incomplete", "free space there, or choose another folder");
    }
  }

  /// Takes the space for everything up to here and one more chunk a column: were HDF5 to find the disk full
  /// by itself, it could not close the file.
  void reserve() {
    end_ += kMetadataOfChunk * columns_.size();
    for (auto const& column : columns_) end_ += kRowsPerChunk * column.bytes;
    file_name_.reserve(end_, "the next rows");
  }

  void create(TableLayout const& layout) {
    file_name_.reserve(end_ = kMetadataOfFile + kMetadataOfColumn * layout.fields.size(), "an empty table");
    auto const access = hdf5::serial_access();
    // Chunks are written whole, once: through the cache they would be copied, and fail late.
    hdf5::check(H5Pset_cache(access.get(), 0, 0, 0, 0.0), "cache settings");
    file_ = hdf5::own<hdf5::File>(
        H5Fcreate(file_name_.path().c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access.get()), "creating the file");
    file_name_.forget_reserved();  // with the file cut to nothing
    file_name_.reserve(end_, "an empty table");
    auto const group = hdf5::own<hdf5::Group>(
        H5Gcreate2(file_.get(), layout.name.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
        "making the group " + layout.name);
    for (auto const& field : layout.fields) add_column(group.get(), field);
  }

  void add_column(hid_t group, TableField const& field) {
    Column column{field.name, stored_as(field), bytes_of(field), std::pow(10.0, field.digits), {}, {}, {}};
    if (column.stored == Stored::text) column.text_type = hdf5::text_type(column.bytes);
    column.values.resize(kRowsPerChunk * column.bytes);
    hsize_t const none = 0, chunk = kRowsPerChunk, unlimited = H5S_UNLIMITED;
    auto const space = hdf5::own<hdf5::Space>(H5Screate_simple(1, &none, &unlimited), "a growing shape");
    auto const how = hdf5::properties(H5P_DATASET_CREATE);
    hdf5::check(H5Pset_chunk(how.get(), 1, &chunk), "chunks");
    hdf5::check(H5Pset_obj_track_times(how.get(), false), "leaving times out");
    column.dataset = hdf5::own<hdf5::Dataset>(H5Dcreate2(group, field.name.c_str(), column.type(),
                                                         space.get(), H5P_DEFAULT, how.get(), H5P_DEFAULT),
                                              "making the column " + field.name);
    columns_.push_back(std::move(column));
  }

  void put(void const* value, std::size_t bytes) {
    auto& column = columns_[field_++];
    auto* const at = column.values.data() + held_ * column.bytes;
    std::memcpy(at, value, bytes);
    std::memset(at + bytes, 0, column.bytes - bytes);
  }
  void put_real(double value) { put(&value, sizeof value); }

  void flush() {
    if (held_ == 0) return;
    reserve();
    attempt([&] {
      hsize_t const first = rows_ - held_, count = held_, total = rows_;
      for (auto& column : columns_) {
        hdf5::check(H5Dset_extent(column.dataset.get(), &total), "growing the column " + column.name);
        auto const file = hdf5::own<hdf5::Space>(H5Dget_space(column.dataset.get()), "the shape of a column");
        auto const memory = hdf5::own<hdf5::Space>(H5Screate_simple(1, &count, nullptr), "a shape");
        hdf5::check(H5Sselect_hyperslab(file.get(), H5S_SELECT_SET, &first, nullptr, &count, nullptr),
                    "rows");
        hdf5::check(H5Dwrite(column.dataset.get(), column.type(), memory.get(), file.get(), H5P_DEFAULT,
                             column.values.data()),
                    "writing the column " + column.name);
      }
    });
    held_ = 0;
  }

  TemporaryFile file_name_;
  hdf5::File file_;
  std::vector<Column> columns_;
  std::size_t field_ = 0;
  std::uint64_t held_ = 0;  ///< rows in the columns' buffers
  std::uint64_t end_ = 0;   ///< bound on the end of the file
  bool committed_ = false;
};

}  // namespace

std::unique_ptr<TableWriter> open_hdf5_table(std::string const& path, TableLayout const& layout) {
  return std::make_unique<Hdf5TableWriter>(path, layout);
}

std::uint64_t hdf5_bytes_a_row(TableLayout const& layout) {
  std::uint64_t bytes = 0;
  for (auto const& field : layout.fields) bytes += bytes_of(field);
  return bytes;
}

}  // namespace tessera
