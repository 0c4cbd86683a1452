// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/app/configuration.hpp"

#include "choices.hpp"
#include "schema_key.hpp"

/// The keys of [[feature]] and [[preset]], and of what is made of all features.
namespace tessera::schema {

template <class Visitor>
void visit(Visitor& v, FeatureSpec& feature) {
  v.value({"name", "what results call the feature; default: the column"}, feature.name);
  v.value({"table", "default: the customers' table; another one for an aggregate of its rows"},
          feature.table);
  v.value({"column",
           "a number, date or datetime column, or a category column with encode; of an aggregate: what is "
           "aggregated"},
          feature.column);
  v.choice({"encode", "a category column as 0/1 features \"NAME=VALUE\", or as the share of customers alike"},
           feature.encode, kCategoryEncodings);
  v.value({"max_categories", "for encode = \"onehot\": the most frequent", "features", 1, 1e5},
          feature.max_categories);
  v.value(
      {"min_share", "for encode = \"onehot\": rarer categories have no feature", "share of customers", 0, 1},
      feature.min_share);
  v.value({"winsorise", "[0.01, 0.99]; values beyond these exact quantiles are moved to them",
           "probabilities, one on either side of 0.5", 0, 1},
          feature.winsorise);
  v.choice({"impute", "what stands in for a missing value"}, feature.impute, kImputes);
  v.value({"impute_value", "for impute = \"constant\"", "raw units"}, feature.impute_value);
  v.value({"impute_by", "for impute = \"group\": a category column; the median of those with the same value"},
          feature.impute_by);
  v.value({"indicator", "adds a 0/1 feature that tells missing values"}, feature.indicator);
  v.choice({"transform", "applied before scaling"}, feature.transform, kTransforms);
  v.choice({"scale", "zscore: mean and deviation; robust: median and interquartile range; minmax: to [0, 1]"},
           feature.scale, kScales);
  v.value({"clip", "[lowest, highest]; values beyond are moved to the bound", "scaled units"}, feature.clip);
  v.value({"weight", "multiplies the scaled feature", "", 1e-6, 1e6}, feature.weight);
}

template <class Visitor>
void visit_quality(Visitor& v, QualitySection& quality) {
  v.value({"previous", "result file of an earlier run; each column's drift since is told"}, quality.previous);
  v.value({"max_missing", "in any column", "share of customers", 0, 1}, quality.max_missing);
  v.value({"min_rows", "", "customers", 0, 9e15}, quality.min_rows);
  v.value({"max_duplicates", "rows that repeat an id", "share of accepted rows", 0, 1},
          quality.max_duplicates);
  v.value({"max_drift", "of any column since `previous`; 0.1 is notable, 0.25 large",
           "population stability index", 0},
          quality.max_drift);
}

template <class Visitor>
void visit_reduction(Visitor& v, Configuration& c) {
  v.value({"correlation_report", "pairs of features that correlate so are reported", "|r|", 0, 1},
          c.correlation_report);
  v.value({"drop_correlated", "and the later one of each pair is left out"}, c.drop_correlated);
  v.choice({"method", "principal components or common factors of the correlation matrix"}, c.reduction.method,
           kReductions);
  v.value({"components", "0: by variance", "components", 0, 1e5}, c.reduction.components);
  v.value({"variance", "the fewest components with this share", "share of the variance", 0.01, 1},
          c.reduction.variance);
  v.choice({"rotation", "auto: varimax for factors, none for pca"}, c.reduction.rotation, kRotations);
  v.choice({"use", "scores are clustered instead of the features, or besides them"}, c.reduction.use,
           kReductionUses);
}

template <class Visitor>
void visit(Visitor& v, FeatureSection& feature) {
  visit(v, static_cast<FeatureSpec&>(feature));
  v.choice({"aggregate", "of a customer's rows in another table; docs/features.md has the formulas"},
           feature.aggregate, kAggregates);
  v.value({"where", "rows that count: { column = [\"value\"], amount = { min = 0.0, max = 10.0 } }"},
          feature.where);
  v.date({"as_of", "rows after it are not used; default: run.as_of"}, feature.as_of);
  v.value({"window_days", "as_of - window_days < date <= as_of; 0: all rows until as_of", "days", 0, 36525},
          feature.window_days);
  v.value(
      {"against_days",
       "for ratio: as long as this is the window before, which the window is divided by; 0: as long as the "
       "window",
       "days", 0, 36525},
      feature.against_days);
  v.value({"category", "for share: the categories whose share it is"}, feature.category);
  v.value({"ratio", "derived: [\"A\", \"B\"], two earlier features or columns, is A / B"}, feature.ratio);
  v.value({"difference", "derived: [\"A\", \"B\"] is A - B"}, feature.difference);
  v.value({"quintile", "derived: the score 1 to 5 of an earlier feature or column among all customers"},
          feature.quintile);
  v.choice({"best", "for quintile: which end scores 5"}, feature.best, kBests);
  v.value({"cluster", "customers are clustered by it; false: for items, rules and results only"},
          feature.cluster);
}

template <class Visitor>
void visit(Visitor& v, PresetSection& preset) {
  v.choice({"kind", "which features; docs/features.md lists them"}, preset.kind, kPresets);
  v.value({"name", "what the features' names begin with; default: the kind"}, preset.name);
  v.value({.name = "table", .help = "with a date and many rows a customer", .required = true}, preset.table);
  v.value({"where", "rows that count, as in [[feature]]"}, preset.where);
  v.date({"as_of", "default: run.as_of"}, preset.as_of);
  v.value({"window_days", "0: all rows until as_of", "days", 0, 36525}, preset.window_days);
  v.value({"amount", "rfm, deposits: number column"}, preset.amount);
  v.value({"term", "deposits: number column"}, preset.term);
  v.value({"product", "deposits: category column of kinds of term"}, preset.product);
  v.value({"products", "deposits: values of product whose shares are taken"}, preset.products);
  v.value({"rollover", "deposits: category column that tells what was renewed"}, preset.rollover);
  v.value({"rolled", "deposits: values of rollover that mean so"}, preset.rolled);
  v.value({"balance", "credit: number column, what is owed"}, preset.balance);
  v.value({"limit", "credit: number column, what may be owed"}, preset.limit);
  v.value({"days_past_due", "credit: number column"}, preset.days_past_due);
  v.value({"arrears_days", "credit: days past due from which a row is an arrear", "days", 1, 36525},
          preset.arrears_days);
  v.value({"channel", "engagement: category column"}, preset.channel);
  v.value({"event", "engagement: category column"}, preset.event);
  v.value({"logins", "engagement: values of event that are logins"}, preset.logins);
}

}  // namespace tessera::schema
