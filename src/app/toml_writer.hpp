// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/core/rational.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "quote.hpp"
#include "schema.hpp"

/// The schema visitor that writes a configuration as TOML: bare, to be stored with results, or annotated, as
/// the reference of all keys.
namespace tessera {

class TomlWriter {
 public:
  enum class Style { bare, annotated };
  explicit TomlWriter(Style style, std::string path = "") : style_(style), path_(std::move(path)) {}

  [[nodiscard]] std::string text() const { return keys_ + tables_; }

  void value(schema::Key const& key, bool const& in);
  void value(schema::Key const& key, char const& in);
  void value(schema::Key const& key, int const& in);
  void value(schema::Key const& key, std::uint64_t const& in);
  void value(schema::Key const& key, double const& in);
  void value(schema::Key const& key, std::optional<double> const& in);
  void value(schema::Key const& key, std::optional<std::array<double, 2>> const& in);
  void value(schema::Key const& key, std::string const& in);
  void value(schema::Key const& key, std::vector<std::string> const& in);
  void value(schema::Key const& key, std::vector<std::uint64_t> const& in);
  void value(schema::Key const& key, std::map<std::string, std::string> const& in);
  void value(schema::Key const& key, Share const& in);
  void value(schema::Key const& key, std::vector<Condition> const& in);
  void date(schema::Key const& key, std::string const& in);

  template <class Enum, std::size_t Size>
  void choice(schema::Key const& key, Enum const& in, std::array<schema::Choice<Enum>, Size> const& choices) {
    std::string allowed;
    for (auto const& [name, value] : choices) allowed += (allowed.empty() ? "" : " | ") + std::string(name);
    line(key, quote(schema::name_of(choices, in)), allowed);
  }

  template <class Visit>
  void section(schema::Key const& key, Visit&& visit) {
    TomlWriter writer(style_, dotted(key.name));
    visit(writer);
    add_table(key, "[" + dotted(key.name) + "]", writer);
  }

  /// The reference shows the defaults where a configuration may have none.
  template <class Section>
  void optional_section(schema::Key const& key, std::optional<Section>& in) {
    if (!in && style_ == Style::bare) return;
    section(key, [&](TomlWriter& inner) {
      auto shown = in.value_or(Section{});
      schema::visit(inner, shown);
    });
  }

  template <class Section>
  void sections(schema::Key const& key, std::vector<Section>& in) {
    for (auto& element : shown(in)) {
      TomlWriter writer(style_, dotted(key.name));
      schema::visit(writer, element);
      add_table(key, "[[" + dotted(key.name) + "]]", writer);
    }
  }

  template <class Section>
  void named_sections(schema::Key const& key, std::vector<Section>& in) {
    for (auto& element : shown(in)) {
      std::string const name = element.name.empty() ? "NAME" : quote(element.name);
      TomlWriter writer(style_, dotted(key.name) + "." + name);
      schema::visit(writer, element);
      add_table(key, "[" + dotted(key.name) + "." + name + "]", writer);
    }
  }

 private:
  /// The reference shows one section with the defaults where a configuration has any number.
  template <class Section>
  std::vector<Section> shown(std::vector<Section> const& in) const {
    return style_ == Style::annotated && in.empty() ? std::vector<Section>(1) : in;
  }
  [[nodiscard]] std::string dotted(std::string_view name) const;
  /// `in_toml` empty: the key has no value and no default.
  void line(schema::Key const& key, std::string const& in_toml, std::string const& allowed = "");
  void add_table(schema::Key const& key, std::string const& header, TomlWriter const& inner);

  Style style_;
  std::string path_;
  std::string keys_, tables_;
};

}  // namespace tessera
