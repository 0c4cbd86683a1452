// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/app/configuration.hpp"
#include "tessera/core/error.hpp"

#include <initializer_list>
#include <string>
#include <vector>

#include <gtest/gtest.h>

/// Configurations of customers with a table of events, to add features to.
namespace tessera::test {

inline std::string const kTables = R"(
[run]
name = "features"
as_of = 2026-09-30
[[table]]
name = "customers"
path = "customers.csv"
key = "id"
[table.column.age]
type = "int"
[table.column.job]
[[table]]
name = "events"
path = "events.csv"
key = "id"
date = "at"
[table.column.at]
type = "date"
[table.column.amount]
type = "float"
[table.column.balance]
type = "float"
[table.column.type]
)";
inline std::string const kCount = R"(
[[feature]]
name = "n"
table = "events"
aggregate = "count"
)";

inline std::string const kLinks = R"(
[[table]]
name = "links"
path = "links.csv"
key = "id"
link = "account"
where = { role = "OWNER" }
[table.column.account]
type = "id"
[table.column.role]
)";

inline Configuration parse(std::string const& text, std::vector<std::string> const& overrides = {}) {
  return parse_configuration(text, "features.toml", overrides);
}

inline void expect_refused(std::string const& text, std::initializer_list<char const*> words,
                           std::vector<std::string> const& overrides = {}) {
  try {
    parse(text, overrides);
  } catch (ConfigurationError const& error) {
    EXPECT_FALSE(error.why().empty());
    EXPECT_FALSE(error.remedy().empty());
    std::string const message = error.what();
    for (auto const* word : words)
      EXPECT_NE(message.find(word), std::string::npos) << message << "\nlacks " << word;
    return;
  }
  ADD_FAILURE() << "was accepted:\n" << text << (overrides.empty() ? "" : overrides.front());
}

inline std::string feature(std::string const& keys) {
  return "[[feature]]\n" + keys + "\n";
}

}  // namespace tessera::test
