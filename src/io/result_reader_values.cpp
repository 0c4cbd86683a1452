// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/collectives.hpp"

#include <charconv>
#include <cstring>

#include "hdf5_rows.hpp"
#include "result_format.hpp"
#include "result_reader_state.hpp"
#include "storable_types.hpp"
#include "stored_blocks.hpp"
#include "stored_digest.hpp"

namespace tessera {

namespace {

/// Bytes read at a time where only the digest of a dataset is wanted; a larger block is read whole.
constexpr std::size_t kBatch = std::size_t{16} << 20;

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

InputError wrong_type(std::string const& path, std::string const& dataset, std::string const& wanted) {
  return hdf5::unreadable(path, dataset + " holds values of another type than " + wanted);
}

/// *Collective.* All elements as stored, on every rank.
template <class T, class State>
std::vector<T> read_all(State const& state, hdf5::Dataset const& dataset, hid_t type) {
  auto const shape = hdf5::shape_of(dataset.get());
  auto const rows = hdf5::row_count(shape);
  std::vector<T> values;
  state.reading([&] {
    values.resize(rows * hdf5::row_bytes(shape, H5Tget_size(type)) / sizeof(T));
    if (state.comm.rank() != 0) return;
    hdf5::read_rows(dataset.get(), type, {0, rows}, std::as_writable_bytes(std::span(values)),
                    state.comm.message_limit());
  });
  broadcast(state.comm, std::span(values), 0);
  return values;
}

}  // namespace

template <Storable T>
std::vector<T> ResultReader::read(std::string const& dataset) const {
  auto const opened = state_->open(dataset);
  auto const type = hdf5::stored_type<T>();
  together(state_->comm, [&] {
    if (!hdf5::stores<T>(opened.get())) throw wrong_type(state_->path, dataset, hdf5::type_name(type));
  });
  return read_all<T>(*state_, opened, type);
}

std::vector<std::string> ResultReader::read_strings(std::string const& dataset) const {
  auto const opened = state_->open(dataset);
  auto const type = state_->reading([&] {
    auto stored = hdf5::own<hdf5::Type>(H5Dget_type(opened.get()), "the type of " + dataset);
    if (H5Tget_class(stored.get()) != H5T_STRING || H5Tis_variable_str(stored.get()) != 0) {
      throw wrong_type(state_->path, dataset, "fixed-length string");
    }
    return stored;
  });
  auto const width = H5Tget_size(type.get());
  return unpad(read_all<char>(*state_, opened, type.get()), width, width);
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
    if (!record) throw wrong_type(state_->path, dataset, "records of stage and seconds");
    width = bytes - sizeof(double);
    return stored;
  });
  auto const bytes = read_all<char>(*state_, opened, type.get());
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
  if (!how.starts_with('/') || !has(how) || how == dataset) {
    throw hdf5::unreadable(state_->path,
                           dataset + " says that its blocks are \"" + how + "\", which means nothing");
  }
  auto const offsets = state_->open(how);
  return state_->reading([&] {
    auto const shape = hdf5::shape_of(offsets.get());
    if (shape.size() != 1 || shape[0] == 0 || !hdf5::stores<std::uint64_t>(offsets.get())) {
      throw hdf5::unreadable(state_->path, how + " is not a list of offsets");
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
    if (!hdf5::stores<T>(opened.get())) throw wrong_type(state_->path, dataset, hdf5::type_name(type));
    auto const shape = hdf5::shape_of(opened.get());
    if (shape.empty() || shape[0] != blocks.total_rows) {
      throw hdf5::unreadable(state_->path, dataset + " of shape " + hdf5::to_string(shape) +
                                               " does not have " + std::to_string(blocks.total_rows) +
                                               " rows");
    }
    std::vector<T> values(blocks.rows() * (hdf5::row_bytes(shape, sizeof(T)) / sizeof(T)));
    hdf5::read_rows(opened.get(), type, {blocks.first_row, blocks.rows()},
                    std::as_writable_bytes(std::span(values)), state_->comm.message_limit());
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
      auto const bytes_to = [&](std::size_t block) {
        return (blocks.offset[block] - blocks.offset[first]) * row_bytes;
      };
      end = first + 1;
      while (end < blocks.blocks() && bytes_to(end + 1) <= kBatch) ++end;
      buffer.resize(bytes_to(end));
      hdf5::read_rows(opened.get(), type.get(),
                      {blocks.first_row + blocks.offset[first], blocks.offset[end] - blocks.offset[first]},
                      buffer, state_->comm.message_limit());
      std::vector<NumberedBlock> numbered;
      for (auto block = first; block < end; ++block) {
        numbered.push_back({&digest, blocks.first_block + block,
                            std::span<std::byte const>(buffer).subspan(
                                bytes_to(block), bytes_to(block + 1) - bytes_to(block))});
      }
      add_blocks(numbered);
    }
    return digest;
  }));
}

#define TESSERA_INSTANTIATE(T)                                             \
  template std::vector<T> ResultReader::read<T>(std::string const&) const; \
  template std::vector<T> ResultReader::read_rows<T>(std::string const&, RowBlocks const&) const;
TESSERA_FOR_EACH_STORABLE(TESSERA_INSTANTIATE)
#undef TESSERA_INSTANTIATE

}  // namespace tessera
