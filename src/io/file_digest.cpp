// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/file_digest.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/comm/text.hpp"
#include "tessera/core/error.hpp"
#include "tessera/io/csv_portions.hpp"

#include <filesystem>
#include <system_error>
#include <vector>

#include "file_digests.hpp"
#include "stored_digest.hpp"

namespace tessera {

Digest file_digest(Communicator const& comm, std::string const& path) {
  // Not by list_files, which takes a path for a pattern; and never decompressed, whatever it is called.
  FileEntry file{path, 0, Compression::none};
  together(comm, [&] {
    if (comm.rank() != 0) return;
    std::error_code error;
    bool const regular = std::filesystem::is_regular_file(path, error);
    if (regular) file.bytes = std::filesystem::file_size(path, error);
    if (regular && !error) return;
    throw InputError(path + (error ? " cannot be read: " + error.message() : " is not a file"),
                     "there is nothing to take the digest of", "correct the path");
  });
  file.bytes = all_reduce(comm, file.bytes, Reduce::maximum);
  std::vector<FileEntry> const files{file};
  return combine(comm, together(comm, [&] {
                   BlockDigest digest;
                   auto const parts =
                       digest_ranges(files, byte_ranges(files, comm.rank(), comm.size()), kDigestBlockBytes);
                   return parts.empty() ? digest : parts.front().digest;
                 }));
}

}  // namespace tessera
