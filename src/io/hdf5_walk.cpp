// SPDX-License-Identifier: Apache-2.0
#include "hdf5_walk.hpp"

namespace tessera::hdf5 {

namespace {

LinkKind kind_of(H5L_type_t type) {
  switch (type) {
    case H5L_TYPE_HARD:
      return LinkKind::hard;
    case H5L_TYPE_SOFT:
      return LinkKind::soft;
    default:
      return LinkKind::elsewhere;
  }
}

/// Runs inside the C library, so nothing may be thrown.
herr_t append_link(hid_t, char const* name, H5L_info_t const* info, void* links) noexcept {
  try {
    static_cast<std::vector<Link>*>(links)->push_back({std::string("/") + name, kind_of(info->type)});
    return 0;
  } catch (...) {
    return -1;
  }
}

}  // namespace

std::vector<Link> links_of(hid_t file) {
  std::vector<Link> links;
  check(H5Lvisit(file, H5_INDEX_NAME, H5_ITER_INC, append_link, &links), "listing the contents of the file");
  return links;
}

std::string soft_target(hid_t file, std::string const& path) {
  H5L_info_t info{};
  check(H5Lget_info(file, path.c_str(), &info, H5P_DEFAULT), "looking at the link " + path);
  std::string target(info.u.val_size, '\0');
  check(H5Lget_val(file, path.c_str(), target.data(), target.size(), H5P_DEFAULT),
        "reading the link " + path);
  target.resize(target.find('\0') == std::string::npos ? target.size() : target.find('\0'));
  return target;
}

bool leads_inside(hid_t file, std::string const& path) {
  constexpr int kMostLinks = 16;  // soft links one after the other: more are a loop
  std::string rest = path;
  for (int links = 0; links < kMostLinks; ++links) {
    bool followed = false;
    for (std::size_t end = 0; end != std::string::npos && !followed;) {
      end = rest.find('/', end + 1);
      std::string const prefix = rest.substr(0, end);
      if (prefix.empty() || prefix == "/") continue;
      if (H5Lexists(file, prefix.c_str(), H5P_DEFAULT) <= 0) return false;
      H5L_info_t info{};
      check(H5Lget_info(file, prefix.c_str(), &info, H5P_DEFAULT), "looking at the link " + prefix);
      if (kind_of(info.type) == LinkKind::elsewhere) return false;
      if (kind_of(info.type) == LinkKind::soft) {
        auto const target = soft_target(file, prefix);
        auto const folder = prefix.substr(0, prefix.rfind('/') + 1);
        auto const beyond = end == std::string::npos ? std::string() : rest.substr(end);
        rest = target.starts_with('/') ? std::string() : folder;
        rest += target;
        rest += beyond;
        followed = true;
      }
    }
    if (!followed) return true;
  }
  return false;
}

Object open_object(hid_t file, std::string const& path) {
  return own<Object>(H5Oopen(file, path.c_str(), H5P_DEFAULT), "opening " + path);
}

void open_everything(hid_t file) {
  for (auto const& link : links_of(file)) {
    if (link.kind == LinkKind::hard) static_cast<void>(open_object(file, link.path));
  }
}

}  // namespace tessera::hdf5
