// SPDX-License-Identifier: Apache-2.0
#include "tessera/app/configuration.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/text.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "configuration_checks.hpp"
#include "toml_reader.hpp"
#include "toml_writer.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

toml::table parse_toml(std::string const& text, std::string const& origin) {
  try {
    return toml::parse(text, origin);
  } catch (toml::parse_error const& error) {
    throw ConfigurationError(fmt::format("{}:{}: {}", origin, error.source().begin.line, error.description()),
                             "the file is not TOML and cannot be understood from there on",
                             "mend that line; config/reference.toml shows every key");
  }
}

ConfigurationError bad_override(std::string const& text, std::string const& problem) {
  return {fmt::format("--set {} {}", text, problem), "the setting has no place to go",
          "write --set section.key=value, --set table.0.path=FILE for the first [[table]]"};
}

/// The table or list element that a step of a dotted path leads to, made where it is missing.
toml::node* step_into(toml::node& parent, std::string const& step) {
  if (auto* const table = parent.as_table()) {
    return &table->insert(step, toml::table{}).first->second;
  }
  auto* const list = parent.as_array();
  std::size_t index = 0;
  auto const [end, status] = std::from_chars(step.data(), step.data() + step.size(), index);
  if (list == nullptr || status != std::errc{} || end != step.data() + step.size()) return nullptr;
  return list->get(index);
}

void apply_override(toml::table& root, std::string const& text) {
  auto const equals = text.find('=');
  if (equals == std::string::npos || equals == 0) throw bad_override(text, "has no \"=\"");
  std::istringstream path(text.substr(0, equals));
  std::vector<std::string> steps;
  for (std::string step; std::getline(path, step, '.');) steps.push_back(step);
  toml::node* parent = &root;
  for (std::size_t i = 0; i + 1 < steps.size(); ++i) {
    parent = step_into(*parent, steps[i]);
    if (parent == nullptr) throw bad_override(text, fmt::format("leads nowhere at \"{}\"", steps[i]));
  }
  auto* const table = parent->as_table();
  if (table == nullptr) throw bad_override(text, "leads to something that has no keys");
  std::string const value = text.substr(equals + 1);
  toml::table parsed;
  try {
    parsed = toml::parse("value = " + value, std::string_view("--set"));
  } catch (toml::parse_error const&) {
    parsed.insert_or_assign("value", value);  // bare words are text: --set kmeans.init=random
  }
  table->insert_or_assign(steps.back(), std::move(*parsed.get("value")));
}

std::string read_file(std::string const& path) {
  std::error_code status;
  if (std::filesystem::is_directory(path, status)) {
    throw ConfigurationError(path + " is a folder", "the configuration is a TOML file",
                             "name the file, as in tessera run " + path + "/demo.toml");
  }
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (file) text << file.rdbuf();
  if (!file || text.fail()) {
    throw ConfigurationError(
        "the configuration " + path + " cannot be read", "it describes the run",
        "check the path and its permissions; paths are relative to the working directory");
  }
  return text.str();
}

}  // namespace

Configuration parse_configuration(std::string const& text, std::string const& origin,
                                  std::vector<std::string> const& overrides) {
  toml::table root = parse_toml(text, origin);
  for (auto const& setting : overrides) apply_override(root, setting);
  Configuration configuration;
  TomlReader reader(root, "", origin);
  schema::visit(reader, configuration);
  reader.reject_unknown_keys();
  complete_and_check(configuration, origin);
  return configuration;
}

Configuration load_configuration(Communicator const& comm, std::string const& path,
                                 std::vector<std::string> const& overrides) {
  std::string text = together(comm, [&] { return comm.rank() == 0 ? read_file(path) : std::string(); });
  text = broadcast_text(comm, std::move(text), 0);
  return together(comm, [&] { return parse_configuration(text, path, overrides); });
}

std::string to_toml(Configuration const& configuration) {
  TomlWriter writer(TomlWriter::Style::bare);
  Configuration copy = configuration;  // visits take mutable fields, for the reader's sake
  schema::visit(writer, copy);
  return writer.text();
}

bool is_sensitive(Configuration const& configuration, std::string_view table, std::string_view column) {
  for (auto const& declared : configuration.tables) {
    if (declared.name != table) continue;
    return declared.holds_key(column) ||
           std::any_of(declared.columns.begin(), declared.columns.end(),
                       [&](ColumnSpec const& c) { return c.name == column && c.sensitive; });
  }
  return false;
}

std::string reference_toml() {
  TomlWriter writer(TomlWriter::Style::annotated);
  Configuration defaults;
  schema::visit(writer, defaults);
  return "# Every key of a configuration with its meaning, unit, range and default.\n"
         "# Generated by `tessera reference`; a commented key has no default.\n" +
         writer.text();
}

}  // namespace tessera
