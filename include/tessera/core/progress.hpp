// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

/// Where long work tells how far it is. The base class is silent; `app` shows it on a terminal or in a log.
namespace tessera {

class Progress {
 public:
  virtual ~Progress() = default;
  /// Local. `done` of `total` units of the running stage (total 0: unknown), with a few words on the state.
  /// Cheap enough to call every iteration; implementations decide how often to show it.
  virtual void update(double done, double total, std::string_view detail);
  /// Local. The shared silent sink.
  static Progress& silent();
};

}  // namespace tessera
