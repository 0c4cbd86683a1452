// SPDX-License-Identifier: Apache-2.0
#include "toml_reader.hpp"

#include "tessera/core/nearest_name.hpp"
#include "tessera/io/parse_field.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>
#include <sstream>

#include <fmt/format.h>

namespace tessera {

namespace {

std::string shown(toml::node const& node) {
  std::ostringstream text;
  node.visit([&](auto const& concrete) {
    if constexpr (toml::is_table<decltype(concrete)> || toml::is_array<decltype(concrete)>) {
      text << toml::toml_formatter(concrete, toml::format_flags::none);
    } else {
      text << concrete;
    }
  });
  return text.str();
}

}  // namespace

std::string TomlReader::dotted(std::string_view name) const {
  return path_.empty() ? std::string(name) : path_ + "." + std::string(name);
}

std::string TomlReader::place(toml::node const& node) const {
  auto const& source = node.source();
  if (source.path && *source.path != origin_) return *source.path;  // --set
  return source.begin.line == 0 ? origin_ : fmt::format("{}:{}", origin_, source.begin.line);
}

toml::node const* TomlReader::find(schema::Key const& key) {
  known_.emplace_back(key.name);
  auto const* const node = table_.get(key.name);
  if (node == nullptr && key.required) {
    throw ConfigurationError(
        fmt::format("{} is missing", dotted(key.name)),
        key.help.empty() ? "it is required" : fmt::format("it is required: {}", key.help),
        fmt::format("set {} in {}", dotted(key.name), place(table_)));
  }
  return node;
}

ConfigurationError TomlReader::wrong(schema::Key const& key, std::string const& problem) const {
  auto const* const node = table_.get(key.name);
  std::string meaning(key.help.empty() ? key.name : key.help);
  if (!key.unit.empty()) meaning += fmt::format(" ({})", key.unit);
  return {fmt::format("{} = {} ({})", dotted(key.name), shown(*node), problem), meaning,
          fmt::format("set {} in {}", dotted(key.name), place(*node))};
}

void TomlReader::reject_unknown_keys() const {
  for (auto const& [name, node] : table_) {
    if (std::find(known_.begin(), known_.end(), name.str()) != known_.end()) continue;
    std::string allowed;
    for (auto const& known : known_) allowed += (allowed.empty() ? "" : ", ") + known;
    throw ConfigurationError(
        fmt::format("{} is not a key{}", dotted(name.str()), path_.empty() ? "" : " of [" + path_ + "]"),
        "a misspelt key would silently leave its default in place",
        fmt::format("did you mean {}? Change it in {}; allowed are: {}", nearest_name(name.str(), known_),
                    place(node), allowed));
  }
}

double TomlReader::number_in_range(schema::Key const& key, toml::node const& node) {
  auto const number = node.value<double>();
  if (!node.is_number() || !number) throw wrong(key, "must be a number");
  if (!(*number >= key.min && *number <= key.max)) throw wrong(key, "must be " + range_of(key));
  return *number;
}

std::uint64_t TomlReader::whole_in_range(schema::Key const& key, toml::node const& node) {
  auto const* const number = node.as_integer();
  if (number == nullptr) throw wrong(key, "must be a whole number");
  auto const value = static_cast<double>(number->get());
  if (number->get() < 0 || !(value >= key.min && value <= key.max))
    throw wrong(key, "must be " + range_of(key));
  return static_cast<std::uint64_t>(number->get());
}

void TomlReader::value(schema::Key const& key, bool& out) {
  auto const* const node = find(key);
  if (node == nullptr) return;
  auto const* const flag = node->as_boolean();
  if (flag == nullptr) throw wrong(key, "must be true or false");
  out = flag->get();
}

void TomlReader::value(schema::Key const& key, std::string& out) {
  auto const* const node = find(key);
  if (node == nullptr) return;
  auto const* const text = node->as_string();
  if (text == nullptr) throw wrong(key, "must be text in double quotes");
  if (key.required && text->get().empty()) throw wrong(key, "must not be empty");
  out = text->get();
}

void TomlReader::value(schema::Key const& key, char& out) {
  std::string text(1, out);
  value(key, text);
  if (text.size() != 1 || text == "\"" || text == "\n" || text == "\r") {
    throw wrong(key, "must be one character, not a quote or a line end");
  }
  out = text.front();
}

void TomlReader::value(schema::Key const& key, std::uint64_t& out) {
  if (auto const* const node = find(key)) out = whole_in_range(key, *node);
}

void TomlReader::value(schema::Key const& key, int& out) {
  if (auto const* const node = find(key)) out = static_cast<int>(whole_in_range(key, *node));
}

void TomlReader::value(schema::Key const& key, double& out) {
  if (auto const* const node = find(key)) out = number_in_range(key, *node);
}

void TomlReader::value(schema::Key const& key, std::optional<double>& out) {
  if (auto const* const node = find(key)) out = number_in_range(key, *node);
}

void TomlReader::value(schema::Key const& key, std::optional<std::array<double, 2>>& out) {
  auto const* const node = find(key);
  if (node == nullptr) return;
  auto const* const pair = node->as_array();
  if (pair == nullptr || pair->size() != 2) throw wrong(key, "must be a pair [lowest, highest]");
  out = {number_in_range(key, *pair->get(0)), number_in_range(key, *pair->get(1))};
  if (!((*out)[0] < (*out)[1])) throw wrong(key, "lowest must be below highest");
}

void TomlReader::value(schema::Key const& key, std::vector<std::string>& out) {
  auto const* const node = find(key);
  if (node == nullptr) return;
  out.clear();
  if (auto const* const text = node->as_string()) {
    out.push_back(text->get());
    return;
  }
  auto const* const list = node->as_array();
  if (list == nullptr) throw wrong(key, "must be text or a list of texts");
  for (auto const& element : *list) {
    auto const* const text = element.as_string();
    if (text == nullptr) throw wrong(key, "must be text or a list of texts");
    out.push_back(text->get());
  }
  if (key.required && out.empty()) throw wrong(key, "must not be empty");
}

void TomlReader::value(schema::Key const& key, std::vector<std::uint64_t>& out) {
  auto const* const node = find(key);
  if (node == nullptr) return;
  out.clear();
  if (auto const* const list = node->as_array()) {
    for (auto const& element : *list) out.push_back(whole_in_range(key, element));
    if (out.empty()) throw wrong(key, "must name at least one value");
    auto sorted = out;
    std::sort(sorted.begin(), sorted.end());
    if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) {
      throw wrong(key, "must name every value once");
    }
    return;
  }
  out.push_back(whole_in_range(key, *node));
}

void TomlReader::value(schema::Key const& key, std::map<std::string, std::string>& out) {
  auto const* const node = find(key);
  if (node == nullptr) return;
  auto const* const pairs = node->as_table();
  if (pairs == nullptr) throw wrong(key, "must be a table of texts, { \"M\" = \"male\" }");
  for (auto const& [from, to] : *pairs) {
    auto const* const text = to.as_string();
    if (text == nullptr) throw wrong(key, "must be a table of texts, { \"M\" = \"male\" }");
    out[std::string(from.str())] = text->get();
  }
}

void TomlReader::value(schema::Key const& key, Share& out) {
  auto const* const node = find(key);
  if (node == nullptr) return;
  if (auto const* const text = node->as_string()) {
    out = Share::parse(text->get(), dotted(key.name));
  } else if (node->is_integer()) {
    out = Share::parse(std::to_string(node->as_integer()->get()), dotted(key.name));
  } else {
    throw wrong(key, "must be text such as \"1%\" or a count: a decimal would round away frequent itemsets");
  }
}

std::optional<double> TomlReader::bound(schema::Key const& key, toml::table const& bounds,
                                        std::string_view name) const {
  auto const* const node = bounds.get(name);
  if (node == nullptr) return std::nullopt;
  if (auto const* const date = node->as_date()) {
    auto const& day = date->get();
    auto const days = std::chrono::sys_days(std::chrono::year(day.year) / day.month / day.day);
    return static_cast<double>(days.time_since_epoch().count());
  }
  auto const number = node->value<double>();
  if (!node->is_number() || !number || std::isnan(*number))
    throw wrong(key, fmt::format("{} must be a number or a date", name));
  return number;
}

Condition TomlReader::condition(schema::Key const& key, std::string column, toml::node const& node) const {
  Condition out{std::move(column), {}, {}, {}};
  auto const problem =
      fmt::format("{} must be a value, a list of values, or {{ min = ..., max = ... }}", out.column);
  auto const text_of = [&](toml::node const& element) {
    if (auto const* const text = element.as_string()) return text->get();
    throw wrong(key, problem);
  };
  if (auto const* const bounds = node.as_table()) {
    for (auto const& [name, element] : *bounds) {
      if (name.str() != "min" && name.str() != "max") throw wrong(key, problem);
    }
    out.min = bound(key, *bounds, "min");
    out.max = bound(key, *bounds, "max");
    return out;
  }
  if (auto const* const list = node.as_array()) {
    for (auto const& element : *list) out.values.push_back(text_of(element));
    if (out.values.empty()) throw wrong(key, problem);
  } else {
    out.values.push_back(text_of(node));
  }
  return out;
}

void TomlReader::value(schema::Key const& key, std::vector<Condition>& out) {
  auto const* const node = find(key);
  if (node == nullptr) return;
  auto const* const table = node->as_table();
  if (table == nullptr) throw wrong(key, "must be a table { COLUMN = ... }");
  out.clear();
  for (auto const& [name, element] : *table) out.push_back(condition(key, std::string(name.str()), element));
}

void TomlReader::date(schema::Key const& key, std::string& out) {
  auto const* const node = find(key);
  if (node == nullptr) return;
  if (auto const* const date = node->as_date()) {
    out = fmt::format("{:04}-{:02}-{:02}", date->get().year, date->get().month, date->get().day);
  } else if (auto const* const text = node->as_string()) {
    if (parse_date(text->get()).problem) {
      throw wrong(key, "must be a date such as 2026-09-30");
    }
    out = text->get();
  } else {
    throw wrong(key, "must be a date such as 2026-09-30");
  }
}

toml::table const* TomlReader::table_at(schema::Key const& key) {
  auto const* const node = find(key);
  if (node == nullptr) return nullptr;
  if (!node->is_table()) throw wrong(key, fmt::format("must be a table [{}]", dotted(key.name)));
  return node->as_table();
}

std::vector<std::pair<toml::table const*, std::string>> TomlReader::tables_at(schema::Key const& key) {
  auto const* const node = find(key);
  std::vector<std::pair<toml::table const*, std::string>> out;
  if (node == nullptr) return out;
  auto const* const list = node->as_array();
  if (list == nullptr) throw wrong(key, fmt::format("must be a list of tables [[{}]]", dotted(key.name)));
  for (auto const& element : *list) {
    if (!element.is_table())
      throw wrong(key, fmt::format("must be a list of tables [[{}]]", dotted(key.name)));
    out.emplace_back(element.as_table(), fmt::format("{}.{}", dotted(key.name), out.size()));
  }
  if (key.required && out.empty()) throw wrong(key, "must not be empty");
  return out;
}

std::vector<std::pair<toml::table const*, std::string>> TomlReader::named_tables_at(schema::Key const& key) {
  auto const* const node = find(key);
  std::vector<std::pair<toml::table const*, std::string>> out;
  if (node == nullptr) return out;
  if (!node->is_table()) throw wrong(key, fmt::format("must hold tables [{}.NAME]", dotted(key.name)));
  for (auto const& [name, element] : *node->as_table()) {
    if (!element.is_table()) throw wrong(key, fmt::format("must hold tables [{}.NAME]", dotted(key.name)));
    out.emplace_back(element.as_table(), std::string(name.str()));
  }
  // toml++ keeps tables in alphabetic order; people and results expect the order of the file.
  std::stable_sort(out.begin(), out.end(), [](auto const& a, auto const& b) {
    auto const& x = a.first->source().begin;
    auto const& y = b.first->source().begin;
    return std::pair(x.line, x.column) < std::pair(y.line, y.column);
  });
  return out;
}

}  // namespace tessera
