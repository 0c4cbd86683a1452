// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/read_ids.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/io/csv_header.hpp"
#include "tessera/io/csv_share.hpp"
#include "tessera/io/csv_text.hpp"

#include <optional>
#include <span>

#include <fmt/format.h>

namespace tessera {

namespace {

/// This rank's ids, batch by batch.
class CsvIds {
 public:
  CsvIds(CsvShare& share, CsvStart const& start, CsvLayout const& layout, bool has_header)
      : share_(share), start_(start), layout_(layout), has_header_(has_header) {}

  /// Local. Empty when there are no more.
  IdBatch next(std::size_t most) {
    IdBatch batch;
    CsvRecord record;
    while (batch.length.size() < most && find(record)) {
      if (auto const id = id_of(record)) batch.add(*id);
    }
    return batch;
  }

 private:
  bool find(CsvRecord& record) {
    for (;;) {
      if (records_ && records_->next(record)) return true;
      if (range_ == share_.ranges().size()) return false;
      records_.emplace(share_.records(range_++, start_));
    }
  }

  std::optional<std::string_view> id_of(CsvRecord const& record) {
    if (has_header_ && record.number == 1) return std::nullopt;
    if (record.fields() != layout_.fields) return std::nullopt;
    auto const field = record.field(*layout_.key);
    if (!record.has_quote(*layout_.key)) return field;
    if (!is_well_quoted(field)) return std::nullopt;
    return unquoted(field, scratch_);
  }

  CsvShare& share_;
  CsvStart const& start_;
  CsvLayout const& layout_;
  bool has_header_;
  std::optional<CsvRecords> records_;
  std::size_t range_ = 0;
  std::string scratch_;
};

/// *Collective.* How the first of this rank's ranges starts.
CsvStart start_of(Communicator const& comm, CsvShare const& share) {
  auto const tails = all_gather(comm, share.tail());
  if (share.ranges().empty()) return {};
  return csv_start(std::span(tails).first(static_cast<std::size_t>(comm.rank())), share.ranges().front());
}

}  // namespace

std::vector<std::string_view> IdBatch::ids() const {
  std::vector<std::string_view> out;
  out.reserve(length.size());
  std::size_t at = 0;
  for (auto const bytes : length) {
    out.emplace_back(text.data() + at, bytes);
    at += bytes;
  }
  return out;
}

void read_ids(Communicator const& comm, TableSpec const& spec, std::size_t at_a_time,
              std::function<void(IdBatch const&)> const& take) {
  if (spec.key.empty()) {
    throw ConfigurationError(fmt::format("table '{}' has no key column", spec.name),
                             "its rows carry no customer id, only their ordinal",
                             "name the column with the ids as the table's key, and run the job with it");
  }
  std::string const what = fmt::format("table '{}'", spec.name);
  auto const dialect = together(comm, [&] { return csv_dialect(spec); });
  auto const files = list_files(comm, spec.path, what);
  auto const names = column_names(comm, spec, dialect, files);
  auto const layout = together(comm, [&] { return csv_layout(spec, names); });
  bool const has_header = spec.header.empty();
  CsvShare share(files, comm.rank(), comm.size(), dialect);
  together(comm, [&] {
    for (auto const& range : share.ranges()) {
      if (has_header && range.begin == 0) check_header(files[range.file], dialect, files.front(), names);
    }
    share.scan(Progress::silent(), "");
  });
  auto const start = start_of(comm, share);
  CsvIds ids(share, start, layout, has_header);
  for (;;) {
    auto const batch = together(comm, [&] { return ids.next(at_a_time); });
    if (all_reduce(comm, std::uint64_t{batch.length.size()}, Reduce::maximum) == 0) return;
    take(batch);
  }
}

}  // namespace tessera
