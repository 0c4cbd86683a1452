// SPDX-License-Identifier: Apache-2.0
#include "hdf5_catalogue.hpp"

#include <algorithm>

#include "hdf5_input.hpp"
#include "hdf5_walk.hpp"

namespace tessera::hdf5 {

namespace {

/// What stands for attributes that Tessera does not write: arrays, strings of variable length.
constexpr char kForeign[] = "(a value of a kind that Tessera does not write)";

herr_t append_name(hid_t, char const* name, H5A_info_t const*, void* names) noexcept {
  try {
    static_cast<std::vector<std::string>*>(names)->emplace_back(name);
    return 0;
  } catch (...) {
    return -1;
  }
}

AttributeValue read_attribute(hid_t object, std::string const& name) {
  auto const attribute =
      own<Attribute>(H5Aopen(object, name.c_str(), H5P_DEFAULT), "opening attribute " + name);
  auto const type = own<Type>(H5Aget_type(attribute.get()), "the type of attribute " + name);
  auto const space = own<Space>(H5Aget_space(attribute.get()), "the extent of attribute " + name);
  std::string const reading = "reading attribute " + name;
  if (H5Sget_simple_extent_type(space.get()) != H5S_SCALAR) return kForeign;
  switch (H5Tget_class(type.get())) {
    case H5T_STRING: {
      if (H5Tis_variable_str(type.get()) != 0) return kForeign;
      std::string text(H5Tget_size(type.get()), '\0');
      check(H5Aread(attribute.get(), type.get(), text.data()), reading);
      text.resize(std::min(text.size(), text.find('\0')));
      return text;
    }
    case H5T_INTEGER: {
      std::int64_t value = 0;
      check(H5Aread(attribute.get(), H5T_NATIVE_INT64, &value), reading);
      return value;
    }
    case H5T_FLOAT: {
      double value = 0;
      check(H5Aread(attribute.get(), H5T_NATIVE_DOUBLE, &value), reading);
      return value;
    }
    default:
      return kForeign;
  }
}

std::map<std::string, AttributeValue> attributes_of(hid_t object) {
  std::vector<std::string> names;
  check(H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, nullptr, append_name, &names), "listing attributes");
  std::map<std::string, AttributeValue> out;
  for (auto const& name : names) out.emplace(name, read_attribute(object, name));
  return out;
}

DatasetInfo describe(hid_t file, hid_t dataset, std::string const& file_path, std::string const& path) {
  auto const reason = why_unreadable(file, dataset);
  if (!reason.empty()) throw unreadable(file_path, path + " " + reason);
  return {path, type_name(own<Type>(H5Dget_type(dataset), "the type of " + path).get()), shape_of(dataset)};
}

}  // namespace

Catalogue catalogue_of(hid_t file, std::string const& path) {
  Catalogue out;
  out.attributes["/"] = attributes_of(open_object(file, "/").get());
  for (auto const& link : links_of(file)) {
    if (link.kind == LinkKind::elsewhere) throw unreadable(path, link.path + " is a link into another file");
    if (link.kind == LinkKind::soft) {
      out.links[link.path] = soft_target(file, link.path);
      continue;
    }
    auto const object = open_object(file, link.path);
    out.attributes[link.path] = attributes_of(object.get());
    if (H5Iget_type(object.get()) == H5I_DATASET) {
      out.datasets.push_back(describe(file, object.get(), path, link.path));
    }
  }
  std::sort(out.datasets.begin(), out.datasets.end(),
            [](DatasetInfo const& a, DatasetInfo const& b) { return a.path < b.path; });
  return out;
}

}  // namespace tessera::hdf5
