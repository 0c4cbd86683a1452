// SPDX-License-Identifier: Apache-2.0
#include "tessera/generate/bank.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/core/error.hpp"
#include "tessera/core/narrow.hpp"
#include "tessera/generate/customer_maker.hpp"
#include "tessera/io/text_output.hpp"

#include <algorithm>
#include <memory>

#include "bank_folder.hpp"
#include "readme.hpp"
#include "truth.hpp"
#include <fmt/format.h>

namespace tessera::generate {

namespace {

/// Index of a table of a quarter in lists of both.
std::size_t index_of(unsigned q, std::size_t table) {
  return q * tables().size() + table;
}

std::vector<TableTotal> empty_totals(BankSpec const& spec) {
  std::vector<TableTotal> totals;
  for (unsigned q = 0; q < spec.quarters; ++q) {
    for (auto const& table : tables()) totals.push_back({spec.quarter(q).name(), table.layout().name, 0, 0});
  }
  return totals;
}

std::vector<std::string> folders_of(BankSpec const& spec) {
  std::vector<std::string> folders{"truth"};
  for (unsigned q = 0; q < spec.quarters; ++q) {
    folders.push_back(spec.quarter(q).name());
    for (auto const& table : tables()) folders.push_back(spec.quarter(q).name() + "/" + table.layout().name);
  }
  return folders;
}

/// The first customer of a part; `part` may be the number of parts.
std::uint64_t first_customer(BankSpec const& spec, unsigned parts, std::uint64_t part) {
  return static_cast<std::uint64_t>(static_cast<unsigned __int128>(spec.customers) * part / parts);
}

/// Writes parts, one after the other.
class PartWriter {
 public:
  PartWriter(BankSpec const& spec, BankFiles const& files, BankFolder& folder)
      : spec_(spec), files_(files), folder_(folder), maker_(spec), totals_(empty_totals(spec)) {}

  /// Local. Calls done(customers) now and then.
  template <class Done>
  void write(unsigned part, Done&& done) {
    constexpr std::uint64_t kCustomersAStep = 1000;
    std::vector<std::unique_ptr<TableWriter>> out;
    for (auto const& total : totals_) {
      auto const layout = tables()[out.size() % tables().size()].layout();
      auto const name = part_name(total.quarter, total.table, files_.format, narrow<int>(part));
      out.push_back(open_table(folder_.file(name), layout, files_.format));
    }
    auto const end = first_customer(spec_, files_.parts, part + 1);
    for (auto ordinal = first_customer(spec_, files_.parts, part); ordinal < end; ++ordinal) {
      maker_.make(ordinal, [&](CustomerQuarter const& customer) {
        for (std::size_t t = 0; t < tables().size(); ++t)
          tables()[t].write(customer, *out[index_of(customer.q, t)]);
      });
      if (ordinal % kCustomersAStep == 0) done(kCustomersAStep);
    }
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i]->commit();
      totals_[i].rows += out[i]->rows();
    }
  }

  [[nodiscard]] std::vector<TableTotal> const& totals() const noexcept { return totals_; }

 private:
  BankSpec spec_;
  BankFiles const& files_;
  BankFolder& folder_;
  CustomerMaker maker_;
  std::vector<TableTotal> totals_;
};

/// *Collective.* All parts, a round of one for each rank at a time, so that a failure stops every rank soon.
std::vector<TableTotal> write_parts(Communicator const& comm, BankSpec const& spec, BankFiles const& files,
                                    BankFolder& folder, Progress& progress) {
  PartWriter writer(spec, files, folder);
  auto const ranks = narrow<unsigned>(comm.size());
  auto const rounds = (files.parts + ranks - 1) / ranks;
  double const mine = static_cast<double>(rounds) * static_cast<double>(spec.customers) / files.parts;
  double done = 0;
  for (unsigned round = 0; round < rounds; ++round) {
    auto const part = round * ranks + narrow<unsigned>(comm.rank());
    together(comm, [&] {
      if (part >= files.parts) return;
      writer.write(part, [&](std::uint64_t customers) {
        done += static_cast<double>(customers);
        progress.update(done, mine, fmt::format("part {} of {}", part + 1, files.parts));
      });
    });
  }
  auto totals = writer.totals();
  std::vector<std::uint64_t> rows;
  for (auto const& total : totals) rows.push_back(total.rows);
  all_reduce(comm, std::span(rows), Reduce::sum);
  for (std::size_t i = 0; i < totals.size(); ++i) totals[i].rows = rows[i];
  return totals;
}

/// *Collective.* A small file that rank 0 has.
void write_file(Communicator const& comm, BankFolder& folder, std::string const& name,
                std::string_view content) {
  TextOutput out(comm, folder.file(name), Existing::refuse);
  out.append(comm.rank() == 0 ? content : std::string_view());
  out.commit();
}

}  // namespace

std::string part_name(std::string_view quarter, std::string_view table, TableFileFormat format, int part) {
  return fmt::format("{}/{}/part-{}.{}", quarter, table, part < 0 ? "*" : fmt::format("{:05}", part),
                     format == TableFileFormat::csv ? "csv" : "h5");
}

void check(BankSpec const& spec, BankFiles const& files) {
  constexpr unsigned kMostParts = 100'000;
  auto const refuse = [](std::string what, std::string why, std::string remedy) {
    throw ConfigurationError(std::move(what), std::move(why), std::move(remedy));
  };
  if (spec.customers == 0 || spec.customers > kMostCustomers) {
    refuse(fmt::format("--customers {}", spec.customers), "a bank has 1 to 2^48 - 1 customers",
           "give a number of customers");
  }
  if (files.parts == 0 || files.parts > kMostParts) {
    refuse(fmt::format("--parts {}", files.parts),
           fmt::format("each table is written as 1 to {} files", kMostParts), "give a number of parts");
  }
  if (spec.quarters == 0 || spec.quarters > kMostQuarters) {
    refuse(fmt::format("--quarters {}", spec.quarters),
           fmt::format("a bank has 1 to {} quarters", kMostQuarters), "give a number of quarters");
  }
  constexpr double kMostTransactions = 1e6;
  double const transactions = spec.transactions_per_customer;
  if (!(transactions >= kLeastTransactions && transactions <= kMostTransactions)) {
    refuse(fmt::format("--transactions-per-customer {}", transactions),
           fmt::format("wages, rent and savings alone come to about 17 a quarter; {} to {} can be made",
                       kLeastTransactions, kMostTransactions),
           "give a number in that range");
  }
}

std::vector<TableTotal> generate_bank(Communicator const& comm, BankSpec const& spec, BankFiles const& files,
                                      Progress& progress) {
  check(spec, files);
  BankFolder folder(comm, files.folder, folders_of(spec), files.existing);
  auto totals = write_parts(comm, spec, files, folder, progress);
  write_truth(comm, spec, folder, progress);
  for (auto const& extra : files.extra) write_file(comm, folder, extra.name, extra.content);
  write_file(comm, folder, "README.md", readme_of(spec, files, totals));
  folder.commit();
  return totals;
}

std::vector<TableTotal> expected_sizes(BankSpec const& spec, TableFileFormat format) {
  constexpr std::uint64_t kSample = 4000;
  auto const sample = std::min(spec.customers, kSample);
  auto totals = empty_totals(spec);
  std::vector<std::unique_ptr<TableSize>> sizes;
  for (std::size_t i = 0; i < totals.size(); ++i)
    sizes.push_back(std::make_unique<TableSize>(tables()[i % tables().size()].layout(), format));
  CustomerMaker maker(spec);
  for (std::uint64_t i = 0; i < sample; ++i) {
    auto const ordinal =
        static_cast<std::uint64_t>(static_cast<unsigned __int128>(spec.customers) * i / sample);
    maker.make(ordinal, [&](CustomerQuarter const& customer) {
      for (std::size_t t = 0; t < tables().size(); ++t)
        tables()[t].write(customer, sizes[index_of(customer.q, t)]->writer());
    });
  }
  auto const scaled = [&](std::uint64_t count) {
    return static_cast<std::uint64_t>(static_cast<unsigned __int128>(count) * spec.customers / sample);
  };
  for (std::size_t i = 0; i < totals.size(); ++i) {
    totals[i].rows = scaled(sizes[i]->rows());
    totals[i].bytes = scaled(sizes[i]->bytes());
  }
  return totals;
}

}  // namespace tessera::generate
