// SPDX-License-Identifier: Apache-2.0
#include "plan_machine.hpp"

#include "tessera/core/error.hpp"
#include "tessera/core/nearest_name.hpp"

#include <charconv>
#include <cmath>
#include <set>
#include <sstream>
#include <vector>

#include <fmt/format.h>

namespace tessera::plan {

namespace {

std::string trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r";
  auto const first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(kBlank) - first + 1));
}

constexpr std::string_view kRemedy = "mend the file, or write it anew with tessera benchmark-node";

double parse_value(std::string const& text, std::string const& where) {
  double value = 0;
  auto const [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status == std::errc{} && end == text.data() + text.size() && std::isfinite(value) && value >= 0)
    return value;
  throw ConfigurationError(fmt::format("{} = {} is not a number of 0 or more", where, text),
                           "every prediction is made from such rates", std::string(kRemedy));
}

}  // namespace

std::array<MachineKey, 19> const& machine_keys() {
  static constexpr std::array<MachineKey, 19> kKeys{{
      {"cores_per_node", "cores", "ranks that a node holds, one a core", &Machine::cores_per_node, true},
      {"memory_per_node_gb", "GB", "memory that jobs may use on a node", &Machine::memory_per_node_gb, true},
      {"kernel_gflops", "GFLOP/s", "dense assignment, one core: 2 flop a column and centroid",
       &Machine::kernel_gflops, true},
      {"kernel_value_ns", "ns", "dense assignment: more time a value of a row, reading it included",
       &Machine::kernel_value_ns, true},
      {"kernel_centroid_ns", "ns", "dense assignment: more time a row and centroid",
       &Machine::kernel_centroid_ns, true},
      {"kernel_row_ns", "ns", "dense assignment: more time a row", &Machine::kernel_row_ns, true},
      {"move_value_ns", "ns", "a value of a row that changes its segment", &Machine::move_value_ns, true},
      {"fma_peak_gflops", "GFLOP/s",
       "fused multiply-adds on registers, float32, one core (for comparison only)", &Machine::fma_peak_gflops,
       true},
      {"core_bandwidth_gbs", "GB/s", "one core reads memory while the others rest (for comparison only)",
       &Machine::core_bandwidth_gbs, true},
      {"node_bandwidth_gbs", "GB/s", "all cores of a node read memory", &Machine::node_bandwidth_gbs, true},
      {"node_latency_us", "us", "a small message between ranks of a node", &Machine::node_latency_us, true},
      {"node_link_gbs", "GB/s", "a large message between two ranks of a node, all pairs at once",
       &Machine::node_link_gbs, true},
      {"network_latency_us", "us", "a small message between nodes (one rank a node)",
       &Machine::network_latency_us, true},
      {"network_link_gbs", "GB/s", "a node's link to the network, each way (one rank a node)",
       &Machine::network_link_gbs, true},
      {"add_gbs", "GB/s", "one core adds a received message to its own", &Machine::add_gbs, true},
      {"storage_gbs", "GB/s", "the parallel file system, to all nodes together", &Machine::storage_gbs,
       false},
      {"parse_mbs", "MB/s", "CSV text that one core parses", &Machine::parse_mbs, false},
      {"prepare_value_ns", "ns", "a value on its way from a table to a feature: placing, statistics, scaling",
       &Machine::prepare_value_ns, false},
      {"rank_memory_mb", "MB", "a rank's memory beside its data: program, MPI, HDF5, buffers",
       &Machine::rank_memory_mb, true},
  }};
  return kKeys;
}

Machine parse_machine(std::string const& text, std::string const& origin) {
  Machine out;
  std::set<std::string_view> seen;
  std::istringstream lines(text);
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    std::string const content = trimmed(std::string_view(line).substr(0, line.find('#')));
    if (content.empty()) continue;
    auto const where = fmt::format("{}:{}: ", origin, number);
    auto const equals = content.find('=');
    std::string const name = trimmed(std::string_view(content).substr(0, equals));
    MachineKey const* key = nullptr;
    std::vector<std::string> names;
    for (auto const& candidate : machine_keys()) {
      names.emplace_back(candidate.name);
      if (candidate.name == name) key = &candidate;
    }
    if (key == nullptr || equals == std::string::npos) {
      throw ConfigurationError(
          fmt::format("{}\"{}\" is not a line \"key = value\" of a machine", where, content),
          "a rate that nobody reads would leave another one wrong",
          fmt::format("did you mean {}? The keys are {}", nearest_name(name, names), fmt::join(names, ", ")));
    }
    if (!seen.insert(key->name).second) {
      throw ConfigurationError(fmt::format("{}{} is set twice", where, name), "only one of them can hold",
                               std::string(kRemedy));
    }
    out.*(key->value) = parse_value(trimmed(std::string_view(content).substr(equals + 1)), where + name);
  }
  for (auto const& key : machine_keys()) {
    if (!seen.contains(key.name)) {
      throw ConfigurationError(
          fmt::format("{}: {} is missing ({}: {})", origin, key.name, key.unit, key.help),
          "every prediction is made from such rates", std::string(kRemedy));
    }
  }
  for (auto const member : {&Machine::cores_per_node, &Machine::kernel_gflops, &Machine::core_bandwidth_gbs,
                            &Machine::node_bandwidth_gbs, &Machine::node_link_gbs, &Machine::network_link_gbs,
                            &Machine::add_gbs, &Machine::storage_gbs, &Machine::parse_mbs}) {
    if (out.*member > 0) continue;
    for (auto const& key : machine_keys()) {
      if (key.value != member) continue;
      throw ConfigurationError(fmt::format("{}: {} = 0", origin, key.name),
                               "work would never end at this rate", std::string(kRemedy));
    }
  }
  return out;
}

std::string format_machine(Machine const& machine, std::string_view about) {
  std::string out = fmt::format("# SPDX-License-Identifier: Apache-2.0\n# {}\n", about);
  for (auto const& key : machine_keys()) {
    out += fmt::format("{:<20} = {:<10.4g} # {}: {}{}\n", key.name, machine.*(key.value), key.unit, key.help,
                       key.measured ? "" : "; not measured, a typical value");
  }
  return out;
}

}  // namespace tessera::plan
