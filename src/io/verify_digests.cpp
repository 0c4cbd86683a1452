// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/verify_digests.hpp"

#include <map>

#include "hdf5_input.hpp"
#include "result_format.hpp"

namespace tessera {

namespace {

std::map<std::string, std::string> stored_digests(ResultReader const& reader) {
  auto const names = reader.read_strings(kDigestedDatasets);
  auto const values = reader.read_strings(kDigestValues);
  if (names.size() != values.size())
    throw hdf5::unreadable(reader.path(), "its lists of digests differ in length");
  std::map<std::string, std::string> out;
  for (std::size_t i = 0; i < names.size(); ++i) out[names[i]] = values[i];
  return out;
}

DatasetCheck compare(std::string name, std::string stored, Digest const& digest) {
  auto computed = hex(digest);
  auto const state = stored == computed ? DigestState::ok : DigestState::differs;
  return {std::move(name), state, std::move(stored), std::move(computed)};
}

/// *Collective.* InputErrors are agreed on by all ranks, so all of them go on.
DatasetCheck check_dataset(ResultReader const& reader, std::string const& dataset, std::string stored) {
  try {
    return compare(dataset, stored, reader.digest(dataset));
  } catch (Error const& error) {
    if (error.code() != ExitCode::input) throw;
    return {dataset, DigestState::unreadable, std::move(stored), ""};
  }
}

}  // namespace

std::string_view to_string(DigestState state) noexcept {
  switch (state) {
    case DigestState::ok:
      return "ok";
    case DigestState::differs:
      return "differs";
    case DigestState::unreadable:
      return "cannot be read";
    case DigestState::missing:
      return "missing";
    case DigestState::not_listed:
      return "not listed";
  }
  return "";
}

std::vector<DatasetCheck> check_digests(ResultReader const& reader) {
  auto stored = stored_digests(reader);
  std::map<std::string, DatasetCheck> checks;
  for (auto const& info : reader.datasets()) {
    if (is_of_digests(info.path)) continue;
    auto const listed = stored.extract(info.path);
    checks[info.path] = listed.empty() ? DatasetCheck{info.path, DigestState::not_listed, "", ""}
                                       : check_dataset(reader, info.path, listed.mapped());
  }
  for (auto const& [dataset, digest] : stored) checks[dataset] = {dataset, DigestState::missing, digest, ""};
  std::vector<DatasetCheck> out;
  for (auto& [dataset, check] : checks) out.push_back(std::move(check));
  out.push_back(
      compare(kAttributesCheck, reader.text(kDigestGroup, kAttributesDigest), reader.attributes_digest()));
  return out;
}

}  // namespace tessera
