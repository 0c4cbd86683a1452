// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <optional>

/// How fast a stage goes and how long it will take if it goes on so.
namespace tessera {

class Pace {
 public:
  /// Local. A stage begins at `now`, in seconds of any clock that never goes back.
  void begin(double now) noexcept {
    since_ = last_ = now;
    done_ = total_ = 0;
  }

  /// Local. `done` of `total` units (total 0: unknown). Less than before: another round of the stage has
  /// begun, and the rate is that of the round.
  void update(double done, double total, double now) noexcept {
    if (done < done_) since_ = last_;
    done_ = done;
    total_ = total;
    last_ = now;
  }

  [[nodiscard]] std::optional<double> share() const noexcept {
    if (!(total_ > 0)) return std::nullopt;
    return std::clamp(done_ / total_, 0.0, 1.0);
  }
  /// Units a second; none before the first are done.
  [[nodiscard]] std::optional<double> rate() const noexcept {
    if (!(last_ > since_) || !(done_ > 0)) return std::nullopt;
    return done_ / (last_ - since_);
  }
  /// Until all units are done. Where `total` is a bound, as with the iterations of K-means, so is this.
  [[nodiscard]] std::optional<double> seconds_left(double now) const noexcept {
    auto const speed = rate();
    if (!speed || !(total_ > 0)) return std::nullopt;
    return std::max(0.0, (total_ - done_) / *speed - (now - last_));
  }

 private:
  double since_ = 0, last_ = 0;  ///< seconds: of the round's beginning, of the last update
  double done_ = 0, total_ = 0;
};

}  // namespace tessera
