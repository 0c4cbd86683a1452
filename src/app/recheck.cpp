// SPDX-License-Identifier: Apache-2.0
#include "recheck.hpp"

#include "tessera/app/configuration.hpp"
#include "tessera/app/key_file.hpp"
#include "tessera/cluster/recheck.hpp"
#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/core/digest.hpp"

#include <algorithm>
#include <utility>

#include "customer_view.hpp"
#include "job_manifest.hpp"
#include "model_groups.hpp"
#include "prepare_customers.hpp"
#include "recheck_supports.hpp"
#include "restricted_paths.hpp"
#include "taxonomy_file.hpp"
#include "with_commas.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

class Rechecking {
 public:
  Rechecking(Communicator const& comm, ResultReader const& reader, Configuration const& config,
             Sample const& sample)
      : comm_(comm), reader_(reader), config_(config), sample_(sample), stage_(comm) {}

  /// *Collective.*
  Recheck all() {
    if (!same_configuration()) return std::move(out_);
    auto hash = load_key(comm_, config_.privacy.key_file);
    if (!check("the key is that of the run", key_check(hash) == reader_.text("/run", "key_check"),
               "with another one every customer has another pseudonym"))
      return std::move(out_);
    auto const taxonomy = load_taxonomy(comm_, config_.items_taxonomy, "items.taxonomy");
    auto customers = prepare_customers(comm_, stage_, config_, hash);
    hash.forget();
    auto const& table = customers.placed.table;
    if (!same_inputs(customers) || !same_customers(table)) return std::move(out_);
    Findings found;
    auto const baskets = find_items(comm_, stage_, config_, taxonomy, table, found);
    if (reader_.has("/customers/segment")) {
      if (config_.kmeans_precision == Precision::single) {
        labels<float>(table, found);
      } else {
        labels<double>(table, found);
      }
    }
    if (reader_.has("/itemsets/depth")) supports(baskets);
    return std::move(out_);
  }

 private:
  bool check(std::string name, bool holds, std::string detail) {
    out_.checks.push_back({std::move(name), holds, std::move(detail)});
    return holds;
  }

  bool same_configuration() {
    auto const now = to_toml(config_);
    JobManifest is, was;
    is.configuration = now;
    was.configuration = reader_.text("/run", "config");
    auto const apart = differences(was, is);
    return check("the configuration is that of the run",
                 apart.empty() && reader_.text("/run", "config_digest") == hex(digest_of(now)),
                 fmt::format("{}", fmt::join(apart, "; ")));
  }

  bool same_inputs(PreparedCustomers const& customers) {
    std::vector<std::string> digests;
    auto const add = [&](TableRead const& read) {
      for (auto const& file : read.files) digests.push_back(hex(file.digest));
    };
    add(customers.read);
    for (auto const& other : customers.others.read) add(other);
    auto const path = reader_.read_strings("/run/inputs/path");
    auto const was = reader_.read_strings("/run/inputs/digest");
    std::vector<std::string> changed;
    for (std::size_t i = 0; i < std::min({path.size(), was.size(), digests.size()}); ++i) {
      if (was[i] != digests[i]) changed.push_back(path[i]);
    }
    return check("the inputs are those of the run", was == digests,
                 changed.empty() ? fmt::format("there were {} files and are {}", was.size(), digests.size())
                                 : fmt::format("changed since: {}", fmt::join(changed, ", ")));
  }

  bool same_customers(Table const& table) {
    auto const shape = reader_.dataset("/customers/key").shape;
    bool same = !shape.empty() && shape[0] == table.blocks.total_rows;
    if (same) {
      auto const keys = reader_.read_rows<std::uint8_t>("/customers/key", table.blocks);
      auto at = keys.begin();
      bool own = keys.size() == 16 * table.keys.size();
      for (std::size_t row = 0; own && row < table.keys.size(); ++row) {
        auto const bytes = table.keys[row].bytes();
        own = std::equal(bytes.begin(), bytes.end(), at);
        at += static_cast<std::ptrdiff_t>(bytes.size());
      }
      same = all_reduce(comm_, own ? 1 : 0, Reduce::minimum) == 1;
    }
    return check("the customers are those of the inputs", same, "their keys differ");
  }

  template <class T>
  void labels(Table const& table, Findings& found) {
    auto features = find_features<T>(comm_, stage_, config_, table, found);
    auto const model = selected_model(reader_);
    auto const centroids = reader_.read<double>(model + "/centroids");
    auto const k = reader_.dataset(model + "/centroids").shape.front();
    if (!check("the features are those of the run", k > 0 && centroids.size() == k * features.matrix.columns,
               fmt::format("the centroids have not {} columns", features.matrix.columns)))
      return;
    auto const& blocks = table.blocks;
    ClaimedLabels const claimed{reader_.read_rows<std::int32_t>("/customers/segment", blocks),
                                reader_.read_rows<float>("/customers/distance", blocks)};
    auto const wanted = together(comm_, [&] {
      std::vector<std::uint8_t> chosen(blocks.rows());
      for (std::size_t row = 0; row < chosen.size(); ++row)
        chosen[row] = sample_.takes_customer(blocks.first_row + row) ? 1 : 0;
      return chosen;
    });
    auto const again = stage_("labels", [&](Progress&) {
      return recheck_labels<T>(comm_, std::move(features.matrix), config_.kmeans.distance, centroids, claimed,
                               wanted);
    });
    out_.counts.push_back(fmt::format("labels of {} of {} customers, by the plain kernel",
                                      with_commas(again.checked), with_commas(blocks.total_rows)));
    check("labels are the nearest centroids", again.other_segment == 0,
          fmt::format("{} of {} customers are nearer to another", again.other_segment, again.checked));
    check("distances are those to the own centroids", again.other_distance == 0,
          fmt::format("{} of {} customers are at another", again.other_distance, again.checked));
  }

  void supports(Baskets const& baskets) {
    auto const again =
        stage_("supports", [&](Progress&) { return recheck_supports(comm_, reader_, baskets, sample_); });
    out_.counts.push_back(fmt::format("supports of {} of {} itemsets, by counting",
                                      with_commas(again.checked), with_commas(again.itemsets)));
    check("supports are the customers who hold the itemset", again.differ == 0,
          fmt::format("{} of {} itemsets have another", again.differ, again.checked));
    if (again.rules == 0) return;
    out_.counts.push_back(fmt::format("supports of {} of {} rules, by counting",
                                      with_commas(again.rules_checked), with_commas(again.rules)));
    check("supports of rules are the customers who hold their sides", again.rules_differ == 0,
          fmt::format("{} of {} rules have another", again.rules_differ, again.rules_checked));
  }

  Communicator const& comm_;
  ResultReader const& reader_;
  Configuration const& config_;
  Sample const& sample_;
  Stages stage_;
  Recheck out_;
};

}  // namespace

Recheck recheck(Communicator const& comm, ResultReader const& reader, RecheckRequest const& request) {
  auto const config = load_configuration(comm, request.configuration, request.overrides);
  if (!reader.attributes("/run").contains("config")) {
    throw InputError(reader.path() + " does not hold the configuration that it was made with",
                     "only what tessera run wrote can be derived again",
                     "verify it without a configuration, or name the result of a run");
  }
  require_allowed_paths(comm, config, {});
  Sample const sample(request.share, request.seed.value_or(config.run.seed));
  return Rechecking(comm, reader, config, sample).all();
}

}  // namespace tessera
