// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/result_reader.hpp"

#include "result_format.hpp"
#include "result_reader_state.hpp"
#include "stored_digest.hpp"

namespace tessera {

namespace {

void check_format(hdf5::Catalogue const& catalogue, std::string const& path) {
  auto const& root = catalogue.attributes.at("/");
  auto const format = root.find(kFormatAttribute);
  if (format == root.end() || format->second != AttributeValue(std::string(kFormatName))) {
    throw hdf5::unreadable(path, "it is not a result file of Tessera");
  }
  auto const version = root.find(kVersionAttribute);
  if (version == root.end() || version->second != AttributeValue(kFormatVersion)) {
    throw hdf5::unreadable(path, "its format version is not " + std::to_string(kFormatVersion) +
                                     ", the one that this program knows");
  }
}

template <class T>
T const& attribute_of_type(ResultReader const& reader, std::string const& object, std::string const& name) {
  auto const& attributes = reader.attributes(object);
  auto const found = attributes.find(name);
  if (found == attributes.end()) throw hdf5::unreadable(reader.path(), object + " has no attribute " + name);
  auto const* const value = std::get_if<T>(&found->second);
  if (value == nullptr) {
    throw hdf5::unreadable(reader.path(), "attribute " + name + " of " + object + " has another type");
  }
  return *value;
}

}  // namespace

ResultReader::ResultReader(Communicator const& comm, std::string path)
    : state_(new State{comm, std::move(path), hdf5::SharedFile(comm), {}}) {
  state_->file = hdf5::open_to_read(comm, state_->path);
  state_->catalogue = state_->reading([&] { return hdf5::catalogue_of(state_->file.get(), state_->path); });
  together(comm, [&] { check_format(state_->catalogue, state_->path); });
}

ResultReader::~ResultReader() = default;

std::string const& ResultReader::path() const noexcept {
  return state_->path;
}

bool ResultReader::has(std::string const& object) const {
  return state_->catalogue.attributes.contains(object) || state_->catalogue.links.contains(object);
}

std::vector<DatasetInfo> const& ResultReader::datasets() const noexcept {
  return state_->catalogue.datasets;
}

DatasetInfo const& ResultReader::dataset(std::string const& path) const {
  for (auto const& info : datasets()) {
    if (info.path == path) return info;
  }
  throw hdf5::unreadable(state_->path, "it has no dataset " + path);
}

std::map<std::string, AttributeValue> const& ResultReader::attributes(std::string const& object) const {
  static std::map<std::string, AttributeValue> const none;
  auto const known = state_->catalogue.attributes.find(object);
  return known == state_->catalogue.attributes.end() ? none : known->second;
}

std::string const& ResultReader::text(std::string const& object, std::string const& attribute) const {
  return attribute_of_type<std::string>(*this, object, attribute);
}

std::int64_t ResultReader::integer(std::string const& object, std::string const& attribute) const {
  return attribute_of_type<std::int64_t>(*this, object, attribute);
}

double ResultReader::real(std::string const& object, std::string const& attribute) const {
  return attribute_of_type<double>(*this, object, attribute);
}

std::optional<std::string> ResultReader::link_target(std::string const& link) const {
  auto const known = state_->catalogue.links.find(link);
  if (known == state_->catalogue.links.end()) return std::nullopt;
  return known->second;
}

Digest ResultReader::attributes_digest() const {
  AttributeRecords records;
  for (auto const& [object, attributes] : state_->catalogue.attributes) {
    if (is_of_digests(object)) continue;
    for (auto const& [name, value] : attributes) {
      auto const& object_name = object;
      auto const& attribute_name = name;
      std::visit([&](auto const& v) { records.add(object_name, attribute_name, v); }, value);
    }
  }
  for (auto const& [link, target] : state_->catalogue.links) records.add(link, "", std::string_view(target));
  return records.digest();
}

}  // namespace tessera
