// SPDX-License-Identifier: Apache-2.0
#include "reidentify.hpp"

#include "tessera/app/configuration.hpp"
#include "tessera/app/key_file.hpp"

#include "console.hpp"
#include "with_commas.hpp"
#include <fmt/format.h>

namespace tessera {

void check_reidentification(ExportRequest const& request) {
  auto const refuse = [](std::string const& what, std::string const& why, std::string const& remedy) {
    throw ConfigurationError(what, why, remedy);
  };
  if (!request.reidentify) {
    if (!request.key_file.empty() || !request.source.empty())
      refuse("--key or --source without --reidentify", "pseudonyms need neither",
             "leave them out, or ask for ids with --reidentify");
    return;
  }
  if (request.what != "customers")
    refuse("--reidentify with " + request.what, "only customers have ids", "export customers");
  if (request.source.empty())
    refuse("--reidentify without --source", "a result holds no ids: they are looked up in the source table",
           "give the run's configuration with --source CONFIG.toml");
  if (request.output.path.empty())
    refuse("--reidentify without -o", "ids go to a file that its owner alone can read, and nowhere else",
           "name the file with -o FILE");
}

namespace {

/// *Collective.* The hasher, once it is known to be the run's.
KeyHasher hasher_of(ExportJob const& job) {
  auto const& request = job.request;
  if (!job.reader.attributes("/run").contains("key_check")) {
    throw InputError(job.reader.path() + " does not tell which key its pseudonyms were made with",
                     "with another key nobody, or the wrong customer, would be found",
                     "run the job again with this version");
  }
  auto hasher = load_key(job.comm, request.key_file, "--key");
  if (key_check(hasher) == job.reader.text("/run", "key_check")) return hasher;
  auto const why = "with another key no pseudonym can be told";
  if (request.key_file.empty()) {
    throw ConfigurationError(job.reader.path() + " was made with a key, and none is given", why,
                             "give the run's key file with --key FILE");
  }
  throw ConfigurationError(fmt::format("--key {} is not the key of {}", request.key_file, job.reader.path()),
                           why, "give the key file that privacy.key_file named when the job ran");
}

}  // namespace

CustomerIds reidentify(ExportJob const& job) {
  auto const& request = job.request;
  auto const config = load_configuration(job.comm, request.source, {});
  auto const hasher = hasher_of(job);
  CustomerIds ids(job.comm, job.reader, config.customers(), hasher);
  Console console(job.comm.rank() == 0 ? Console::Voice::speaking : Console::Voice::silent);
  console.note(fmt::format("re-identification: {} customer ids are written in the clear to {} (mode 0600)",
                           with_commas(ids.known()), request.output.path));
  if (ids.known() < ids.customers()) {
    console.warning(fmt::format(
        "{} of {} customers of {} are not in the source; they have no id in the export",
        with_commas(ids.customers() - ids.known()), with_commas(ids.customers()), job.reader.path()));
  }
  return ids;
}

}  // namespace tessera
