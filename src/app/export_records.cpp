// SPDX-License-Identifier: Apache-2.0
#include "export_records.hpp"

#include <cmath>
#include <iterator>
#include <utility>

#include "quote.hpp"
#include <fmt/format.h>

namespace tessera {

std::string csv_text(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (char const c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + '"';
}

Records::Records(ExportFormat format, std::vector<std::string> const& columns) : format_(format) {
  for (auto const& column : columns) {
    bool const first = before_.empty();
    if (is_json()) {
      before_.push_back((first ? "{" : ",") + quote(column) + ":");
    } else {
      before_.emplace_back(first ? "" : ",");
      header_ += before_.back() + csv_text(column);
    }
  }
  if (!is_json()) header_ += '\n';
}

void Records::begin() {
  out_ += before_[column_];
}

void Records::end() {
  if (++column_ < before_.size()) return;
  column_ = 0;
  out_ += is_json() ? "}\n" : "\n";
}

void Records::count(std::int64_t value) {
  begin();
  fmt::format_to(std::back_inserter(out_), "{}", value);
  end();
}

void Records::count(std::uint64_t value) {
  begin();
  fmt::format_to(std::back_inserter(out_), "{}", value);
  end();
}

template <class Real>
void Records::put_real(Real value) {
  if (is_json() && !std::isfinite(value)) {
    missing();
    return;
  }
  begin();
  fmt::format_to(std::back_inserter(out_), "{}", value);
  end();
}

void Records::real(double value) {
  put_real(value);
}

void Records::real(float value) {
  put_real(value);
}

void Records::text(std::string_view value) {
  raw(is_json() ? quote(value) : csv_text(value));
}

void Records::raw(std::string_view value) {
  begin();
  out_ += value;
  end();
}

void Records::missing() {
  raw(is_json() ? "null" : "");
}

std::string Records::take() {
  return std::exchange(out_, {});
}

}  // namespace tessera
