// SPDX-License-Identifier: Apache-2.0
#include "customer_ids.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/core/error.hpp"
#include "tessera/core/narrow.hpp"
#include "tessera/kernel/key_lanes.hpp"

#include <algorithm>
#include <cstring>
#include <span>

#include <fmt/format.h>

namespace tessera {

namespace {

constexpr std::size_t kKeyBytes = 16;
constexpr std::size_t kIdsAtATime = 1 << 16;

std::vector<Key> keys_of(std::vector<std::uint8_t> const& bytes) {
  std::vector<Key> keys(bytes.size() / kKeyBytes);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    std::uint64_t words[2];
    std::memcpy(words, bytes.data() + i * kKeyBytes, kKeyBytes);
    keys[i] = {__builtin_bswap64(words[0]), __builtin_bswap64(words[1])};
  }
  return keys;
}

/// A rank's rows, or those that it asks for.
struct Rows {
  std::uint64_t first = 0, count = 0;
};

}  // namespace

/// Ids in the order of the ranks that they go to.
struct CustomerIds::Parcel {
  std::vector<Key> keys;
  std::vector<std::uint32_t> lengths;
  std::string text;
  std::vector<std::uint64_t> ids, bytes;  ///< [ranks]
};

CustomerIds::CustomerIds(Communicator const& comm, ResultReader const& result, TableSpec const& source,
                         KeyHasher const& hasher)
    : comm_(comm) {
  if (!result.has("/customers/key")) {
    throw InputError(result.path() + " has no /customers/key",
                     "its rows are not known by pseudonyms of customer ids",
                     "name the result of a tessera run");
  }
  blocks_ = result.row_blocks("/customers/key");
  keys_ = keys_of(result.read_rows<std::uint8_t>("/customers/key", blocks_));
  struct First {
    Key key;
    std::uint64_t rows;
  };
  auto const firsts = all_gather(comm, First{keys_.empty() ? Key{} : keys_.front(), keys_.size()});
  for (std::size_t rank = 0; rank < firsts.size(); ++rank) {
    if (firsts[rank].rows == 0) continue;
    first_key_.push_back(firsts[rank].key);
    holder_.push_back(rank);
  }
  together(comm, [&] {
    at_.assign(keys_.size(), kUnknown);
    length_.assign(keys_.size(), 0);
  });

  kernel::KeyLanes const lanes(hasher);
  read_ids(comm, source, kIdsAtATime, [&](IdBatch const& batch) {
    auto const parcel = together(comm, [&] {
      std::vector<Key> keys(batch.length.size());
      lanes.hash(batch.ids(), keys);
      return sort_by_owner(batch, keys);
    });
    auto const keys = all_to_all(comm, std::span(parcel.keys), std::span(parcel.ids));
    auto const lengths = all_to_all(comm, std::span(parcel.lengths), std::span(parcel.ids));
    auto const text = all_to_all(comm, std::span<char const>(parcel.text), std::span(parcel.bytes));
    together(comm, [&] { keep(keys.values, lengths.values, text.values); });
  });
  known_ = all_reduce(
      comm,
      static_cast<std::uint64_t>(at_.size()) - std::uint64_t(std::count(at_.begin(), at_.end(), kUnknown)),
      Reduce::sum);
  if (known_ == 0 && customers() > 0) {
    throw InputError(fmt::format("none of the {} customers of {} is in table '{}'", customers(),
                                 result.path(), source.name),
                     "there is nobody to re-identify", "name the source table that the run was made from");
  }
}

CustomerIds::Parcel CustomerIds::sort_by_owner(IdBatch const& batch,
                                               std::vector<Key> const& batch_keys) const {
  auto const ranks = static_cast<std::size_t>(comm_.size());
  Parcel out;
  out.ids.assign(ranks, 0);
  out.bytes.assign(ranks, 0);
  std::vector<std::size_t> owner(batch_keys.size());
  for (std::size_t i = 0; i < batch_keys.size(); ++i) {
    auto const above = std::upper_bound(first_key_.begin(), first_key_.end(), batch_keys[i]);
    auto const holders = std::max<std::ptrdiff_t>(above - first_key_.begin(), 1);  // below all: nobody's
    owner[i] = holder_.empty() ? 0 : holder_[static_cast<std::size_t>(holders - 1)];
    ++out.ids[owner[i]];
    out.bytes[owner[i]] += batch.length[i];
  }
  std::vector<std::size_t> next_id(ranks, 0), next_byte(ranks, 0);
  for (std::size_t r = 1; r < ranks; ++r) {
    next_id[r] = next_id[r - 1] + out.ids[r - 1];
    next_byte[r] = next_byte[r - 1] + out.bytes[r - 1];
  }
  out.keys.resize(batch_keys.size());
  out.lengths.resize(batch_keys.size());
  out.text.resize(batch.text.size());
  auto const ids = batch.ids();
  for (std::size_t i = 0; i < ids.size(); ++i) {
    auto const slot = next_id[owner[i]]++;
    out.keys[slot] = batch_keys[i];
    out.lengths[slot] = batch.length[i];
    std::copy(ids[i].begin(), ids[i].end(), out.text.begin() + narrow<std::ptrdiff_t>(next_byte[owner[i]]));
    next_byte[owner[i]] += ids[i].size();
  }
  return out;
}

void CustomerIds::keep(std::vector<Key> const& keys, std::vector<std::uint32_t> const& lengths,
                       std::vector<char> const& text) {
  std::size_t from = 0;
  for (std::size_t i = 0; i < keys.size(); from += lengths[i++]) {
    auto const found = std::lower_bound(keys_.begin(), keys_.end(), keys[i]);
    if (found == keys_.end() || *found != keys[i]) continue;
    auto const row = static_cast<std::size_t>(found - keys_.begin());
    if (at_[row] != kUnknown) continue;  // a repeated id
    at_[row] = text_.size();
    length_[row] = lengths[i];
    text_.append(text.data() + from, lengths[i]);
  }
}

void CustomerIds::load(RowBlocks const& piece) {
  auto const asked = all_gather(comm_, Rows{piece.first_row, piece.rows()});
  std::vector<std::uint32_t> lengths;
  std::string text;
  std::vector<std::uint64_t> ids(asked.size(), 0), bytes(asked.size(), 0);
  together(comm_, [&] {
    for (std::size_t rank = 0; rank < asked.size(); ++rank) {
      auto const begin = std::max(asked[rank].first, blocks_.first_row);
      auto const end = std::min(asked[rank].first + asked[rank].count, blocks_.first_row + blocks_.rows());
      for (auto row = begin; row < end; ++row) {
        auto const local = static_cast<std::size_t>(row - blocks_.first_row);
        lengths.push_back(length_[local]);
        ++ids[rank];
        bytes[rank] += length_[local];
        if (length_[local] > 0) text.append(text_, at_[local], length_[local]);
      }
    }
  });
  auto const got =
      all_to_all(comm_, std::span<std::uint32_t const>(lengths), std::span<std::uint64_t const>(ids));
  auto const got_text = all_to_all(comm_, std::span<char const>(text), std::span<std::uint64_t const>(bytes));
  together(comm_, [&] {
    loaded_.assign(got_text.values.begin(), got_text.values.end());
    loaded_at_.assign(1, 0);
    for (auto const length : got.values) loaded_at_.push_back(loaded_at_.back() + length);
  });
}

}  // namespace tessera
