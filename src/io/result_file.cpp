// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/result_file.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/io/block_writer.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <optional>

#include "block_writer_state.hpp"
#include "hdf5_output.hpp"
#include "result_format.hpp"
#include "storable_types.hpp"
#include "stored_blocks.hpp"
#include "stored_digest.hpp"

namespace tessera {

namespace {

/// What a block of a dataset that every rank has holds, about.
constexpr std::uint64_t kBytesPerBlock = std::uint64_t{1} << 20;

std::size_t longest(std::span<std::string const> texts) {
  std::size_t width = 1;  // HDF5 has no strings of length 0
  for (auto const& text : texts) width = std::max(width, text.size());
  return width;
}

/// Puts `texts` into records of `stride` bytes, each padded with zeros to `width`.
std::vector<std::byte> pad(std::span<std::string const> texts, std::size_t width, std::size_t stride) {
  std::vector<std::byte> bytes(texts.size() * stride);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (texts[i].size() > width || texts[i].find('\0') != std::string::npos) {
      throw BugError("a stored text holds a zero byte");  // readers would end it there
    }
    std::memcpy(bytes.data() + i * stride, texts[i].data(), texts[i].size());
  }
  return bytes;
}

}  // namespace

struct ResultFile::State {
  Communicator comm;
  hdf5::Output output;
  std::map<std::string, std::string> digests;  ///< by dataset
  AttributeRecords records;
  std::optional<RowBlocks> blocks;  ///< those of kBlockOffsets

  void write_text(std::string const& object, std::string const& name, std::string_view value) {
    std::string const text(value);
    auto const bytes = pad(std::span(&text, 1), text.size(), std::max<std::size_t>(1, text.size()));
    output.make_attribute(object, name, hdf5::text_type(bytes.size()).get(), bytes.data());
    if (!is_of_digests(object)) records.add(object, name, value);
  }

  /// *Collective.* A dataset with its description, and no values yet.
  hdf5::Dataset make(std::string const& path, hid_t type, std::vector<std::uint64_t> const& shape,
                     std::string const& digest_blocks, Description const& description) {
    auto dataset = output.make_dataset(path, type, shape);
    write_text(path, "description", description.description);
    write_text(path, "units", description.units);
    write_text(path, "shape_of", description.shape_of);
    write_text(path, kDigestBlocks, digest_blocks);
    return dataset;
  }

  /// *Collective.* A dataset of which each rank has the rows of its blocks.
  void write(std::string const& path, hid_t type, std::vector<std::uint64_t> const& shape,
             RowBlocks const& mine, std::string const& digest_blocks, std::span<std::byte const> rows,
             Description const& description) {
    auto const dataset = make(path, type, shape, digest_blocks, description);
    output.write_rows(dataset, path, type, {mine.first_row, mine.rows()}, rows);
    if (is_of_digests(path)) return;
    digests[path] = hex(digest_of_rows(comm, mine, hdf5::row_bytes(shape, H5Tget_size(type)), rows));
  }

  /// *Collective.* A dataset that every rank has: each writes and digests a share of its rows.
  void write_shared(std::string const& path, hid_t type, std::vector<std::uint64_t> const& shape,
                    std::span<std::byte const> all, Description const& description) {
    auto const row_bytes = hdf5::row_bytes(shape, H5Tget_size(type));
    auto const rows_per_block =
        std::max<std::uint64_t>(1, kBytesPerBlock / std::max<std::uint64_t>(1, row_bytes));
    auto const mine = even_blocks(hdf5::row_count(shape), rows_per_block, comm);
    check_bytes(path, shape, all.size(), mine.total_rows * row_bytes);
    write(path, type, shape, mine, std::string(kRowsPrefix) + std::to_string(rows_per_block),
          all.subspan(mine.first_row * row_bytes, mine.rows() * row_bytes), description);
  }

  /// *Collective.*
  void check_bytes(std::string const& path, std::vector<std::uint64_t> const& shape, std::uint64_t given,
                   std::uint64_t wanted) const {
    together(comm, [&] {
      if (given != wanted) {
        throw BugError(path + " of shape " + hdf5::to_string(shape) + " needs " + std::to_string(wanted) +
                       " bytes on this rank and is given " + std::to_string(given));
      }
    });
  }

  /// *Collective.* How the blocks of a row dataset are found again. Stores their offsets unless they are
  /// even.
  std::string describe_blocks(RowBlocks const& mine, std::string const& path) {
    check_consistent(comm, mine);
    std::string even = std::string(kRowsPrefix) + std::to_string(kRowsPerBlock);
    bool const is_even = same(mine, even_blocks(mine.total_rows, kRowsPerBlock, comm));
    if (all_reduce(comm, is_even ? 1 : 0, Reduce::minimum) == 1) return even;
    if (blocks) {
      together(comm, [&] {
        if (!same(mine, *blocks)) throw BugError(path + " has other blocks than the row datasets before it");
      });
      return kBlockOffsets;
    }
    auto const offsets = block_offsets(comm, mine);
    write(kBlockOffsets, hdf5::stored_type<std::uint64_t>(), {mine.total_blocks + 1},
          even_blocks(mine.total_blocks + 1, kRowsPerBlock, comm), even, std::as_bytes(std::span(offsets)),
          {"First row of every block of rows; at the end, the number of rows", "rows", "blocks + 1"});
    blocks = mine;
    return kBlockOffsets;
  }
};

ResultFile::ResultFile(Communicator const& comm, std::string path, Existing existing)
    : state_(new State{comm, {comm, std::move(path), existing}, {}, {}, {}}) {
  state_->output.start();
  attribute("/", kFormatAttribute, kFormatName);
  attribute("/", kVersionAttribute, kFormatVersion);
}

ResultFile::~ResultFile() = default;

void ResultFile::reserve(std::uint64_t bytes) {
  state_->output.reserve(bytes, "the whole result");
}

template <Storable T>
void ResultFile::write(std::string const& dataset, std::span<T const> values,
                       std::vector<std::uint64_t> const& shape, Description const& description) {
  state_->write_shared(dataset, hdf5::stored_type<T>(), shape, std::as_bytes(values), description);
}

void ResultFile::write(std::string const& dataset, std::span<std::string const> values,
                       Description const& description) {
  auto const width = longest(values);
  state_->write_shared(dataset, hdf5::text_type(width).get(), {values.size()}, pad(values, width, width),
                       description);
}

template <Storable T>
void ResultFile::write_rows(std::string const& dataset, RowBlocks const& blocks, std::span<T const> values,
                            std::vector<std::uint64_t> const& row_shape, Description const& description) {
  std::vector<std::uint64_t> shape{blocks.total_rows};
  shape.insert(shape.end(), row_shape.begin(), row_shape.end());
  state_->check_bytes(dataset, shape, values.size_bytes(), blocks.rows() * hdf5::row_bytes(shape, sizeof(T)));
  auto const digest_blocks = state_->describe_blocks(blocks, dataset);
  state_->write(dataset, hdf5::stored_type<T>(), shape, blocks, digest_blocks, std::as_bytes(values),
                description);
}

BlockWriter ResultFile::write_blocks(std::string const& offset_dataset,
                                     std::span<std::uint64_t const> offsets,
                                     std::span<BlockColumn const> columns) {
  write(offset_dataset, offsets, {offsets.size()},
        {"First row of every block; at the end, the number of rows", "rows", "blocks + 1"});
  auto state = std::make_unique<BlockWriter::State>();
  state->offsets.assign(offsets.begin(), offsets.end());
  state->message_limit = state_->comm.message_limit();
  for (auto const& column : columns) {
    auto const type = stored_type(column.type);
    state->columns.push_back({column.dataset, type, H5Tget_size(type), {}, {}});
    state->columns.back().dataset =
        state_->make(column.dataset, type, {offsets.back()}, offset_dataset, column.description);
  }
  return BlockWriter(std::move(state));
}

void ResultFile::end_blocks(BlockWriter&& writer) {
  agree(state_->comm, writer.state_->failure);
  for (auto& column : writer.state_->columns)
    state_->digests[column.path] = hex(combine(state_->comm, column.digest));
  writer.state_.reset();
}

void ResultFile::attribute(std::string const& object, std::string const& name, std::string_view value) {
  state_->write_text(object, name, value);
}

void ResultFile::attribute(std::string const& object, std::string const& name, std::int64_t value) {
  state_->output.make_attribute(object, name, hdf5::stored_type<std::int64_t>(), &value);
  state_->records.add(object, name, value);
}

void ResultFile::attribute(std::string const& object, std::string const& name, double value) {
  state_->output.make_attribute(object, name, hdf5::stored_type<double>(), &value);
  state_->records.add(object, name, value);
}

void ResultFile::write_timings(std::string const& dataset, std::span<Timing const> timings) {
  std::vector<std::string> stages;
  for (auto const& timing : timings) stages.push_back(timing.stage);
  auto const width = longest(stages);
  auto const bytes_each = width + sizeof(double);
  auto const record = hdf5::own<hdf5::Type>(H5Tcreate(H5T_COMPOUND, bytes_each), "a record type");
  hdf5::check(H5Tinsert(record.get(), kStageMember, 0, hdf5::text_type(width).get()), "a member of a record");
  hdf5::check(H5Tinsert(record.get(), kSecondsMember, width, hdf5::stored_type<double>()),
              "a member of a record");
  auto bytes = pad(stages, width, bytes_each);
  for (std::size_t i = 0; i < timings.size(); ++i) {
    std::memcpy(bytes.data() + i * bytes_each + width, &timings[i].seconds, sizeof(double));
  }
  state_->write_shared(dataset, record.get(), {timings.size()}, bytes,
                       {"Time of each stage, the maximum over ranks", "seconds", "stages"});
}

void ResultFile::link(std::string const& link_path, std::string const& target) {
  state_->output.make_link(link_path, target);
  state_->records.add(link_path, "", std::string_view(target));
}

void ResultFile::commit() {
  std::vector<std::string> names, values;
  for (auto const& [dataset, digest] : state_->digests) {
    names.push_back(dataset);
    values.push_back(digest);
  }
  write(kDigestedDatasets, names, {"Datasets whose digests follow", "1", "datasets"});
  write(kDigestValues, values,
        {"Digest of each dataset, hexadecimal (docs/file-format.md)", "1", "datasets"});
  state_->write_text(kDigestGroup, kAttributesDigest, hex(state_->records.digest()));
  state_->output.finish();
}

#define TESSERA_INSTANTIATE(T)                                                                      \
  template void ResultFile::write<T>(std::string const&, std::span<T const>,                        \
                                     std::vector<std::uint64_t> const&, Description const&);        \
  template void ResultFile::write_rows<T>(std::string const&, RowBlocks const&, std::span<T const>, \
                                          std::vector<std::uint64_t> const&, Description const&);
TESSERA_FOR_EACH_STORABLE(TESSERA_INSTANTIATE)
#undef TESSERA_INSTANTIATE

}  // namespace tessera
