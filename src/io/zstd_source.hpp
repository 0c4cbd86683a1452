// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/io/byte_source.hpp"

#include <memory>
#include <string>
#include <vector>

#include <zstd.h>

namespace tessera {

/// The content of a .zst file: one or more frames, decompressed as they are read.
class ZstdSource final : public ByteSource {
 public:
  ZstdSource(std::string path, std::unique_ptr<ByteSource> compressed);

  std::size_t read(std::span<char> into) override;

 private:
  struct Free {
    void operator()(ZSTD_DStream* stream) const noexcept { ZSTD_freeDStream(stream); }
  };

  std::string path_;
  std::unique_ptr<ByteSource> compressed_;
  std::unique_ptr<ZSTD_DStream, Free> stream_;
  std::vector<char> input_;
  ZSTD_inBuffer pending_{};
  bool in_frame_ = false;
};

}  // namespace tessera
