// SPDX-License-Identifier: Apache-2.0
#include "toml_writer.hpp"

#include <cmath>

#include <fmt/format.h>

namespace tessera {

namespace {

/// The fewest digits that read back to the same double, always with a point or an exponent: TOML tells 1
/// from 1.0.
std::string in_toml(double value) {
  std::string text = fmt::format("{}", value);
  if (text.find_first_of(".en") == std::string::npos) text += ".0";
  return text;
}

}  // namespace

std::string TomlWriter::dotted(std::string_view name) const {
  return path_.empty() ? std::string(name) : path_ + "." + std::string(name);
}

void TomlWriter::line(schema::Key const& key, std::string const& in_toml, std::string const& allowed) {
  if (style_ == Style::bare) {
    if (!in_toml.empty()) keys_ += fmt::format("{} = {}\n", key.name, in_toml);
    return;
  }
  std::string note(key.help);
  auto const add = [&](std::string_view part) {
    if (!part.empty()) note += (note.empty() ? "" : "; ") + std::string(part);
  };
  add(key.unit);
  add(allowed.empty() ? range_of(key) : allowed);
  if (key.required) add("required");
  if (!note.empty()) keys_ += fmt::format("# {}\n", note);
  keys_ += in_toml.empty() ? fmt::format("# {} =\n", key.name) : fmt::format("{} = {}\n", key.name, in_toml);
}

void TomlWriter::add_table(schema::Key const& key, std::string const& header, TomlWriter const& inner) {
  tables_ += "\n";
  if (style_ == Style::annotated && !key.help.empty()) tables_ += fmt::format("# {}\n", key.help);
  tables_ += header + "\n" + inner.text();
}

void TomlWriter::value(schema::Key const& key, bool const& in) {
  line(key, in ? "true" : "false", "true | false");
}

void TomlWriter::value(schema::Key const& key, char const& in) {
  line(key, quote(std::string(1, in)));
}

void TomlWriter::value(schema::Key const& key, int const& in) {
  line(key, std::to_string(in));
}

void TomlWriter::value(schema::Key const& key, std::uint64_t const& in) {
  line(key, std::to_string(in));
}

void TomlWriter::value(schema::Key const& key, double const& in) {
  line(key, in_toml(in));
}

void TomlWriter::value(schema::Key const& key, std::optional<double> const& in) {
  line(key, in ? in_toml(*in) : "");
}

void TomlWriter::value(schema::Key const& key, std::optional<std::array<double, 2>> const& in) {
  line(key, in ? fmt::format("[{}, {}]", in_toml((*in)[0]), in_toml((*in)[1])) : "");
}

void TomlWriter::value(schema::Key const& key, std::string const& in) {
  line(key, in.empty() && key.required ? "" : quote(in));
}

void TomlWriter::value(schema::Key const& key, std::vector<std::string> const& in) {
  std::string list;
  for (auto const& text : in) list += (list.empty() ? "" : ", ") + quote(text);
  line(key, in.empty() && key.required ? "" : "[" + list + "]");
}

void TomlWriter::value(schema::Key const& key, std::vector<std::uint64_t> const& in) {
  line(key, fmt::format("[{}]", fmt::join(in, ", ")));
}

void TomlWriter::value(schema::Key const& key, std::map<std::string, std::string> const& in) {
  std::string pairs;
  for (auto const& [from, to] : in)
    pairs += fmt::format("{}{} = {}", pairs.empty() ? "" : ", ", quote(from), quote(to));
  line(key, pairs.empty() ? "{}" : "{ " + pairs + " }");
}

void TomlWriter::value(schema::Key const& key, Share const& in) {
  line(key, quote(in.text()));
}

void TomlWriter::value(schema::Key const& key, std::vector<Condition> const& in) {
  std::string out;
  for (auto const& condition : in) {
    std::string parts;
    auto const add = [&](std::string const& part) { parts += (parts.empty() ? "" : ", ") + part; };
    for (auto const& value : condition.values) add(quote(value));
    if (condition.min) add("min = " + in_toml(*condition.min));
    if (condition.max) add("max = " + in_toml(*condition.max));
    bool const is_list = !condition.values.empty();
    out += fmt::format("{}{} = {}{}{}", out.empty() ? "" : ", ", quote(condition.column),
                       is_list ? "[" : "{ ", parts, is_list ? "]" : " }");
  }
  line(key, out.empty() ? "{}" : "{ " + out + " }");
}

void TomlWriter::date(schema::Key const& key, std::string const& in) {
  line(key, in);
}

}  // namespace tessera
