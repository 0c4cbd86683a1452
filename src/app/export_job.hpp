// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/io/result_reader.hpp"
#include "tessera/io/text_output.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

#include "command.hpp"
#include "export_records.hpp"
#include "inconsistent.hpp"

/// What the parts of `tessera export` share: the request, and rows taken piece by piece in bounded memory.
namespace tessera {

struct ExportRequest {
  std::string file, what;
  ExportFormat format = ExportFormat::csv;
  Output output;  ///< no path: standard output
  std::string item_names, min_support;
  std::uint64_t min_length = 1, max_length = 65535;
  std::optional<std::int64_t> min_cell{};  ///< none: the run's
  bool reidentify = false;                 ///< customers with their ids, which `source` and the key tell
  std::string key_file, source{};
  std::string encrypt_key, audit_log{};
};

struct ExportJob {
  Communicator const& comm;
  ResultReader const& reader;
  ExportRequest const& request;
  std::int64_t min_cell;  ///< counts below it are left out
  TextOutput& out;
};

// *Collective.* What can be exported. Each throws InputError where the file's parts do not fit each other.
void export_itemsets(ExportJob const& job);
void export_rules(ExportJob const& job);
void export_segments(ExportJob const& job);
void export_profiles(ExportJob const& job);
void export_customers(ExportJob const& job);

/// Rows of a piece: a rank's share of a round.
inline constexpr std::uint64_t kExportPiece = 1 << 16;

/// *Collective.* Calls visit(piece) round by round, on all ranks as often; pieces of a round follow each
/// other by rank and are empty on ranks that do not write.
template <class Visit>
void for_each_piece(ExportJob const& job, std::uint64_t rows, Visit&& visit) {
  auto const writers = static_cast<std::uint64_t>(job.out.writers());
  auto const rank = static_cast<std::uint64_t>(job.comm.rank());
  for (std::uint64_t start = 0; start < rows; start += writers * kExportPiece) {
    auto const first = rank < writers ? std::min(rows, start + rank * kExportPiece) : rows;
    RowBlocks piece;
    piece.total_rows = rows;
    piece.first_row = first;
    piece.offset = {0, std::min(kExportPiece, rows - first)};
    visit(static_cast<RowBlocks const&>(piece));
  }
}

/// *Collective.* Rank 0 writes what stands before all records.
inline void write_head(ExportJob const& job, std::string const& head) {
  job.out.append(job.comm.rank() == 0 ? std::string_view(head) : std::string_view());
}

[[nodiscard]] inline InputError inconsistent(ExportJob const& job, std::string const& what) {
  return inconsistent(job.reader, what);
}

}  // namespace tessera
