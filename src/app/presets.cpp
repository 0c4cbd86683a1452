// SPDX-License-Identifier: Apache-2.0
#include "presets.hpp"

#include "tessera/core/error.hpp"

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "choices.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

/// Makes the features of one preset.
class Expansion {
 public:
  Expansion(PresetSection const& preset, std::size_t index, std::string const& origin)
      : preset_(preset), index_(index), origin_(origin) {
    prefix_ =
        (preset.name.empty() ? std::string(schema::name_of(schema::kPresets, preset.kind)) : preset.name) +
        "_";
  }

  std::vector<FeatureSection> features() && {
    switch (preset_.kind) {
      case PresetKind::rfm:
        rfm();
        break;
      case PresetKind::deposits:
        deposits();
        break;
      case PresetKind::credit:
        credit();
        break;
      case PresetKind::engagement:
        engagement();
        break;
    }
    return std::move(features_);
  }

 private:
  void rfm() {
    keys({"amount"}, {});
    aggregate("recency", Aggregate::recency, "");
    aggregate("frequency", Aggregate::count, "").transform = Transform::log1p;
    aggregate("monetary", Aggregate::sum, preset_.amount).transform = Transform::rank;
    score("recency", Best::low);
    score("frequency", Best::high);
    score("monetary", Best::high);
  }

  void deposits() {
    keys({"amount", "term"}, {"product", "products", "rollover", "rolled"});
    aggregate("count", Aggregate::count, "");
    aggregate("amount", Aggregate::sum, preset_.amount).transform = Transform::rank;
    aggregate("term", Aggregate::mean, preset_.term);
    for (auto const& product : preset_.products)
      aggregate("share_" + product, Aggregate::share, preset_.product).category = {product};
    if (!preset_.rollover.empty())
      aggregate("rollover", Aggregate::share, preset_.rollover).category = preset_.rolled;
  }

  void credit() {
    keys({"balance", "limit", "days_past_due"}, {"arrears_days"});
    operand("balance", Aggregate::last, preset_.balance);
    operand("limit", Aggregate::last, preset_.limit);
    derived("utilisation").ratio = {prefix_ + "balance", prefix_ + "limit"};
    operand("balance_sum", Aggregate::sum, preset_.balance);
    operand("limit_sum", Aggregate::sum, preset_.limit);
    derived("mean_utilisation").ratio = {prefix_ + "balance_sum", prefix_ + "limit_sum"};
    aggregate("days_past_due", Aggregate::last, preset_.days_past_due);
    aggregate("max_days_past_due", Aggregate::max, preset_.days_past_due);
    auto& arrears = aggregate("arrears", Aggregate::count, "");
    arrears.where.push_back({preset_.days_past_due, {}, static_cast<double>(preset_.arrears_days), {}});
  }

  void engagement() {
    keys({"channel"}, {"event", "logins"});
    aggregate("recency", Aggregate::recency, "");
    aggregate("frequency", Aggregate::frequency, "");
    aggregate("active_months", Aggregate::active_months, "");
    aggregate("channels", Aggregate::distinct, preset_.channel);
    if (preset_.event.empty()) return;
    auto& logins = aggregate("logins", Aggregate::count, "");
    logins.where.push_back({preset_.event, preset_.logins, {}, {}});
    logins.transform = Transform::log1p;
  }

  FeatureSection& aggregate(std::string const& suffix, Aggregate kind, std::string const& column) {
    auto& feature = features_.emplace_back();
    feature.name = prefix_ + suffix;
    feature.table = preset_.table;
    feature.column = column;
    feature.aggregate = kind;
    feature.where = preset_.where;
    feature.as_of = preset_.as_of;
    feature.window_days = preset_.window_days;
    return feature;
  }
  /// An aggregate that only another feature needs.
  void operand(std::string const& suffix, Aggregate kind, std::string const& column) {
    aggregate(suffix, kind, column).cluster = false;
  }
  FeatureSection& derived(std::string const& suffix) {
    auto& feature = features_.emplace_back();
    feature.name = prefix_ + suffix;
    return feature;
  }
  /// For items and lists: the clusters already know what is scored.
  void score(std::string const& suffix, Best best) {
    auto& feature = derived(suffix + "_score");
    feature.quintile = prefix_ + suffix;
    feature.best = best;
    feature.cluster = false;
  }

  /// Refuses a preset without a key that it needs, or with one that it has no use for.
  void keys(std::initializer_list<std::string_view> needed,
            std::initializer_list<std::string_view> optional) const {
    std::pair<std::string_view, bool> const given[] = {{"amount", !preset_.amount.empty()},
                                                       {"term", !preset_.term.empty()},
                                                       {"product", !preset_.product.empty()},
                                                       {"products", !preset_.products.empty()},
                                                       {"rollover", !preset_.rollover.empty()},
                                                       {"rolled", !preset_.rolled.empty()},
                                                       {"balance", !preset_.balance.empty()},
                                                       {"limit", !preset_.limit.empty()},
                                                       {"days_past_due", !preset_.days_past_due.empty()},
                                                       {"arrears_days", preset_.arrears_days != 1},
                                                       {"channel", !preset_.channel.empty()},
                                                       {"event", !preset_.event.empty()},
                                                       {"logins", !preset_.logins.empty()}};
    for (auto const& [key, is_given] : given) {
      bool const is_needed = std::find(needed.begin(), needed.end(), key) != needed.end();
      bool const is_known = is_needed || std::find(optional.begin(), optional.end(), key) != optional.end();
      if (is_given != is_needed && !(is_known && !is_needed)) refuse(key, is_given);
    }
    together("product", !preset_.product.empty(), "products", !preset_.products.empty());
    together("rollover", !preset_.rollover.empty(), "rolled", !preset_.rolled.empty());
    together("event", !preset_.event.empty(), "logins", !preset_.logins.empty());
  }

  void together(std::string_view a, bool has_a, std::string_view b, bool has_b) const {
    if (has_a != has_b)
      throw ConfigurationError(fmt::format("preset.{}: {} needs {}", index_, has_a ? a : b, has_a ? b : a),
                               "one names a column, the other those of its values that matter",
                               "set both or neither in " + origin_);
  }

  [[noreturn]] void refuse(std::string_view key, bool is_given) const {
    auto const kind = schema::name_of(schema::kPresets, preset_.kind);
    throw ConfigurationError(fmt::format("preset.{}: kind = \"{}\" {} {}", index_, kind,
                                         is_given ? "has no use for" : "needs", key),
                             is_given ? "a setting without effect is most likely a mistake"
                                      : "its features are made from that column",
                             fmt::format("{} {} in {}", is_given ? "remove" : "set", key, origin_));
  }

  PresetSection const& preset_;
  std::size_t index_;
  std::string const& origin_;
  std::string prefix_;
  std::vector<FeatureSection> features_;
};

}  // namespace

void expand_presets(Configuration& configuration, std::string const& origin) {
  std::vector<FeatureSection> all;
  for (std::size_t i = 0; i < configuration.presets.size(); ++i) {
    auto features = Expansion(configuration.presets[i], i, origin).features();
    std::move(features.begin(), features.end(), std::back_inserter(all));
  }
  std::move(configuration.features.begin(), configuration.features.end(), std::back_inserter(all));
  configuration.features = std::move(all);
  configuration.presets.clear();
}

}  // namespace tessera
