// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/io/byte_source.hpp"

#include <memory>
#include <string>
#include <vector>

#include <zlib.h>

namespace tessera {

/// The content of a .gz file: one or more members, decompressed as they are read.
class GzipSource final : public ByteSource {
 public:
  GzipSource(std::string path, std::unique_ptr<ByteSource> compressed);
  ~GzipSource() override;
  GzipSource(GzipSource const&) = delete;
  GzipSource& operator=(GzipSource const&) = delete;

  std::size_t read(std::span<char> into) override;

 private:
  [[noreturn]] void damaged(std::string_view how) const;

  std::string path_;
  std::unique_ptr<ByteSource> compressed_;
  std::vector<char> input_;
  z_stream stream_{};
  bool in_member_ = false;
};

}  // namespace tessera
