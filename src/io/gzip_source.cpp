// SPDX-License-Identifier: Apache-2.0
#include "gzip_source.hpp"

#include "tessera/core/error.hpp"

#include <algorithm>
#include <limits>
#include <new>
#include <utility>

#include <fmt/format.h>

namespace tessera {

GzipSource::GzipSource(std::string path, std::unique_ptr<ByteSource> compressed)
    : path_(std::move(path)), compressed_(std::move(compressed)), input_(1 << 18) {
  constexpr int kGzipOnly = 16 + MAX_WBITS;
  if (inflateInit2(&stream_, kGzipOnly) != Z_OK) throw std::bad_alloc();
}

GzipSource::~GzipSource() {
  inflateEnd(&stream_);
}

void GzipSource::damaged(std::string_view how) const {
  throw InputError(fmt::format("the file '{}' is not a sound .gz file: {}", path_, how),
                   "what it held cannot be recovered, and rows would be missing",
                   "copy or export the file again");
}

std::size_t GzipSource::read(std::span<char> into) {
  std::size_t filled = 0;
  while (filled < into.size()) {
    if (stream_.avail_in == 0) {
      stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
      stream_.avail_in = static_cast<uInt>(compressed_->read(input_));
      if (stream_.avail_in == 0) {
        if (in_member_) damaged("it ends in the middle");
        break;
      }
    }
    in_member_ = true;
    auto const room = std::min<std::size_t>(into.size() - filled, std::numeric_limits<uInt>::max());
    stream_.next_out = reinterpret_cast<Bytef*>(into.data() + filled);
    stream_.avail_out = static_cast<uInt>(room);
    int const result = inflate(&stream_, Z_NO_FLUSH);
    filled += room - stream_.avail_out;
    if (result == Z_STREAM_END) {
      inflateReset(&stream_);  // another member may follow
      in_member_ = false;
    } else if (result == Z_MEM_ERROR) {
      throw std::bad_alloc();
    } else if (result != Z_OK) {
      damaged(stream_.msg != nullptr ? stream_.msg : "its data are inconsistent");
    }
  }
  return filled;
}

}  // namespace tessera
