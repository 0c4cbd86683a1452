// SPDX-License-Identifier: Apache-2.0
#include "tessera/app/configuration.hpp"

#include "tessera/core/error.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

namespace tessera {
namespace {

std::string const kSmall = R"(
[run]
name = "small"
as_of = 2026-09-30
[[table]]
name = "customers"
path = "customers.csv"
[table.column.age]
type = "int"
min = 16
[table.column.job]
type = "category"
[[feature]]
column = "age"
)";

Configuration parse(std::string const& text, std::vector<std::string> const& overrides = {}) {
  return parse_configuration(text, "small.toml", overrides);
}

/// The message of the error that the configuration is refused with.
std::string refusal(std::string const& text, std::vector<std::string> const& overrides = {}) {
  try {
    parse(text, overrides);
  } catch (ConfigurationError const& error) {
    EXPECT_FALSE(error.why().empty());
    EXPECT_FALSE(error.remedy().empty());
    return error.what();
  }
  ADD_FAILURE() << "was accepted:\n" << text;
  return "";
}

void expect_refused(std::string const& text, std::initializer_list<char const*> words) {
  auto const message = refusal(text);
  for (auto const* word : words)
    EXPECT_NE(message.find(word), std::string::npos) << message << "\nlacks " << word;
}

std::string file_text(std::string const& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(Configuration, fills_in_defaults) {
  auto const config = parse(kSmall);
  EXPECT_EQ(config.run.name, "small");
  EXPECT_EQ(config.run.as_of, "2026-09-30");
  EXPECT_EQ(config.run.seed, 42U);
  EXPECT_EQ(config.kmeans.seed, 42U);
  ASSERT_EQ(config.features.size(), 1U);
  EXPECT_EQ(config.features[0].name, "age");
  EXPECT_EQ(config.features[0].table, "customers");
  EXPECT_EQ(config.kmeans.k, std::vector<std::uint64_t>{8});
}

TEST(Configuration, keeps_columns_in_the_order_of_the_file) {
  auto const config = parse(kSmall + "[table.column]\n", {"table.0.column.zeta.type=float"});
  ASSERT_GE(config.customers().columns.size(), 2U);
  auto const reordered = parse(R"(
[run]
name = "order"
[[table]]
name = "t"
path = "t.csv"
[table.column.zebra]
type = "float"
[table.column.apple]
type = "float"
[[feature]]
column = "zebra"
)");
  EXPECT_EQ(reordered.customers().columns[0].name, "zebra");
  EXPECT_EQ(reordered.customers().columns[1].name, "apple");
}

TEST(Configuration, in_effect_reads_back_to_itself) {
  auto const config = parse(kSmall, {"kmeans.k=[2,3]", "kmeans.init=random", "itemsets.min_support=3/1000",
                                     "feature.0.clip=[-1.5,2.0]", "run.seed=7"});
  auto const text = to_toml(config);
  EXPECT_EQ(to_toml(parse(text)), text);
  EXPECT_EQ(parse(text).kmeans.k, (std::vector<std::uint64_t>{2, 3}));
  EXPECT_EQ(parse(text).kmeans.init, KMeansInit::random);
}

TEST(Configuration, of_kmeans_is_the_plain_algorithm_in_float_by_default) {
  auto const config = parse(kSmall);
  EXPECT_EQ(config.kmeans.distance, Distance::euclidean);
  EXPECT_EQ(config.kmeans.pruning, Pruning::automatic);
  EXPECT_EQ(config.kmeans.together, 0U);
  EXPECT_EQ(config.kmeans_precision, Precision::single);
  EXPECT_EQ(config.kmeans_weight, "");
}

TEST(Configuration, of_kmeans_names_weight_distance_precision_and_pruning) {
  auto const settings =
      std::vector<std::string>{"kmeans.weight=age", "kmeans.distance=cosine", "kmeans.precision=double",
                               "kmeans.pruning=never", "kmeans.together=3"};
  auto const config = parse(to_toml(parse(kSmall, settings)));
  EXPECT_EQ(config.kmeans_weight, "age");
  EXPECT_EQ(config.kmeans.distance, Distance::cosine);
  EXPECT_EQ(config.kmeans_precision, Precision::twice);
  EXPECT_EQ(config.kmeans.pruning, Pruning::never);
  EXPECT_EQ(config.kmeans.together, 3U);
}

TEST(Configuration, refuses_weights_that_are_no_number_column) {
  expect_refused(kSmall + "[kmeans]\nweight = \"agee\"\n",
                 {"kmeans.weight = \"agee\"", "declares no such column", "did you mean \"age\"?"});
  for (auto const* type : {"category", "date", "datetime", "id"}) {
    auto const message =
        refusal(kSmall, {"kmeans.weight=job", std::string("table.0.column.job.type=") + type});
    EXPECT_NE(message.find("kmeans.weight = \"job\" (the column is not a number)"), std::string::npos)
        << message;
  }
  EXPECT_NO_THROW(parse(kSmall, {"kmeans.weight=job", "table.0.column.job.type=float"}));
}

TEST(Configuration, says_how_the_text_of_a_table_is_written) {
  auto const config = parse(to_toml(parse(
      kSmall,
      {"table.0.encoding=gb18030", "table.0.decimal=\",\"", "table.0.thousands=.", "table.0.delimiter=\";\"",
       "table.0.column.birth.type=date", "table.0.column.birth.source=birth_number",
       "table.0.column.birth.date_format=birth_number", "table.0.column.birth.century_pivot=0",
       "table.0.column.job.date_format=birth_number", "table.0.column.job.part=sex"})));
  auto const& table = config.customers();
  EXPECT_EQ(table.encoding, Encoding::gb18030);
  EXPECT_EQ(table.decimal, ',');
  EXPECT_EQ(table.thousands, ".");
  ASSERT_EQ(table.columns.size(), 3U);
  auto const birth = std::find_if(table.columns.begin(), table.columns.end(),
                                  [](ColumnSpec const& column) { return column.name == "birth"; });
  ASSERT_NE(birth, table.columns.end());
  EXPECT_EQ(birth->field(), "birth_number");
  EXPECT_EQ(birth->date_format, "birth_number");
  EXPECT_EQ(birth->century_pivot, 0);
  EXPECT_EQ(parse(kSmall).customers().columns.front().century_pivot, 69);
}

TEST(Configuration, refuses_formats_that_cannot_be_in_its_first_second) {
  auto const refused = [](std::vector<std::string> const& settings, char const* word) {
    auto const message = refusal(kSmall, settings);
    EXPECT_NE(message.find(word), std::string::npos) << message << "\nlacks " << word;
  };
  refused({"table.0.column.job.type=date", "table.0.column.job.date_format=%y%m"}, "(needs one day)");
  refused({"table.0.column.job.date_format=%y%m%d"}, "(the column is not a date)");
  refused({"table.0.column.job.part=sex"}, "date_format = \"birth_number\"");
  refused({"table.0.column.job.century_pivot=101"}, "must be 0 to 100");
  refused({"table.0.thousands=."}, "(is the decimal mark too)");
  refused({"table.0.decimal=;"}, "(must be \".\" or \",\")");
  refused({"table.0.encoding=gbk", "table.0.delimiter=|"}, "half");
  refused({"table.0.encoding=utf-16"}, "utf-8, gb18030, gbk, latin-1");
  refused({"table.0.format=hdf5"}, "format = \"hdf5\" needs dataset");
  refused({"table.0.dataset=/t"}, "dataset needs format = \"hdf5\"");
  refused({"table.0.format=orc"}, "csv, hdf5, parquet");
}

TEST(Configuration, reference_is_the_schema) {
  EXPECT_EQ(file_text(TESSERA_SOURCE_DIR "/config/reference.toml"), reference_toml())
      << "write it anew: tessera reference > config/reference.toml";
}

TEST(Configuration, shipped_ones_are_sound) {
  for (auto const* name : {"demo.toml", "quarterly.toml", "berka.toml", "credit_default.toml"}) {
    EXPECT_NO_THROW(parse(file_text(std::string(TESSERA_SOURCE_DIR "/config/") + name))) << name;
  }
}

TEST(Configuration, overrides_replace_and_add_keys) {
  auto const config = parse(kSmall, {"run.name=other", "kmeans.restarts=3", "table.0.delimiter=\";\""});
  EXPECT_EQ(config.run.name, "other");
  EXPECT_EQ(config.kmeans.restarts, 3U);
  EXPECT_EQ(config.customers().delimiter, ';');
}

TEST(Configuration, refuses_bad_values_of_overrides_and_says_where_they_are) {
  auto const message = refusal(kSmall, {"kmeans.k=0"});
  EXPECT_NE(message.find("set kmeans.k in --set"), std::string::npos) << message;
}

TEST(Configuration, refuses_malformed_overrides) {
  for (auto const* setting : {"kmeans.k", "=3", "table.5.name=x", "run.name.first=x"}) {
    EXPECT_NE(refusal(kSmall, {setting}).find("--set"), std::string::npos) << setting;
  }
}

TEST(Configuration, refuses_what_is_not_toml_with_its_line) {
  expect_refused(kSmall + "k = = 3\n", {"small.toml:15"});
}

TEST(Configuration, refuses_unknown_keys_with_the_nearest_one) {
  expect_refused(kSmall + "[kmeans]\nrestart = 3\n",
                 {"kmeans.restart ", "did you mean restarts?", "small.toml:16"});
  expect_refused(kSmall + "[kmean]\nk = 3\n", {"kmean ", "did you mean kmeans?"});
  expect_refused(kSmall + "scael = \"none\"\n", {"feature.0.scael", "did you mean scale?"});
}

TEST(Configuration, refuses_wrong_types_and_ranges_with_value_and_line) {
  expect_refused(kSmall + "[kmeans]\nk = \"two\"\n", {"kmeans.k", "two", "whole number", "small.toml:16"});
  expect_refused(kSmall + "[kmeans]\nk = 0\n", {"kmeans.k = 0", "1 to", "small.toml:16"});
  expect_refused(kSmall + "[kmeans]\nk = [2, 2]\n", {"every value once"});
  expect_refused(kSmall + "[kmeans]\nk = []\n", {"at least one"});
  expect_refused(kSmall + "[kmeans]\nrestarts = -1\n", {"kmeans.restarts = -1"});
  expect_refused(kSmall + "[kmeans]\ntolerance = -0.5\n", {"kmeans.tolerance = -0.5", "0 or more"});
  expect_refused(kSmall + "[kmeans]\ninit = \"best\"\n", {"best", "kmeans||, kmeans++, random, file"});
  expect_refused(kSmall + "[kmeans]\ndistance = \"manhattan\"\n", {"manhattan", "euclidean, cosine"});
  expect_refused(kSmall + "[kmeans]\nprecision = \"half\"\n", {"half", "float, double"});
  expect_refused(kSmall + "[kmeans]\npruning = \"some\"\n", {"some", "auto, always, never"});
  expect_refused(kSmall + "[kmeans]\ntogether = -1\n", {"kmeans.together = -1"});
  expect_refused(kSmall + "[kmeans]\nweight = 3\n", {"kmeans.weight = 3", "text"});
  expect_refused(kSmall + "[rules]\nmin_confidence = 1.5\n", {"rules.min_confidence = 1.5", "0 to 1"});
  expect_refused(kSmall + "[rules]\nconsequents = [3]\n", {"list of texts"});
  expect_refused(kSmall + "[itemsets]\nmin_support = \"0%\"\n", {"itemsets.min_support", "zero"});
  expect_refused(kSmall + "[itemsets]\nmin_support = \"101%\"\n", {"101%"});
  expect_refused(kSmall + "[itemsets]\nmin_support = 0.01\n", {"0.01", "round away"});
  expect_refused(kSmall + "indicator = \"yes\"\n", {"true or false"});
  expect_refused(kSmall + "clip = [1.0]\n", {"pair"});
  expect_refused(kSmall + "clip = [2.0, 1.0]\n", {"lowest must be below highest"});
  expect_refused("run = 3\n", {"must be a table [run]"});
  expect_refused("[run]\nname = \"x\"\n[table]\n", {"must be a list of tables [[table]]"});
  expect_refused("[run]\nname = \"x\"\nas_of = \"soon\"\n", {"must be a date"});
  expect_refused("[run]\nname = \"x\"\nas_of = \"2026-13-01\"\n", {"must be a date"});
}

TEST(Configuration, refuses_missing_required_keys) {
  expect_refused("[run]\nseed = 1\n", {"run.name is missing"});
  expect_refused("[kmeans]\nk = 3\n", {"run is missing"});
  expect_refused("[run]\nname = \"x\"\n", {"table is missing"});
  expect_refused("[run]\nname = \"x\"\n[[table]]\nname = \"t\"\n", {"table.0.path is missing"});
}

TEST(Configuration, refuses_names_that_refer_to_nothing) {
  expect_refused(kSmall + "[[feature]]\ncolumn = \"agee\"\n",
                 {"feature.1.column = \"agee\"", "did you mean \"age\"?"});
  expect_refused(kSmall + "[[feature]]\ncolumn = \"job\"\n", {"\"job\"", "not a number"});
  expect_refused(kSmall + "[[feature]]\ncolumn = \"age\"\n", {"feature.1.name", "taken"});
  expect_refused(kSmall + "[[feature]]\ncolumn = \"age\"\ntable = \"t\"\nname = \"b\"\n", {"no such table"});
  expect_refused(kSmall + "[items]\ncolumns = [\"age\"]\n", {"\"age\"", "not a category"});
  expect_refused(kSmall + "[items]\nbins = [{ column = \"job\" }]\n", {"items.bins", "not a number"});
}

TEST(Configuration, refuses_settings_that_do_not_go_together) {
  expect_refused(kSmall + "[kmeans]\ninit = \"file\"\n", {"kmeans.centroids"});
  expect_refused(kSmall + "[kmeans]\ncentroids = \"a.h5:/c\"\n", {"kmeans.init"});
  expect_refused(kSmall + "[kmeans]\ninit = \"file\"\ncentroids = \"a.h5:/c\"\nk = [2, 3]\n",
                 {"more than one k"});
  expect_refused(kSmall + "[[table]]\nname = \"more\"\npath = \"x\"\n", {"\"more\"", "key is missing"});
  EXPECT_NE(refusal(kSmall, {"table.0.duplicates=last"}).find("order_by"), std::string::npos);
  EXPECT_NE(refusal(kSmall, {"table.0.duplicates=last", "table.0.order_by=job"}).find("not a number"),
            std::string::npos);
  EXPECT_NE(refusal(kSmall, {"table.0.column.age.max=1"}).find("above max"), std::string::npos);
  EXPECT_NE(refusal(kSmall, {"table.0.column.job.max=1"}).find("not a number"), std::string::npos);
  EXPECT_NE(refusal(kSmall, {"table.0.delimiter=ab"}).find("one character"), std::string::npos);
  expect_refused("[run]\nname=\"x\"\n[[table]]\nname=\"t\"\npath=\"t.csv\"\n", {"no column is declared"});
  expect_refused("[run]\nname=\"x\"\n[[table]]\nname=\"t\"\npath=\"t.csv\"\n[table.column.a]\n",
                 {"neither features nor items"});
}

}  // namespace
}  // namespace tessera
