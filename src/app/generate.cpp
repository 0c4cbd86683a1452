// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/error.hpp"
#include "tessera/generate/bank.hpp"

#include <memory>

#include "command.hpp"
#include "generate_configuration.hpp"
#include "stages.hpp"
#include "with_commas.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

struct GenerateRequest {
  generate::BankSpec bank;
  generate::BankFiles files;
  double customers = 0;
  bool force = false, dry_run = false;
};

void print(std::vector<generate::TableTotal> const& totals, std::string_view words) {
  std::uint64_t rows = 0, bytes = 0;
  fmt::print("{:<8} {:<14} {:>18} {:>20}\n", "quarter", "table", "rows", "bytes");
  for (auto const& total : totals) {
    fmt::print("{:<8} {:<14} {:>18} {:>20}\n", total.quarter, total.table, with_commas(total.rows),
               with_commas(total.bytes));
    rows += total.rows;
    bytes += total.bytes;
  }
  fmt::print("{:<8} {:<14} {:>18} {:>20}\n{}\n", "all", "", with_commas(rows), with_commas(bytes), words);
}

void generate_files(Communicator const& comm, GenerateRequest request) {
  request.bank.customers = static_cast<std::uint64_t>(request.customers);
  if (static_cast<double>(request.bank.customers) != request.customers) {
    throw ConfigurationError(fmt::format("--customers {}", request.customers),
                             "customers are counted in whole", "give a whole number");
  }
  request.files.existing = request.force ? Existing::replace : Existing::refuse;
  check(request.bank, request.files);
  if (request.dry_run) {
    if (comm.rank() == 0) {
      print(generate::expected_sizes(request.bank, request.files.format),
            "Expected, from a sample of customers; nothing is written.");
    }
    return;
  }
  if (request.files.folder.empty()) {
    throw ConfigurationError("no -o FOLDER is given", "a bank is a folder of files", "name a new folder");
  }
  request.files.extra.push_back({"segments.toml", segments_configuration(request.bank, request.files)});
  request.files.extra.push_back({"features.toml", features_configuration(request.bank, request.files)});
  Stages stage(comm);
  if (request.files.parts < static_cast<unsigned>(comm.size())) {
    stage.console().note(fmt::format("{} ranks share out {} parts: some have nothing to write; see --parts",
                                     comm.size(), request.files.parts));
  }
  auto const totals = stage("generate", [&](Progress& progress) {
    return generate_bank(comm, request.bank, request.files, progress);
  });
  std::uint64_t rows = 0;
  for (auto const& total : totals) rows += total.rows;
  stage.console().note(fmt::format("{} customers, {} rows in {}", with_commas(request.bank.customers),
                                   with_commas(rows), request.files.folder));
}

}  // namespace

void add_generate(CLI::App& app, Action& chosen) {
  auto* const command =
      app.add_subcommand("generate", "Write a synthetic bank with planted truth, of any size");
  auto const request = std::make_shared<GenerateRequest>();
  auto& bank = request->bank;
  command->add_option("--customers", request->customers, "Customers over all quarters: 1000, 1e6")
      ->required()
      ->check(CLI::Range(1.0, static_cast<double>(generate::kMostCustomers)));
  command->add_option("--seed", bank.seed, "Of every draw")->capture_default_str();
  command->add_option("-o,--output", request->files.folder, "Folder of the bank");
  command->add_option("--quarters", bank.quarters, "The last is 2026Q3; customers come, move and go between")
      ->capture_default_str();
  command->add_option("--transactions-per-customer", bank.transactions_per_customer, "Mean of a quarter")
      ->capture_default_str();
  command->add_option("--parts", request->files.parts, "Files of each table, shared out over ranks")
      ->capture_default_str();
  command->add_option("--difficulty", bank.difficulty, "How far segments are apart: easy or realistic")
      ->transform(CLI::CheckedTransformer(std::map<std::string, generate::Difficulty>(
          {{"easy", generate::Difficulty::easy}, {"realistic", generate::Difficulty::realistic}})))
      ->default_str("realistic");
  command->add_option("--format", request->files.format, "csv or hdf5")
      ->transform(CLI::CheckedTransformer(std::map<std::string, TableFileFormat>(
          {{"csv", TableFileFormat::csv}, {"hdf5", TableFileFormat::hdf5}})))
      ->default_str("csv");
  command->add_flag("--dry-run", request->dry_run, "Print rows and bytes to expect; write nothing");
  command->add_flag("--force", request->force, "Replace an earlier bank in the folder");
  command->footer(
      "Examples: tessera generate --customers 10000 --difficulty easy -o bank\n"
      "          mpirun -n 16 tessera generate --customers 1e6 --quarters 1 --parts 64 -o /scratch/bank");
  command->callback([&chosen, request] {
    chosen = [request](Communicator const& comm) { generate_files(comm, *request); };
  });
}

}  // namespace tessera
