// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/agree.hpp"
#include "tessera/core/nearest_name.hpp"
#include "tessera/core/rational.hpp"
#include "tessera/io/file_digest.hpp"

#include <array>
#include <filesystem>
#include <memory>
#include <string_view>
#include <system_error>
#include <utility>

#include "audit_log.hpp"
#include "export_job.hpp"
#include "reidentify.hpp"
#include "sealing.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

/// Something that can be exported, with the dataset that a result has if it has it.
struct Part {
  std::string_view name, dataset;
  void (*run)(ExportJob const&);
  bool has_items;  ///< itemsets or rules: filters and SPMF make sense
  bool names_items;
};

constexpr std::array<Part, 5> kParts{{{"itemsets", "/itemsets/depth", export_itemsets, true, true},
                                      {"rules", "/rules/support", export_rules, true, true},
                                      {"segments", "/model/selected", export_segments, false, false},
                                      {"profiles", "/profiles/effect_size", export_profiles, false, true},
                                      {"customers", "/customers/segment", export_customers, false, false}}};

std::string names_of(std::vector<std::string> const& names) {
  return fmt::format("{}", fmt::join(names, ", "));
}

Part const& part_of(std::string const& what) {
  std::vector<std::string> names;
  for (auto const& part : kParts) {
    if (part.name == what) return part;
    names.emplace_back(part.name);
  }
  throw ConfigurationError(
      fmt::format("'{}' is nothing that can be exported", what), "an export is of one part of a result",
      fmt::format("choose one of {}; did you mean {}?", names_of(names), nearest_name(what, names)));
}

/// Options that mean nothing for a part are refused rather than ignored.
void check(ExportRequest const& request, Part const& part) {
  auto const refuse = [&](std::string const& option, std::string const& why) {
    throw ConfigurationError(fmt::format("{} with {}", option, part.name), why, "leave it out");
  };
  bool const filters = !request.min_support.empty() || request.min_length != 1 ||
                       request.max_length != ExportRequest().max_length;
  if (filters && !part.has_items)
    refuse("--min-support, --min-length or --max-length",
           "only itemsets and rules have a support and a length");
  if (request.format == ExportFormat::spmf && !part.has_items)
    refuse("--format spmf", "SPMF's format is one of itemsets and rules");
  if (!request.item_names.empty() && !part.names_items) refuse("--item-names", "there are no items in it");
  if (request.min_length > request.max_length) {
    throw ConfigurationError(
        fmt::format("--min-length {} is above --max-length {}", request.min_length, request.max_length),
        "nothing could be exported", "lower --min-length or raise --max-length");
  }
  check_reidentification(request);
  if (!request.encrypt_key.empty() && request.output.path.empty()) {
    throw ConfigurationError("--encrypt-key without -o", "only a file is encrypted",
                             "name the file with -o FILE");
  }
  if (!request.min_support.empty()) static_cast<void>(Share::parse(request.min_support, "--min-support"));
  std::error_code none;
  if (!request.output.path.empty() && std::filesystem::equivalent(request.file, request.output.path, none)) {
    throw ConfigurationError(fmt::format("-o {} is the result file itself", request.output.path),
                             "the export would take the place of the results", "choose another name");
  }
}

void require(ResultReader const& reader, Part const& part) {
  if (reader.has(std::string(part.dataset))) return;
  std::vector<std::string> present;
  for (auto const& other : kParts) {
    if (reader.has(std::string(other.dataset))) present.emplace_back(other.name);
  }
  throw InputError(fmt::format("{} holds no {}", reader.path(), part.name),
                   "the job that wrote it was not asked for them or found too many to make them",
                   present.empty()
                       ? "name another result file"
                       : fmt::format("export {}, or name another result file", names_of(present)));
}

std::int64_t min_cell_of(ExportRequest const& request, ResultReader const& reader) {
  if (request.min_cell) return *request.min_cell;
  return reader.attributes("/run").contains("min_cell") ? reader.integer("/run", "min_cell") : 1;
}

/// *Collective.*
AuditAct act_of(Communicator const& comm, ExportRequest const& request, ResultReader const& reader) {
  bool const of_customers = request.what == "customers";
  auto const shape = of_customers ? reader.dataset("/customers/segment").shape : std::vector<std::uint64_t>();
  return {.command = "export " + request.what,
          .result = reader.path(),
          .output = request.output.path.empty() ? "standard output" : request.output.path,
          .digest = hex(file_digest(comm, reader.path())),
          .customers = shape.empty() ? 0 : shape[0],
          .reidentified = request.reidentify};
}

void export_part(Communicator const& comm, ExportRequest const& request) {
  auto const& part = part_of(request.what);
  together(comm, [&] { check(request, part); });
  ResultReader const reader(comm, request.file);
  require(reader, part);
  AuditLog log(comm, request.audit_log);
  auto filter = request.encrypt_key.empty() ? nullptr : make_sealer(comm, request.encrypt_key);
  TextOutput out(comm, request.output.path, request.output.existing(), std::move(filter));
  // Known before a byte can leave: standard output cannot be taken back.
  log.add([&] { return act_of(comm, request, reader); });
  part.run({comm, reader, request, min_cell_of(request, reader), out});
  out.commit();
}

}  // namespace

void add_export(CLI::App& app, Action& chosen) {
  auto* const command = app.add_subcommand("export", "Write a part of a result file as text");
  auto const request = std::make_shared<ExportRequest>();
  command->add_option("file", request->file, "Result file")->required();
  command->add_option("what", request->what, "itemsets, rules, segments, profiles or customers")->required();
  command->add_option("-o,--output", request->output.path, "Text file; without it, standard output");
  command->add_flag("--force", request->output.force, "Replace an existing text file");
  command
      ->add_option("--format", request->format,
                   "csv; jsonl, a JSON object a line; spmf, the format of the SPMF library")
      ->transform(CLI::CheckedTransformer(std::map<std::string, ExportFormat>(
          {{"csv", ExportFormat::csv}, {"jsonl", ExportFormat::jsonl}, {"spmf", ExportFormat::spmf}})))
      ->default_str("csv");
  command->add_option("--item-names", request->item_names,
                      "File with a line `item,name` for each item that is to have another name");
  command->add_option("--min-support", request->min_support,
                      "Only itemsets and rules of this support: \"1%\", \"3/1000\" or a count");
  command->add_option("--min-length", request->min_length, "Least items of an itemset or rule")
      ->capture_default_str();
  command->add_option("--max-length", request->max_length, "Most items of an itemset or rule")
      ->capture_default_str();
  command
      ->add_option("--min-cell", request->min_cell,
                   "Leave out counts of fewer customers; without it, the run's privacy.min_cell")
      ->check(CLI::NonNegativeNumber);
  command->add_flag("--reidentify", request->reidentify,
                    "Customers with their ids in the clear, into a file (-o) of mode 0600");
  command->add_option("--key", request->key_file, "With --reidentify: the key file of the run");
  command->add_option("--source", request->source,
                      "With --reidentify: the configuration (TOML) that names the table with the ids");
  command->add_option("--encrypt-key", request->encrypt_key,
                      "Encrypt the file (-o) with this key; tessera decrypt reads it");
  command
      ->add_option("--audit-log", request->audit_log,
                   "Log that appends who exported what; see docs/security.md")
      ->envname("TESSERA_AUDIT_LOG");
  command->footer(
      "Examples: tessera export runs/demo.h5 rules -o rules.csv\n"
      "          tessera export retail.h5 itemsets --format spmf --min-length 2 | head\n"
      "          mpirun -n 4 tessera export runs/2026Q3.h5 customers -o labels.csv");
  command->callback(
      [&chosen, request] { chosen = [request](Communicator const& comm) { export_part(comm, *request); }; });
}

}  // namespace tessera
