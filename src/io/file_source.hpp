// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/io/byte_source.hpp"

#include <string>

namespace tessera {

/// The bytes [position, end) of a file on disk.
class FileSource final : public ByteSource {
 public:
  FileSource(std::string path, std::uint64_t begin, std::uint64_t end);
  ~FileSource() override;
  FileSource(FileSource const&) = delete;
  FileSource& operator=(FileSource const&) = delete;

  std::size_t read(std::span<char> into) override;

 private:
  std::string path_;
  std::uint64_t position_, end_;
  int descriptor_;
};

}  // namespace tessera
