// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/core/error.hpp"
#include "tessera/core/rational.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema.hpp"
#include <toml++/toml.h>

/// The schema visitor that fills a configuration from TOML. Keys that no visit asked for are errors.
namespace tessera {

class TomlReader {
 public:
  /// `path` is the dotted name of the table ("kmeans"; "" for the whole file), `origin` the file's name.
  TomlReader(toml::table const& table, std::string path, std::string const& origin)
      : table_(table), path_(std::move(path)), origin_(origin) {}

  void value(schema::Key const& key, bool& out);
  void value(schema::Key const& key, char& out);
  void value(schema::Key const& key, int& out);
  void value(schema::Key const& key, std::uint64_t& out);
  void value(schema::Key const& key, double& out);
  void value(schema::Key const& key, std::optional<double>& out);
  void value(schema::Key const& key, std::optional<std::array<double, 2>>& out);
  void value(schema::Key const& key, std::string& out);
  void value(schema::Key const& key, std::vector<std::string>& out);
  void value(schema::Key const& key, std::vector<std::uint64_t>& out);
  void value(schema::Key const& key, std::map<std::string, std::string>& out);
  void value(schema::Key const& key, Share& out);
  /// A table of conditions by column: a value, a list of values, or { min, max } of numbers or dates.
  void value(schema::Key const& key, std::vector<Condition>& out);
  /// A TOML date, or the same as text; kept as YYYY-MM-DD.
  void date(schema::Key const& key, std::string& out);

  template <class Enum, std::size_t Size>
  void choice(schema::Key const& key, Enum& out, std::array<schema::Choice<Enum>, Size> const& choices) {
    std::string text;
    value(key, text);
    if (text.empty()) return;
    std::string allowed;
    for (auto const& [name, choice] : choices) {
      if (name == text) {
        out = choice;
        return;
      }
      allowed += (allowed.empty() ? "" : ", ") + std::string(name);
    }
    throw wrong(key, "must be one of: " + allowed);
  }

  template <class Visit>
  void section(schema::Key const& key, Visit&& visit) {
    if (auto const* const inner = table_at(key)) {
      TomlReader reader(*inner, dotted(key.name), origin_);
      visit(reader);
      reader.reject_unknown_keys();
    }
  }

  /// [key], or an inline table, that stays without a value where it is not there.
  template <class Section>
  void optional_section(schema::Key const& key, std::optional<Section>& out) {
    section(key, [&](TomlReader& inner) { schema::visit(inner, out.emplace()); });
  }

  /// [[key]], or an array of inline tables.
  template <class Section>
  void sections(schema::Key const& key, std::vector<Section>& out) {
    for (auto const& [inner, name] : tables_at(key)) {
      TomlReader reader(*inner, name, origin_);
      schema::visit(reader, out.emplace_back());
      reader.reject_unknown_keys();
    }
  }

  /// [key.NAME] for any NAME, which goes to the section's `name`; in the order of the file.
  template <class Section>
  void named_sections(schema::Key const& key, std::vector<Section>& out) {
    for (auto const& [inner, name] : named_tables_at(key)) {
      TomlReader reader(*inner, dotted(key.name) + "." + name, origin_);
      out.emplace_back().name = name;
      schema::visit(reader, out.back());
      reader.reject_unknown_keys();
    }
  }

  /// Throws ConfigurationError for the first key that was never asked for, with the nearest allowed one.
  void reject_unknown_keys() const;

 private:
  toml::node const* find(schema::Key const& key);
  toml::table const* table_at(schema::Key const& key);
  std::vector<std::pair<toml::table const*, std::string>> tables_at(schema::Key const& key);
  std::vector<std::pair<toml::table const*, std::string>> named_tables_at(schema::Key const& key);
  [[nodiscard]] std::string dotted(std::string_view name) const;
  [[nodiscard]] std::string place(toml::node const& node) const;
  /// "kmeans.k = 0 must be ..." with the key's meaning and where to change it.
  [[nodiscard]] ConfigurationError wrong(schema::Key const& key, std::string const& problem) const;
  std::optional<double> bound(schema::Key const& key, toml::table const& bounds, std::string_view name) const;
  Condition condition(schema::Key const& key, std::string column, toml::node const& node) const;
  double number_in_range(schema::Key const& key, toml::node const& node);
  std::uint64_t whole_in_range(schema::Key const& key, toml::node const& node);

  toml::table const& table_;
  std::string path_;
  std::string const& origin_;
  std::vector<std::string> known_;
};

}  // namespace tessera
