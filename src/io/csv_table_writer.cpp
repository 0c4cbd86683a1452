// SPDX-License-Identifier: Apache-2.0
#include "csv_table_writer.hpp"

#include "tessera/io/text_output.hpp"

#include "csv_table_format.hpp"

namespace tessera {

namespace {

class CsvTableWriter final : public CsvTableFormat {
 public:
  CsvTableWriter(std::string const& path, TableLayout const& layout)
      : CsvTableFormat(layout), out_(Communicator::self(), path, Existing::refuse) {
    out_.append(csv_header(layout));
  }

  void commit() override {
    flush();
    out_.commit();
  }

 private:
  void drain(std::string_view text) override { out_.append(text); }

  TextOutput out_;
};

}  // namespace

std::unique_ptr<TableWriter> open_csv_table(std::string const& path, TableLayout const& layout) {
  return std::make_unique<CsvTableWriter>(path, layout);
}

}  // namespace tessera
