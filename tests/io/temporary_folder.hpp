// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/collectives.hpp"
#include "tessera/comm/text.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

namespace tessera::test {

/// A folder that all ranks of a test see, gone with its scope.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(Communicator const& comm) : comm_(comm) {
    std::string path = (std::filesystem::temp_directory_path() / "tessera-XXXXXX").string();
    if (comm.rank() == 0 && ::mkdtemp(path.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
    path_ = broadcast_text(comm, path, 0);
  }
  ~TemporaryFolder() {
    barrier(comm_);
    std::error_code ignored;
    if (comm_.rank() == 0) std::filesystem::remove_all(path_, ignored);
    barrier(comm_);
  }
  TemporaryFolder(TemporaryFolder const&) = delete;
  TemporaryFolder& operator=(TemporaryFolder const&) = delete;

  [[nodiscard]] std::string const& path() const { return path_; }
  [[nodiscard]] std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }

  /// *Collective.* A file with this content; returns its path.
  std::string write(std::string_view name, std::string_view content) const {
    if (comm_.rank() == 0) std::ofstream(*this / name, std::ios::binary) << content;
    barrier(comm_);
    return *this / name;
  }

  /// *Collective.* Number of files in it, the same on all ranks.
  [[nodiscard]] std::uint64_t files() const {
    barrier(comm_);
    auto const count = std::distance(std::filesystem::directory_iterator(path_), {});
    return all_reduce(comm_, static_cast<std::uint64_t>(count), Reduce::maximum);
  }

 private:
  Communicator comm_;
  std::string path_;
};

inline std::string gzipped(std::string_view text) {
  z_stream stream{};
  if (deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::bad_alloc();
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

/// With a checksum, as the zstd program writes it.
inline std::string zstandard(std::string_view text) {
  ZSTD_CCtx* const context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress2(context, out.data(), out.size(), text.data(), text.size()));
  ZSTD_freeCCtx(context);
  return out;
}

}  // namespace tessera::test
