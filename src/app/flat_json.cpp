// SPDX-License-Identifier: Apache-2.0
#include "flat_json.hpp"

#include "tessera/core/error.hpp"

#include <cmath>
#include <cstddef>

#include "printable.hpp"
#include "quote.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

/// Reads from the front; every step that finds something else throws.
class FlatJsonText {
 public:
  FlatJsonText(std::string_view text, std::string const& origin) : rest_(text), origin_(origin) {}

  std::map<std::string, std::string> object() {
    std::map<std::string, std::string> out;
    expect('{');
    if (!taken('}')) {
      do {
        auto key = string();
        expect(':');
        out[std::move(key)] = next() == '"' ? string() : word();
      } while (taken(','));
      expect('}');
    }
    if (next() != '\0') fail();
    return out;
  }

 private:
  [[noreturn]] void fail() const {
    throw InputError(origin_ + " is not a status of Tessera",
                     "it says nothing about a job that can be believed",
                     "name the folder that run.status_dir named, and let nothing else write there");
  }

  /// The next character that is no blank; NUL at the end.
  char next() {
    auto const at = rest_.find_first_not_of(" \t\r\n");
    rest_.remove_prefix(at == std::string_view::npos ? rest_.size() : at);
    return rest_.empty() ? '\0' : rest_.front();
  }
  bool taken(char wanted) {
    if (next() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(char wanted) {
    if (!taken(wanted)) fail();
  }
  char pop() {
    if (rest_.empty()) fail();
    char const c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  std::string string() {
    expect('"');
    std::string out;
    for (char c = pop(); c != '"'; c = pop()) {
      if (static_cast<unsigned char>(c) < 0x20) fail();
      out += c == '\\' ? escaped() : c;
    }
    return out;
  }
  /// Those that are written here: quotes, backslashes and control characters.
  char escaped() {
    char const c = pop();
    if (c == '"' || c == '\\') return c;
    if (c != 'u') fail();
    int code = 0;
    for (int i = 0; i < 4; ++i) {
      constexpr std::string_view kDigits = "0123456789ABCDEF";
      auto const digit = kDigits.find(pop());
      if (digit == std::string_view::npos) fail();
      code = 16 * code + static_cast<int>(digit);
    }
    if (code >= 0x20) fail();
    return static_cast<char>(code);
  }
  std::string word() {
    auto const end = rest_.find_first_not_of("+-.0123456789abcdefghijklmnopqrstuvwxyz");
    std::string out(rest_.substr(0, end));
    if (out.empty()) fail();
    rest_.remove_prefix(out.size());
    return out;
  }

  std::string_view rest_;
  std::string const& origin_;
};

}  // namespace

FlatJson& FlatJson::text(std::string_view key, std::string_view value) {
  put(key, quote(printable(value)));
  return *this;
}

FlatJson& FlatJson::count(std::string_view key, std::uint64_t value) {
  put(key, std::to_string(value));
  return *this;
}

FlatJson& FlatJson::real(std::string_view key, std::optional<double> value) {
  put(key, value && std::isfinite(*value) ? fmt::format("{:.3f}", *value) : "null");
  return *this;
}

void FlatJson::put(std::string_view key, std::string_view value) {
  if (!members_.empty()) members_ += between_;
  members_ += fmt::format("\"{}\": {}", key, value);
}

std::map<std::string, std::string> read_flat_json(std::string_view text, std::string const& origin) {
  return FlatJsonText(text, origin).object();
}

}  // namespace tessera
