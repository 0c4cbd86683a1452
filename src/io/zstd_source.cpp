// SPDX-License-Identifier: Apache-2.0
#include "zstd_source.hpp"

#include "tessera/core/error.hpp"

#include <new>
#include <utility>

#include <fmt/format.h>

namespace tessera {

ZstdSource::ZstdSource(std::string path, std::unique_ptr<ByteSource> compressed)
    : path_(std::move(path)),
      compressed_(std::move(compressed)),
      stream_(ZSTD_createDStream()),
      input_(ZSTD_DStreamInSize()) {
  if (stream_ == nullptr) throw std::bad_alloc();
}

std::size_t ZstdSource::read(std::span<char> into) {
  auto const damaged = [&](std::string_view how) {
    return InputError(fmt::format("the file '{}' is not a sound .zst file: {}", path_, how),
                      "what it held cannot be recovered, and rows would be missing",
                      "copy or export the file again");
  };
  ZSTD_outBuffer out{into.data(), into.size(), 0};
  while (out.pos < out.size) {
    std::size_t const before = out.pos;
    bool at_end = false;
    if (pending_.pos == pending_.size) {
      pending_ = {input_.data(), compressed_->read(input_), 0};
      at_end = pending_.size == 0;
      if (at_end && !in_frame_) break;
    }
    // at the end of the input the decoder may still hold output
    std::size_t const result = ZSTD_decompressStream(stream_.get(), &out, &pending_);
    if (ZSTD_isError(result) != 0) throw damaged(ZSTD_getErrorName(result));
    in_frame_ = result != 0;
    if (at_end && out.pos == before) {
      if (in_frame_) throw damaged("it ends in the middle");
      break;
    }
  }
  return out.pos;
}

}  // namespace tessera
