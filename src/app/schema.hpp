// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/app/configuration.hpp"

#include <array>
#include <limits>
#include <string_view>
#include <utility>

/// The keys of a configuration, said once: name, meaning, unit and range beside the field that holds the
/// value. A visitor reads them from TOML (toml_reader) or writes them (toml_writer).
namespace tessera::schema {

struct Key {
  std::string_view name;
  std::string_view help;
  std::string_view unit = "";
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
  bool required = false;
};

template <class Enum>
using Choice = std::pair<std::string_view, Enum>;

inline constexpr std::array<Choice<TableFormat>, 3> kFormats{
    {{"csv", TableFormat::csv}, {"hdf5", TableFormat::hdf5}, {"parquet", TableFormat::parquet}}};
inline constexpr std::array<Choice<Duplicates>, 3> kDuplicates{
    {{"error", Duplicates::error}, {"first", Duplicates::first}, {"last", Duplicates::last}}};
inline constexpr std::array<Choice<Owners>, 2> kOwners{{{"first", Owners::first}, {"all", Owners::all}}};
inline constexpr std::array<Choice<ColumnType>, 6> kColumnTypes{{{"int", ColumnType::integer},
                                                                 {"float", ColumnType::real},
                                                                 {"category", ColumnType::category},
                                                                 {"date", ColumnType::date},
                                                                 {"datetime", ColumnType::datetime},
                                                                 {"id", ColumnType::id}}};
inline constexpr std::array<Choice<Encoding>, 4> kEncodings{{{"utf-8", Encoding::utf8},
                                                             {"gb18030", Encoding::gb18030},
                                                             {"gbk", Encoding::gbk},
                                                             {"latin-1", Encoding::latin1}}};
inline constexpr std::array<Choice<FieldPart>, 2> kFieldParts{
    {{"whole", FieldPart::whole}, {"sex", FieldPart::sex}}};
inline constexpr std::array<Choice<Transform>, 4> kTransforms{{{"none", Transform::none},
                                                               {"log1p", Transform::log1p},
                                                               {"sqrt", Transform::sqrt},
                                                               {"rank", Transform::rank}}};
inline constexpr std::array<Choice<Scale>, 4> kScales{
    {{"none", Scale::none}, {"zscore", Scale::zscore}, {"robust", Scale::robust}, {"minmax", Scale::minmax}}};
inline constexpr std::array<Choice<Impute>, 4> kImputes{{{"median", Impute::median},
                                                         {"mean", Impute::mean},
                                                         {"constant", Impute::constant},
                                                         {"group", Impute::group}}};
inline constexpr std::array<Choice<OutOfRange>, 3> kOutOfRange{
    {{"reject", OutOfRange::reject}, {"missing", OutOfRange::missing}, {"clamp", OutOfRange::clamp}}};
inline constexpr std::array<Choice<Encode>, 3> kCategoryEncodings{
    {{"none", Encode::none}, {"onehot", Encode::onehot}, {"frequency", Encode::frequency}}};
inline constexpr std::array<Choice<ReductionMethod>, 3> kReductions{
    {{"none", ReductionMethod::none},
     {"pca", ReductionMethod::principal_components},
     {"factors", ReductionMethod::factors}}};
inline constexpr std::array<Choice<Rotation>, 3> kRotations{
    {{"auto", Rotation::automatic}, {"none", Rotation::none}, {"varimax", Rotation::varimax}}};
inline constexpr std::array<Choice<ReductionUse>, 2> kReductionUses{
    {{"instead", ReductionUse::instead}, {"besides", ReductionUse::besides}}};
inline constexpr std::array<Choice<KMeansInit>, 4> kInits{{{"kmeans||", KMeansInit::kmeans_parallel},
                                                           {"kmeans++", KMeansInit::kmeans_plus_plus},
                                                           {"random", KMeansInit::random},
                                                           {"file", KMeansInit::given}}};
inline constexpr std::array<Choice<Distance>, 2> kDistances{
    {{"euclidean", Distance::euclidean}, {"cosine", Distance::cosine}}};
inline constexpr std::array<Choice<Pruning>, 3> kPrunings{
    {{"auto", Pruning::automatic}, {"always", Pruning::always}, {"never", Pruning::never}}};
inline constexpr std::array<Choice<Precision>, 2> kPrecisions{
    {{"float", Precision::single}, {"double", Precision::twice}}};
inline constexpr std::array<Choice<SelectionIndex>, 4> kIndices{
    {{"simplified_silhouette", SelectionIndex::simplified_silhouette},
     {"calinski_harabasz", SelectionIndex::calinski_harabasz},
     {"davies_bouldin", SelectionIndex::davies_bouldin},
     {"inertia", SelectionIndex::inertia}}};
inline constexpr std::array<Choice<ItemsetKind>, 3> kItemsetKinds{
    {{"all", ItemsetKind::all}, {"closed", ItemsetKind::closed}, {"maximal", ItemsetKind::maximal}}};

inline constexpr std::array<Choice<Distribution>, 3> kDistributions{
    {{"auto", Distribution::automatic}, {"count", Distribution::count}, {"task", Distribution::task}}};

inline constexpr std::array<Choice<Aggregate>, 18> kAggregates{{{"none", Aggregate::none},
                                                                {"count", Aggregate::count},
                                                                {"sum", Aggregate::sum},
                                                                {"mean", Aggregate::mean},
                                                                {"min", Aggregate::min},
                                                                {"max", Aggregate::max},
                                                                {"std", Aggregate::std},
                                                                {"distinct", Aggregate::distinct},
                                                                {"share", Aggregate::share},
                                                                {"recency", Aggregate::recency},
                                                                {"active_months", Aggregate::active_months},
                                                                {"gap", Aggregate::gap},
                                                                {"frequency", Aggregate::frequency},
                                                                {"trend", Aggregate::trend},
                                                                {"ratio", Aggregate::ratio},
                                                                {"first", Aggregate::first},
                                                                {"last", Aggregate::last},
                                                                {"time_mean", Aggregate::time_mean}}};
inline constexpr std::array<Choice<Best>, 2> kBests{{{"high", Best::high}, {"low", Best::low}}};
inline constexpr std::array<Choice<PresetKind>, 4> kPresets{{{"rfm", PresetKind::rfm},
                                                             {"deposits", PresetKind::deposits},
                                                             {"credit", PresetKind::credit},
                                                             {"engagement", PresetKind::engagement}}};

/// The name of a choice, for messages and results.
template <class Enum, std::size_t Size>
constexpr std::string_view name_of(std::array<Choice<Enum>, Size> const& choices, Enum value) {
  for (auto const& [name, choice] : choices) {
    if (choice == value) return name;
  }
  return "?";
}

template <class Visitor>
void visit(Visitor& v, RareSpec& rare) {
  v.value({"min_share", "of the customers with a value; a category of less is rare", "share", 0, 1},
          rare.min_share);
  v.value({"name", "what all rare categories become"}, rare.name);
}

template <class Visitor>
void visit(Visitor& v, ColumnSpec& column) {
  v.choice({"type", "how the text is read"}, column.type, kColumnTypes);
  v.value({"min", "smallest value allowed", "the column's"}, column.min);
  v.value({"max", "largest value allowed", "the column's"}, column.max);
  v.choice({"out_of_range",
            "what becomes of a value outside: its row is rejected, it is missing, or it is the "
            "bound"},
           column.out_of_range, kOutOfRange);
  v.value({"missing", "fields that mean \"no value\""}, column.missing);
  v.value({"source",
           "field of the files that is read, so that two columns may share one; empty: the column's name"},
          column.source);
  v.value({"date_format",
           "%Y %y %m %d %H %M %S %b and what stands between them, as \"%d.%m.%Y\"; \"birth_number\": %y%m%d "
           "with 50 "
           "added to the month of women; empty: YYYY-MM-DD [hh:mm[:ss]]"},
          column.date_format);
  v.value({"century_pivot", "two-digit years below it are 20xx, the others 19xx", "", 0, 100},
          column.century_pivot);
  v.choice({"part", "sex: of date_format = \"birth_number\", as a category of female and male"}, column.part,
           kFieldParts);
  v.value({"sensitive", "for aggregates only: never written for single customers"}, column.sensitive);
  v.value({"trim",
           "without blanks around a category; around numbers and dates they never count, ids are taken "
           "as they are"},
          column.trim);
  v.value({"fold_case", "categories in lower case (ASCII, Latin, Greek, Cyrillic)"}, column.fold_case);
  v.value({"map",
           "{ \"M\" = \"male\" }: categories by others, after trimming and folding; a token of `missing` "
           "means no value"},
          column.map);
  v.optional_section({"rare", "categories that few customers have become one"}, column.rare);
  v.value({"max_missing", "instead of quality.max_missing", "share of customers", 0, 1}, column.max_missing);
}

template <class Visitor>
void visit(Visitor& v, TableSpec& table) {
  v.value({.name = "name", .help = "what features call the table", .required = true}, table.name);
  v.value(
      {.name = "path", .help = "files or globs, read in the order of their sorted paths", .required = true},
      table.path);
  v.choice(
      {"format", "csv: .gz and .zst are unpacked while reading; parquet: where Arrow C++ was there at build"},
      table.format, kFormats);
  v.value({"dataset",
           "for hdf5: a dataset of records (a compound type), or a group with a dataset for each column"},
          table.dataset);
  v.value({"delimiter", "one character between fields"}, table.delimiter);
  v.value({"quoted", "double quotes enclose fields (RFC 4180); false: quotes are ordinary characters"},
          table.quoted);
  v.choice({"encoding", "of the files; category values become UTF-8"}, table.encoding, kEncodings);
  v.value({"decimal", "mark before the fraction of a number: \".\" or \",\""}, table.decimal);
  v.value({"thousands",
           "mark between groups of three digits: \".\", \",\", \"'\", \"_\" or a blank; empty: none"},
          table.thousands);
  v.value({"header", "column names in order, for files without a header record"}, table.header);
  v.value({"key", "field with the customer id; empty: the row's ordinal is the id"}, table.key);
  v.choice({"duplicates", "what to do with repeated ids; first and last go by order_by"}, table.duplicates,
           kDuplicates);
  v.value({"order_by", "column that orders repeated ids, or the owners of a link"}, table.order_by);
  v.section({"on_bad_row", "rows that do not parse or break a range"}, [&](Visitor& inner) {
    inner.value({"max_fraction", "share of rejected rows above which the run stops", "share of rows", 0, 1},
                table.max_reject_fraction);
  });
  v.value({"via", "table that tells whose rows with this key are; empty: the key is the customer's id"},
          table.via);
  v.choice({"owners",
            "with via: who gets a row whose link has several customers; first goes by the other "
            "table's order_by"},
           table.owners, kOwners);
  v.value({"link", "of a table that others name in via: id column of what belongs to the customer"},
          table.link);
  v.value({"where", "with link: rows that are links, as in [[feature]]"}, table.where);
  v.value({"date", "date or datetime column that says when a row happened, for aggregates"}, table.date);
  v.value({"max_record_bytes", "a longer record is an error", "bytes", 64, 1e9}, table.max_record_bytes);
  v.value({"max_categories", "distinct values that a category column may have", "values", 1, 1e8},
          table.max_categories);
  v.named_sections({"column", "one table for each column that is read, [table.column.NAME]"}, table.columns);
}

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

template <class Visitor>
void visit(Visitor& v, BinSpec& bin) {
  v.value({.name = "column", .help = "a number column of the customers' table", .required = true},
          bin.column);
  v.value({"quantiles", "bins of about equal size", "bins", 2, 1000}, bin.quantiles);
}

template <class Visitor>
void visit(Visitor& v, Configuration& c) {
  v.section({"run", "what the run is called and where its result goes"}, [&](Visitor& run) {
    run.value({.name = "name", .help = "name of the run", .required = true}, c.run.name);
    run.date({"as_of", "reference day for recency and windows"}, c.run.as_of);
    run.value({"seed", "of every random draw", "", 0, 9e15}, c.run.seed);
    run.value({"output", "the result file; -o replaces it"}, c.run.output);
    run.value({"folder", "what the paths of tables are relative to; empty: the working directory"},
              c.run.folder);
    run.value({"write_features", "writes every customer's values, before imputation, as /customers/view"},
              c.run.write_features);
  });
  v.section({"privacy", "pseudonyms and small groups"}, [&](Visitor& privacy) {
    privacy.value(
        {"key_file", "32 bytes in hexadecimal, file mode 0600; without it pseudonyms can be recomputed"},
        c.privacy.key_file);
    privacy.value({"min_cell", "smallest group shown to people", "customers", 1, 1e9}, c.privacy.min_cell);
  });
  v.sections({.name = "table", .help = "an input table; the first is the customers' own", .required = true},
             c.tables);
  v.section({"quality", "gates that stop the run before its expensive stages (exit code 3)"},
            [&](Visitor& quality) { visit_quality(quality, c.quality); });
  v.sections({"feature",
              "a number of each customer, to cluster by: a column, an aggregate of another table's rows, or "
              "derived from both"},
             c.features);
  v.sections({"preset", "features that belong together, from the columns of a table"}, c.presets);
  v.section({"reduction", "features that say the same brought down to fewer"},
            [&](Visitor& reduction) { visit_reduction(reduction, c); });
  v.section({"kmeans", "segments"}, [&](Visitor& kmeans) {
    kmeans.value({"k", "one model or a sweep", "segments", 1, 1e6}, c.kmeans.k);
    kmeans.choice({"init", "how centroids start"}, c.kmeans.init, kInits);
    kmeans.value({"centroids", "for init = \"file\": FILE.h5:/dataset, in scaled units"}, c.kmeans_centroids);
    kmeans.value({"restarts", "starts per k; the lowest inertia is kept", "starts", 1, 1e6},
                 c.kmeans.restarts);
    kmeans.value({"max_iterations", "", "iterations", 1, 1e9}, c.kmeans.max_iterations);
    kmeans.value({"tolerance", "stop at this squared shift of the centroids; 0: until no assignment changes",
                  "scaled units squared", 0},
                 c.kmeans.tolerance);
    kmeans.value(
        {"weight", "number column, above 0 for every row: a customer counts as so many; empty: as one"},
        c.kmeans_weight);
    kmeans.choice({"distance", "cosine: of customers and centroids brought to length 1"}, c.kmeans.distance,
                  kDistances);
    kmeans.choice({"precision", "of features and distances; double takes twice the memory"},
                  c.kmeans_precision, kPrecisions);
    kmeans.choice(
        {"pruning", "leaves out customers whose segment cannot have changed; never changes the result"},
        c.kmeans.pruning, kPrunings);
    kmeans.value(
        {"together", "how many of all k and restarts advance at a time; 0: all; never changes the result",
         "models, 8 bytes a customer each", 0, 1e9},
        c.kmeans.together);
    kmeans.choice({"select_by", "index that chooses among the values of k"}, c.kmeans.select_by, kIndices);
  });
  v.section({"items", "what counts as an item of a customer's basket"}, [&](Visitor& items) {
    items.value({"columns", "category columns"}, c.items.columns);
    items.value({"taxonomy", "file of lines child,parent: which item is a kind of which; empty: none"},
                c.items_taxonomy);
    items.sections({"bins", "number columns cut at quantiles"}, c.items.bins);
  });
  v.section({"itemsets", "what goes together"}, [&](Visitor& itemsets) {
    itemsets.value({"min_support", "\"1%\", \"3/1000\" or a count", "share or customers"},
                   c.itemsets.min_support);
    itemsets.choice({"kind", "which itemsets are reported"}, c.itemsets.kind, kItemsetKinds);
    itemsets.value({"min_length", "shorter ones are not reported", "items", 1, 65535}, c.itemsets.min_length);
    itemsets.value({"max_length", "longer ones are not reported", "items", 1, 65535}, c.itemsets.max_length);
    itemsets.value({"must_contain", "items that every reported itemset holds"}, c.itemsets.must_contain);
    itemsets.value({"may_contain", "items to mine; empty: all of them"}, c.itemsets.may_contain);
    itemsets.value(
        {"top_k", "only so many, those of most support, and their ties; 0: all", "itemsets", 0, 9e15},
        c.itemsets.top_k);
    itemsets.value(
        {"max_itemsets", "beyond it only those of higher support are found, and the exit code is 4",
         "itemsets", 1, 9e15},
        c.itemsets.max_itemsets);
    itemsets.choice(
        {"distribution",
         "task: each node holds all baskets, ranks share itemsets; count: customers stay on their rank"},
        c.itemsets.distribution, kDistributions);
    itemsets.value({"max_memory", "for mining on a rank", "bytes", 1 << 20}, c.itemsets.max_memory);
  });
  v.section({"rules", "association rules from the itemsets"}, [&](Visitor& rules) {
    rules.value({"min_confidence", "", "share", 0, 1}, c.rules.min_confidence);
    rules.value({"min_lift", "", "ratio", 0}, c.rules.min_lift);
    rules.value({"min_improvement", "least gain in confidence over every simpler rule", "share", 0, 1},
                c.rules.min_improvement);
    rules.value({"max_antecedent", "", "items", 1, 65535}, c.rules.max_antecedent);
    rules.value({"consequents", "items allowed as consequent; empty: any"}, c.rules.consequents);
    rules.value({"interest",
                 "with items.taxonomy: a rule needs so many times the support or confidence that the rule "
                 "with an item's parent instead predicts",
                 "ratio", 1},
                c.rules.interest);
    rules.value({"per_segment", "the best so many special to each segment, by contrast lift; 0: none",
                 "rules", 0, 1e5},
                c.segment_rules.per_segment);
    rules.value({"segment_max_q_value",
                 "false discoveries accepted among the rules special to segments (Benjamini-Hochberg)",
                 "share", 0, 1},
                c.segment_rules.max_q_value);
  });
}

}  // namespace tessera::schema
