// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

/// Baskets from the bytes of a FIMI file, piece by piece, for one rank's part of the lines.
namespace tessera {

/// Items as they are written in the file, in compressed rows.
struct RawBaskets {
  std::vector<std::size_t> offset{0};  ///< [baskets + 1] into `items`
  std::vector<std::int32_t> items;     ///< ascending and distinct within a basket

  [[nodiscard]] std::size_t rows() const noexcept { return offset.size() - 1; }
};

enum class FimiProblem : std::uint8_t { not_a_digit, nul_byte, negative, too_large, stray_return };

class FimiParser {
 public:
  static constexpr std::uint64_t kToTheEnd = std::numeric_limits<std::uint64_t>::max();

  /// Reads the lines that start in bytes [begin, end) of the content. Bytes are fed from begin - 1 on (from 0
  /// when begin is 0), so that a line that starts exactly at `begin` is recognised.
  FimiParser(std::uint64_t begin, std::uint64_t end) noexcept
      : position_(begin == 0 ? 0 : begin - 1), end_(end), skipping_(begin > 0) {}

  /// Local. Takes the next bytes. False: no more are wanted, because the part is complete or there is a
  /// problem.
  bool feed(std::span<char const> bytes);
  /// Local. The content has ended: a last line without a line end counts too.
  void finish();

  [[nodiscard]] RawBaskets& baskets() noexcept { return baskets_; }
  /// What is wrong with the line after the baskets read so far.
  [[nodiscard]] std::optional<FimiProblem> problem() const noexcept { return problem_; }

 private:
  bool take(char byte);
  void end_item();
  void end_basket();

  std::uint64_t position_;  ///< of the next byte
  std::uint64_t end_;
  bool skipping_;              ///< within a line that belongs to the part before
  bool in_line_ = false;       ///< something other than a line end was seen
  bool in_item_ = false;       ///< a digit was seen
  bool after_return_ = false;  ///< a carriage return was seen: a line feed must follow
  std::int64_t value_ = 0;     ///< of the digits so far
  std::optional<FimiProblem> problem_;
  RawBaskets baskets_;
};

}  // namespace tessera
