// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// Names that the writer and the reader of result files share.
namespace tessera {

inline constexpr char kFormatAttribute[] = "format";
inline constexpr std::string_view kFormatName = "tessera result";
inline constexpr char kVersionAttribute[] = "format_version";
inline constexpr std::int64_t kFormatVersion = 1;

inline constexpr char kDigestGroup[] = "/digest";
inline constexpr char kDigestedDatasets[] = "/digest/dataset";
inline constexpr char kDigestValues[] = "/digest/blake2b";
inline constexpr char kAttributesDigest[] = "attributes";  ///< attribute of kDigestGroup

/// The dataset that holds the first row of every block, for row datasets whose blocks are not all of one
/// length.
inline constexpr char kBlockOffsets[] = "/blocks/offset";
/// Attribute of each dataset that tells its blocks: kRowsPrefix and a number of rows, or the dataset that
/// lists their offsets.
inline constexpr char kDigestBlocks[] = "digest_blocks";
inline constexpr std::string_view kRowsPrefix = "rows:";

inline constexpr char kStageMember[] = "stage";
inline constexpr char kSecondsMember[] = "seconds";

/// Local. Whether an object belongs to the digests, which cannot cover themselves.
[[nodiscard]] inline bool is_of_digests(std::string_view path) {
  return path == kDigestGroup || path.starts_with(std::string(kDigestGroup) + "/");
}

}  // namespace tessera
