// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/core/digest.hpp"
#include "tessera/data/row_blocks.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>

/// How the digests of a result file are formed; docs/file-format.md has the same in words and Python.
namespace tessera {

/// A block to be added to a digest.
struct NumberedBlock {
  BlockDigest* digest;
  std::uint64_t number;
  std::span<std::byte const> bytes;
};
/// Local. As BlockDigest::add for each, many blocks at a time.
void add_blocks(std::span<NumberedBlock const> blocks);

/// *Collective.* The digest of a dataset of which every rank has the rows of its blocks.
[[nodiscard]] Digest digest_of_rows(Communicator const& comm, RowBlocks const& blocks,
                                    std::uint64_t row_bytes, std::span<std::byte const> rows);
/// *Collective.* Adds up what all ranks put into their BlockDigest.
[[nodiscard]] Digest combine(Communicator const& comm, BlockDigest digest);

/// Attributes, and soft links under an empty attribute name, in the text form that is digested.
class AttributeRecords {
 public:
  void add(std::string const& object, std::string const& name, std::string_view value);
  void add(std::string const& object, std::string const& name, std::int64_t value);
  void add(std::string const& object, std::string const& name, double value);
  [[nodiscard]] Digest digest() const;

 private:
  std::map<std::pair<std::string, std::string>, std::string> records_;
};

}  // namespace tessera
