// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/byte_source.hpp"

#include <algorithm>
#include <cstring>

#include "file_source.hpp"
#include "gzip_source.hpp"
#include "zstd_source.hpp"

namespace tessera {

namespace {

class KeptSource final : public ByteSource {
 public:
  KeptSource(std::span<char const> kept, FileEntry const& file, std::uint64_t begin)
      : kept_(kept), file_(file), next_(begin + kept.size()) {}

  std::size_t read(std::span<char> into) override {
    std::size_t const from_memory = std::min(into.size(), kept_.size());
    std::copy_n(kept_.begin(), from_memory, into.begin());
    kept_ = kept_.subspan(from_memory);
    into = into.subspan(from_memory);
    if (into.empty() || next_ == file_.bytes) return from_memory;
    if (rest_ == nullptr) rest_ = open_raw(file_, next_);
    return from_memory + rest_->read(into);
  }

 private:
  std::span<char const> kept_;
  FileEntry file_;
  std::uint64_t next_;  // first byte of the file that is not in memory
  std::unique_ptr<ByteSource> rest_;
};

}  // namespace

std::unique_ptr<ByteSource> open_raw(FileEntry const& file, std::uint64_t begin) {
  return std::make_unique<FileSource>(file.path, begin, file.bytes);
}

std::unique_ptr<ByteSource> open_content(FileEntry const& file) {
  return open_content(file, open_raw(file));
}

std::unique_ptr<ByteSource> open_content(FileEntry const& file, std::unique_ptr<ByteSource> raw) {
  switch (file.compression) {
    case Compression::gzip:
      return std::make_unique<GzipSource>(file.path, std::move(raw));
    case Compression::zstd:
      return std::make_unique<ZstdSource>(file.path, std::move(raw));
    case Compression::none:
      break;
  }
  return raw;
}

std::unique_ptr<ByteSource> continue_kept(std::span<char const> kept, FileEntry const& file,
                                          std::uint64_t begin) {
  return std::make_unique<KeptSource>(kept, file, begin);
}

}  // namespace tessera
