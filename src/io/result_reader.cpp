// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/result_reader.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "hdf5_catalogue.hpp"
#include "hdf5_input.hpp"
#include "hdf5_rows.hpp"
#include "result_format.hpp"
#include "stored_blocks.hpp"
#include "stored_digest.hpp"
#include "tessera/comm/collectives.hpp"

namespace tessera {

namespace {

/// Bytes read at a time where only the digest of a dataset is wanted; a larger block is read whole.
constexpr std::size_t kBatch = std::size_t{16} << 20;

void check_format(hdf5::Catalogue const& catalogue, std::string const& path) {
  auto const& root = catalogue.attributes.at("/");
  auto const format = root.find(kFormatAttribute);
  if (format == root.end() || format->second != AttributeValue(std::string(kFormatName))) {
    throw hdf5::unreadable(path, "it is not a result file of Tessera");
  }
  auto const version = root.find(kVersionAttribute);
  if (version == root.end() || version->second != AttributeValue(kFormatVersion)) {
    throw hdf5::unreadable(path, "its format version is not " + std::to_string(kFormatVersion) +
                                     ", the one that this program knows");
  }
}

/// The number in "rows:1024"; 0 when there is none.
std::uint64_t rows_per_block(std::string_view digest_blocks) {
  if (!digest_blocks.starts_with(kRowsPrefix)) return 0;
  digest_blocks.remove_prefix(kRowsPrefix.size());
  std::uint64_t rows = 0;
  auto const end = digest_blocks.data() + digest_blocks.size();
  auto const parsed = std::from_chars(digest_blocks.data(), end, rows);
  return parsed.ec == std::errc() && parsed.ptr == end ? rows : 0;
}

std::vector<std::string> unpad(std::span<char const> bytes, std::size_t width, std::size_t stride) {
  std::vector<std::string> texts;
  for (std::size_t at = 0; at + width <= bytes.size(); at += stride) {
    std::string_view const text(bytes.data() + at, width);
    texts.emplace_back(text.substr(0, text.find('\0')));
  }
  return texts;
}

}  // namespace

struct ResultReader::State {
  Communicator comm;
  std::string path;
  hdf5::File file;
  hdf5::Catalogue catalogue;

  /// *Collective.*
  hdf5::Dataset open(std::string const& dataset) const { return hdf5::open_dataset(comm, file, path, dataset); }

  /// *Collective.* Runs rank-local work on the file.
  template <class Work>
  auto reading(Work&& work) const {
    return hdf5::reading(comm, path, std::forward<Work>(work));
  }

  /// *Collective.* All elements as stored, on every rank.
  template <class T>
  std::vector<T> read_all(hdf5::Dataset const& dataset, hid_t type) const {
    auto const shape = hdf5::shape_of(dataset.get());
    auto const rows = hdf5::row_count(shape);
    std::vector<T> values;
    reading([&] {
      values.resize(rows * hdf5::row_bytes(shape, H5Tget_size(type)) / sizeof(T));
      if (comm.rank() != 0) return;
      hdf5::read_rows(dataset.get(), type, {0, rows}, std::as_writable_bytes(std::span(values)), comm.message_limit());
    });
    broadcast(comm, std::span(values), 0);
    return values;
  }

  [[noreturn]] void wrong_type(std::string const& dataset, std::string const& wanted) const {
    throw hdf5::unreadable(path, dataset + " holds values of another type than " + wanted);
  }

  AttributeValue const& attribute(std::string const& object, std::string const& name) const {
    auto const known = catalogue.attributes.find(object);
    if (known != catalogue.attributes.end()) {
      if (auto const value = known->second.find(name); value != known->second.end()) return value->second;
    }
    throw hdf5::unreadable(path, object + " has no attribute " + name);
  }

  template <class T>
  T const& attribute_of_type(std::string const& object, std::string const& name) const {
    auto const* const value = std::get_if<T>(&attribute(object, name));
    if (value == nullptr) throw hdf5::unreadable(path, "attribute " + name + " of " + object + " has another type");
    return *value;
  }
};

ResultReader::ResultReader(Communicator const& comm, std::string path)
    : state_(new State{comm, std::move(path), {}, {}}) {
  state_->file = hdf5::open_to_read(comm, state_->path);
  state_->catalogue = state_->reading([&] { return hdf5::catalogue_of(state_->file.get(), state_->path); });
  together(comm, [&] { check_format(state_->catalogue, state_->path); });
}

ResultReader::~ResultReader() = default;

std::string const& ResultReader::path() const noexcept { return state_->path; }

bool ResultReader::has(std::string const& object) const {
  return state_->catalogue.attributes.contains(object) || state_->catalogue.links.contains(object);
}

std::vector<DatasetInfo> const& ResultReader::datasets() const noexcept { return state_->catalogue.datasets; }

DatasetInfo const& ResultReader::dataset(std::string const& path) const {
  for (auto const& info : datasets()) {
    if (info.path == path) return info;
  }
  throw hdf5::unreadable(state_->path, "it has no dataset " + path);
}

std::map<std::string, AttributeValue> const& ResultReader::attributes(std::string const& object) const {
  static std::map<std::string, AttributeValue> const none;
  auto const known = state_->catalogue.attributes.find(object);
  return known == state_->catalogue.attributes.end() ? none : known->second;
}

std::string const& ResultReader::text(std::string const& object, std::string const& attribute) const {
  return state_->attribute_of_type<std::string>(object, attribute);
}

std::int64_t ResultReader::integer(std::string const& object, std::string const& attribute) const {
  return state_->attribute_of_type<std::int64_t>(object, attribute);
}

double ResultReader::real(std::string const& object, std::string const& attribute) const {
  return state_->attribute_of_type<double>(object, attribute);
}

std::optional<std::string> ResultReader::link_target(std::string const& link) const {
  auto const known = state_->catalogue.links.find(link);
  if (known == state_->catalogue.links.end()) return std::nullopt;
  return known->second;
}

Digest ResultReader::attributes_digest() const {
  AttributeRecords records;
  for (auto const& [object, attributes] : state_->catalogue.attributes) {
    if (is_of_digests(object)) continue;
    for (auto const& [name, value] : attributes) {
      auto const& object_name = object;
      auto const& attribute_name = name;
      std::visit([&](auto const& v) { records.add(object_name, attribute_name, v); }, value);
    }
  }
  for (auto const& [link, target] : state_->catalogue.links) records.add(link, "", std::string_view(target));
  return records.digest();
}

template <Storable T>
std::vector<T> ResultReader::read(std::string const& dataset) const {
  auto const opened = state_->open(dataset);
  auto const type = hdf5::stored_type<T>();
  together(state_->comm, [&] {
    if (!hdf5::stores<T>(opened.get())) state_->wrong_type(dataset, hdf5::type_name(type));
  });
  return state_->read_all<T>(opened, type);
}

std::vector<std::string> ResultReader::read_strings(std::string const& dataset) const {
  auto const opened = state_->open(dataset);
  auto const type = state_->reading([&] {
    auto stored = hdf5::own<hdf5::Type>(H5Dget_type(opened.get()), "the type of " + dataset);
    if (H5Tget_class(stored.get()) != H5T_STRING || H5Tis_variable_str(stored.get()) != 0) {
      state_->wrong_type(dataset, "fixed-length string");
    }
    return stored;
  });
  auto const width = H5Tget_size(type.get());
  return unpad(state_->read_all<char>(opened, type.get()), width, width);
}

std::vector<ResultFile::Timing> ResultReader::read_timings(std::string const& dataset) const {
  auto const opened = state_->open(dataset);
  std::size_t width = 0;
  auto const type = state_->reading([&] {
    auto stored = hdf5::own<hdf5::Type>(H5Dget_type(opened.get()), "the type of " + dataset);
    auto const bytes = H5Tget_size(stored.get());
    bool const record = H5Tget_class(stored.get()) == H5T_COMPOUND && H5Tget_nmembers(stored.get()) == 2 &&
                        H5Tget_member_index(stored.get(), kStageMember) == 0 &&
                        H5Tget_member_index(stored.get(), kSecondsMember) == 1 && bytes > sizeof(double) &&
                        H5Tget_member_offset(stored.get(), 1) == bytes - sizeof(double);
    if (!record) state_->wrong_type(dataset, "records of stage and seconds");
    width = bytes - sizeof(double);
    return stored;
  });
  auto const bytes = state_->read_all<char>(opened, type.get());
  std::vector<ResultFile::Timing> timings;
  for (auto& stage : unpad(bytes, width, width + sizeof(double))) timings.push_back({std::move(stage), 0.0});
  for (std::size_t i = 0; i < timings.size(); ++i) {
    std::memcpy(&timings[i].seconds, bytes.data() + i * (width + sizeof(double)) + width, sizeof(double));
  }
  return timings;
}

RowBlocks ResultReader::row_blocks(std::string const& dataset) const {
  auto const& info = this->dataset(dataset);
  auto const total_rows = hdf5::row_count(info.shape);
  auto const& how = text(dataset, kDigestBlocks);
  if (auto const rows = rows_per_block(how); rows > 0) return even_blocks(total_rows, rows, state_->comm);
  if (how != kBlockOffsets) {
    throw hdf5::unreadable(state_->path, dataset + " says that its blocks are \"" + how + "\", which means nothing");
  }
  auto const offsets = state_->open(kBlockOffsets);
  return state_->reading([&] {
    auto const shape = hdf5::shape_of(offsets.get());
    if (shape.size() != 1 || shape[0] == 0 || !hdf5::stores<std::uint64_t>(offsets.get())) {
      throw hdf5::unreadable(state_->path, std::string(kBlockOffsets) + " is not a list of offsets");
    }
    auto const total_blocks = shape[0] - 1;
    Placement const placement(total_blocks, state_->comm.size());
    auto const first = placement.first_block(state_->comm.rank());
    std::vector<std::uint64_t> mine(placement.first_block(state_->comm.rank() + 1) - first + 1);
    hdf5::read_rows(offsets.get(), hdf5::stored_type<std::uint64_t>(), {first, mine.size()},
                    std::as_writable_bytes(std::span(mine)), state_->comm.message_limit());
    return blocks_from_offsets(mine, first, total_blocks, total_rows);
  });
}

template <Storable T>
std::vector<T> ResultReader::read_rows(std::string const& dataset, RowBlocks const& blocks) const {
  auto const opened = state_->open(dataset);
  return state_->reading([&] {
    auto const type = hdf5::stored_type<T>();
    if (!hdf5::stores<T>(opened.get())) state_->wrong_type(dataset, hdf5::type_name(type));
    auto const shape = hdf5::shape_of(opened.get());
    if (shape.empty() || shape[0] != blocks.total_rows) {
      throw hdf5::unreadable(state_->path, dataset + " of shape " + hdf5::to_string(shape) + " does not have " +
                                               std::to_string(blocks.total_rows) + " rows");
    }
    std::vector<T> values(blocks.rows() * (hdf5::row_bytes(shape, sizeof(T)) / sizeof(T)));
    hdf5::read_rows(opened.get(), type, {blocks.first_row, blocks.rows()}, std::as_writable_bytes(std::span(values)),
                    state_->comm.message_limit());
    return values;
  });
}

Digest ResultReader::digest(std::string const& dataset) const {
  auto const blocks = row_blocks(dataset);
  auto const opened = state_->open(dataset);
  return combine(state_->comm, state_->reading([&] {
    auto const type = hdf5::own<hdf5::Type>(H5Dget_type(opened.get()), "the type of " + dataset);
    auto const row_bytes = hdf5::row_bytes(hdf5::shape_of(opened.get()), H5Tget_size(type.get()));
    BlockDigest digest;
    std::vector<std::byte> buffer;
    for (std::size_t first = 0, end = 0; first < blocks.blocks(); first = end) {
      auto const bytes_to = [&](std::size_t block) { return (blocks.offset[block] - blocks.offset[first]) * row_bytes; };
      end = first + 1;
      while (end < blocks.blocks() && bytes_to(end + 1) <= kBatch) ++end;
      buffer.resize(bytes_to(end));
      hdf5::read_rows(opened.get(), type.get(),
                      {blocks.first_row + blocks.offset[first], blocks.offset[end] - blocks.offset[first]}, buffer,
                      state_->comm.message_limit());
      for (auto block = first; block < end; ++block) {
        digest.add(blocks.first_block + block,
                   std::span(buffer).subspan(bytes_to(block), bytes_to(block + 1) - bytes_to(block)));
      }
    }
    return digest;
  }));
}

#define TESSERA_INSTANTIATE(T)                                                      \
  template std::vector<T> ResultReader::read<T>(std::string const&) const; \
  template std::vector<T> ResultReader::read_rows<T>(std::string const&, RowBlocks const&) const;
TESSERA_INSTANTIATE(std::uint8_t)
TESSERA_INSTANTIATE(std::uint16_t)
TESSERA_INSTANTIATE(std::int32_t)
TESSERA_INSTANTIATE(std::uint32_t)
TESSERA_INSTANTIATE(std::int64_t)
TESSERA_INSTANTIATE(std::uint64_t)
TESSERA_INSTANTIATE(float)
TESSERA_INSTANTIATE(double)
#undef TESSERA_INSTANTIATE

}  // namespace tessera
