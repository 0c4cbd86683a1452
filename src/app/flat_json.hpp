// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

/// JSON objects without anything nested in them: the status of a job and the lines of its log.
namespace tessera {

class FlatJson {
 public:
  enum class Layout { line, lines };
  explicit FlatJson(Layout layout) : between_(layout == Layout::line ? ", " : ",\n ") {}

  /// Local. Any bytes make a valid string: what is no UTF-8 or would act on a terminal is shown as
  /// printable() does.
  FlatJson& text(std::string_view key, std::string_view value);
  FlatJson& count(std::string_view key, std::uint64_t value);
  /// Null where there is no number or it is not finite; three decimals.
  FlatJson& real(std::string_view key, std::optional<double> value);

  /// Local. The object so far, with a line's end.
  [[nodiscard]] std::string str() const { return "{" + members_ + "}\n"; }

 private:
  void put(std::string_view key, std::string_view value);
  std::string_view between_;
  std::string members_;
};

/// Local. Members of an object by their names: strings as what they stand for, numbers and words as they are
/// written. Throws InputError that names `origin` when the text is anything else.
[[nodiscard]] std::map<std::string, std::string> read_flat_json(std::string_view text,
                                                                std::string const& origin);

}  // namespace tessera
