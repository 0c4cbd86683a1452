// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/table_writer.hpp"

#include <utility>

#include "csv_table_format.hpp"
#include "csv_table_writer.hpp"
#include "hdf5_table_writer.hpp"

namespace tessera {

std::unique_ptr<TableWriter> open_table(std::string const& path, TableLayout const& layout,
                                        TableFileFormat format) {
  return format == TableFileFormat::csv ? open_csv_table(path, layout) : open_hdf5_table(path, layout);
}

class TableText::Keep final : public CsvTableFormat {
 public:
  using CsvTableFormat::CsvTableFormat;
  void commit() override { flush(); }
  [[nodiscard]] std::string take() {
    flush();
    return std::exchange(text_, {});
  }

 private:
  void drain(std::string_view text) override { text_ += text; }
  std::string text_;
};

TableText::TableText(TableLayout const& layout) : keep_(std::make_unique<Keep>(layout)) {}
TableText::~TableText() = default;

TableWriter& TableText::writer() noexcept {
  return *keep_;
}

std::string TableText::take() {
  return keep_->take();
}

std::string csv_header(TableLayout const& layout) {
  TableText header(layout);
  for (auto const& field : layout.fields) header.writer().text(field.name);
  header.writer().end_row();
  return header.take();
}

class TableSize::Discard final : public CsvTableFormat {
 public:
  using CsvTableFormat::CsvTableFormat;
  void commit() override { flush(); }
  [[nodiscard]] std::uint64_t bytes() {
    flush();
    return bytes_;
  }

 private:
  void drain(std::string_view text) override { bytes_ += text.size(); }
  std::uint64_t bytes_ = 0;
};

TableSize::TableSize(TableLayout const& layout, TableFileFormat format)
    : discard_(std::make_unique<Discard>(layout)),
      writer_(discard_.get()),
      hdf5_bytes_a_row_(format == TableFileFormat::hdf5 ? hdf5_bytes_a_row(layout) : 0) {}

TableSize::~TableSize() = default;

std::uint64_t TableSize::bytes() const {
  return hdf5_bytes_a_row_ > 0 ? rows() * hdf5_bytes_a_row_ : discard_->bytes();
}

}  // namespace tessera
