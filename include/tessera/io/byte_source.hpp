// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/io/file_list.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

/// Bytes in order, from a file, a compressed file or memory, in pieces of the reader's choice.
namespace tessera {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// Local. Fills `into` and returns how much; less than asked for only at the end. Throws InputError where
  /// the file cannot be read, is damaged, or became shorter since it was listed.
  virtual std::size_t read(std::span<char> into) = 0;
};

/// Local. The bytes on disk from `begin` up to the listed size. Throws InputError where the file cannot be
/// opened.
[[nodiscard]] std::unique_ptr<ByteSource> open_raw(FileEntry const& file, std::uint64_t begin = 0);

/// Local. The content from its start, decompressed on the way with bounded memory (.gz with any number of
/// members, .zst with any number of frames). Throws InputError as above.
[[nodiscard]] std::unique_ptr<ByteSource> open_content(FileEntry const& file);
/// Local. The same from `raw`, all bytes of the file on disk.
[[nodiscard]] std::unique_ptr<ByteSource> open_content(FileEntry const& file,
                                                       std::unique_ptr<ByteSource> raw);

/// Local. `kept`, the bytes of the file that begin at `begin`, from memory; what follows them, from disk.
/// `kept` must outlive the source.
[[nodiscard]] std::unique_ptr<ByteSource> continue_kept(std::span<char const> kept, FileEntry const& file,
                                                        std::uint64_t begin);

}  // namespace tessera
