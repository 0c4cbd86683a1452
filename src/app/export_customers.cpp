// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/agree.hpp"

#include <optional>

#include "export_columns.hpp"
#include "reidentify.hpp"

namespace tessera {

namespace {

constexpr std::size_t kKeyBytes = 16;

std::string hexadecimal(std::uint8_t const* bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < kKeyBytes; ++i) {
    out += kDigits[bytes[i] >> 4U];
    out += kDigits[bytes[i] & 15U];
  }
  return out;
}

}  // namespace

void export_customers(ExportJob const& job) {
  auto const shape = job.reader.dataset("/customers/segment").shape;
  if (shape.size() != 1) throw inconsistent(job, "/customers/segment is no list");
  bool const keyed = job.reader.has("/customers/key");
  if (keyed && job.reader.dataset("/customers/key").shape != std::vector<std::uint64_t>{shape[0], kKeyBytes})
    throw inconsistent(job, "/customers/key does not hold 16 bytes for each customer");
  auto columns =
      number_columns(job.reader, "/customers", shape[0], {"segment", "distance", "margin", "weight"}, {});
  std::optional<CustomerIds> ids;
  if (job.request.reidentify) ids.emplace(reidentify(job));
  std::vector<std::string> titles;
  if (ids) titles.emplace_back("id");
  titles.emplace_back(keyed ? "key" : "row");
  for (auto const& column : columns) titles.push_back(column.name());
  Records records(job.request.format, titles);
  write_head(job, records.header());
  for_each_piece(job, shape[0], [&](RowBlocks const& piece) {
    std::vector<std::uint8_t> keys;
    if (keyed) keys = job.reader.read_rows<std::uint8_t>("/customers/key", piece);
    for (auto& column : columns) column.load(job.reader, piece);
    if (ids) ids->load(piece);
    auto const text = together(job.comm, [&] {
      for (std::size_t row = 0; row < piece.rows(); ++row) {
        if (ids) records.text(ids->id(row));
        if (keyed) {
          records.text(hexadecimal(keys.data() + row * kKeyBytes));
        } else {
          records.count(piece.first_row + row);
        }
        for (auto const& column : columns) column.put(records, row);
      }
      return records.take();
    });
    job.out.append(text);
  });
}

}  // namespace tessera
