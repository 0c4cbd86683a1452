// SPDX-License-Identifier: Apache-2.0
#include "certificate.hpp"

#include "tessera/core/version.hpp"

#include <iterator>

#include "printable.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

/// An attribute of /run, or a dash in files that do not have it.
std::string fact(ResultReader const& reader, std::string const& name) {
  return reader.attributes("/run").contains(name) ? reader.text("/run", name) : "-";
}

}  // namespace

std::string certificate_of(ResultReader const& reader, Verified const& verified) {
  std::string out = "Certificate of a Tessera result\n";
  auto const line = [&](std::string_view name, std::string const& value) {
    fmt::format_to(std::back_inserter(out), "  {:<15}{}\n", name, printable(value));
  };
  line("file", reader.path());
  line("digest", hex(*verified.file_digest));
  line("made by", fmt::format("tessera {} ({})", fact(reader, "version"), fact(reader, "git")));
  line("checked by", fmt::format("tessera {} ({})", version(), git_describe()));
  line("configuration", fact(reader, "config_digest"));
  if (reader.has("/run/inputs/path")) {
    auto const path = reader.read_strings("/run/inputs/path");
    auto const digest = reader.read_strings("/run/inputs/digest");
    for (std::size_t i = 0; i < std::min(path.size(), digest.size()); ++i)
      line("input", digest[i] + "  " + path[i]);
  }
  for (auto const& count : verified.counts) line("checked", count);
  line("verdict", verified.failed() == 0
                      ? fmt::format("all {} checks hold", verified.checks.size())
                      : fmt::format("{} of {} checks FAIL", verified.failed(), verified.checks.size()));
  return out;
}

}  // namespace tessera
