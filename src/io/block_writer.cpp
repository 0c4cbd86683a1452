// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/block_writer.hpp"

#include <utility>

#include "block_writer_state.hpp"
#include "hdf5_rows.hpp"
#include "stored_digest.hpp"

namespace tessera {

hid_t stored_type(ElementType type) {
  switch (type) {
    case ElementType::uint8:
      return hdf5::stored_type<std::uint8_t>();
    case ElementType::uint16:
      return hdf5::stored_type<std::uint16_t>();
    case ElementType::int32:
      return hdf5::stored_type<std::int32_t>();
    case ElementType::int64:
      return hdf5::stored_type<std::int64_t>();
  }
  throw BugError("an element type without a stored form");
}

BlockWriter::BlockWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
BlockWriter::BlockWriter(BlockWriter&&) noexcept = default;
BlockWriter::~BlockWriter() = default;

void BlockWriter::put(std::uint64_t first, std::uint64_t blocks,
                      std::span<std::span<std::byte const> const> columns) {
  if (state_->failure || blocks == 0) return;
  auto const& offsets = state_->offsets;
  std::uint64_t const first_row = offsets[first], rows = offsets[first + blocks] - first_row;
  try {
    std::vector<NumberedBlock> numbered;
    for (std::size_t c = 0; c < columns.size(); ++c) {
      auto& column = state_->columns[c];
      if (columns[c].size() != rows * column.element_bytes) {
        throw BugError(column.path + " is given " + std::to_string(columns[c].size()) + " bytes for " +
                       std::to_string(rows) + " rows");
      }
      for (auto block = first; block < first + blocks; ++block) {
        auto const begin = (offsets[block] - first_row) * column.element_bytes;
        auto const end = (offsets[block + 1] - first_row) * column.element_bytes;
        numbered.push_back({&column.digest, block, columns[c].subspan(begin, end - begin)});
      }
      hdf5::write_rows(column.dataset.get(), column.type, {first_row, rows}, columns[c],
                       state_->message_limit);
    }
    add_blocks(numbered);
  } catch (hdf5::Failure const& failure) {
    state_->failure.emplace(
        ResourceError(std::string("cannot write a block of the output file: ") + failure.what(),
                      "the results would be lost", "free space there, or choose another folder"));
  } catch (...) {
    state_->failure = as_error(std::current_exception());
  }
}

}  // namespace tessera
