// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/categories.hpp"

#include "tessera/comm/collectives.hpp"
#include "tessera/comm/text.hpp"
#include "tessera/core/error.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include <fmt/format.h>

namespace tessera {

namespace {

/// *Collective.* Sends every value to the rank that its hash names, so that equal values meet, and returns
/// the distinct values that met here. No rank receives more than its share of the union from each other rank.
std::vector<std::string> meet(Communicator const& comm, std::vector<std::string_view> const& values) {
  auto const ranks = static_cast<std::size_t>(comm.size());
  std::vector<std::vector<std::string_view>> outgoing(ranks);
  for (auto const value : values) outgoing[std::hash<std::string_view>()(value) % ranks].push_back(value);

  std::vector<std::uint64_t> lengths, value_counts(ranks), byte_counts(ranks);
  std::string text;
  for (std::size_t r = 0; r < ranks; ++r) {
    value_counts[r] = outgoing[r].size();
    for (auto const value : outgoing[r]) {
      lengths.push_back(value.size());
      byte_counts[r] += value.size();
      text += value;
    }
  }
  auto const met_lengths = all_to_all(comm, std::span<std::uint64_t const>(lengths), value_counts);
  auto const met_text = all_to_all(comm, std::span<char const>(text), byte_counts);
  std::vector<std::string> met;
  std::string_view rest(met_text.values.data(), met_text.values.size());
  for (auto const length : met_lengths.values) {
    met.emplace_back(rest.substr(0, length));
    rest.remove_prefix(length);
  }
  std::sort(met.begin(), met.end());
  met.erase(std::unique(met.begin(), met.end()), met.end());
  return met;
}

}  // namespace

LocalDictionary::LocalDictionary(std::string what, std::uint64_t limit)
    : what_(std::move(what)),
      limit_(std::min<std::uint64_t>(limit, std::numeric_limits<std::int32_t>::max())) {}

std::int32_t LocalDictionary::code_of(std::string_view value) {
  auto const found = codes_.find(value);
  if (found != codes_.end()) return found->second;
  if (codes_.size() >= limit_) too_many();
  auto const code = static_cast<std::int32_t>(codes_.size());
  fresh_.emplace_back(codes_.emplace(value, code).first->first);
  return code;
}

void LocalDictionary::unite(Communicator const& comm, std::span<std::int32_t> codes) {
  if (all_reduce(comm, static_cast<std::uint64_t>(fresh_.size()), Reduce::maximum) == 0) return;
  auto const met = meet(comm, fresh_);
  std::size_t const before = categories_.size();
  if (before + all_reduce(comm, static_cast<std::uint64_t>(met.size()), Reduce::sum) > limit_) too_many();
  auto added = all_gather_texts(comm, met);
  std::sort(added.begin(), added.end());

  std::vector<std::int32_t> agreed;
  agreed.reserve(fresh_.size());
  for (auto const value : fresh_) {
    auto const place = std::lower_bound(added.begin(), added.end(), value);
    agreed.push_back(static_cast<std::int32_t>(before) + static_cast<std::int32_t>(place - added.begin()));
    codes_.find(value)->second = agreed.back();
  }
  auto const first_fresh = static_cast<std::int32_t>(before);
  for (auto& code : codes) {
    if (code >= first_fresh) code = agreed[static_cast<std::size_t>(code - first_fresh)];
  }
  fresh_.clear();
  for (auto& value : added) {
    codes_.try_emplace(value, static_cast<std::int32_t>(categories_.size()));
    categories_.push_back(std::move(value));
  }
}

void LocalDictionary::too_many() const {
  throw InputError(
      fmt::format("{} has more than {} distinct values", what_, limit_),
      "every rank holds the dictionary of a category column, and a feature a value would be made of it",
      "declare the column as id, int or float, leave it out, or raise 'max_categories'");
}

}  // namespace tessera
