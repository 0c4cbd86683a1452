// SPDX-License-Identifier: Apache-2.0
#include "telemetry.hpp"

#include "tessera/comm/collectives.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <numeric>
#include <vector>

#include "inconsistent.hpp"
#include "with_unit.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

constexpr char kTelemetry[] = "/run/telemetry/";

double computing(StageRecord const& stage) {
  return std::max(0.0, stage.seconds - stage.traffic.waiting_seconds - stage.traffic.moving_seconds);
}

/// *Collective.* One figure of each stage on every rank: [stages, ranks].
template <class Figure, class T = std::invoke_result_t<Figure, StageRecord const&>>
std::vector<T> over_ranks(Communicator const& comm, std::span<StageRecord const> stages, Figure&& figure) {
  std::vector<T> mine;
  for (auto const& stage : stages) mine.push_back(figure(stage));
  auto const all = all_gather(comm, std::span<T const>(mine)).values;
  auto const ranks = static_cast<std::size_t>(comm.size());
  std::vector<T> out(all.size());
  for (std::size_t rank = 0; rank < ranks; ++rank) {
    for (std::size_t stage = 0; stage < stages.size(); ++stage)
      out[stage * ranks + rank] = all[rank * stages.size() + stage];
  }
  return out;
}

struct Figures {
  std::vector<double> of;  ///< [stages, ranks]
  std::size_t ranks;
  [[nodiscard]] std::span<double const> stage(std::size_t i) const {
    return std::span(of).subspan(i * ranks, ranks);
  }
  [[nodiscard]] double sum(std::size_t i) const {
    return std::accumulate(stage(i).begin(), stage(i).end(), 0.0);
  }
  [[nodiscard]] double mean(std::size_t i) const { return sum(i) / static_cast<double>(ranks); }
  [[nodiscard]] double most(std::size_t i) const {
    return *std::max_element(stage(i).begin(), stage(i).end());
  }
};

/// The busiest rank over the mean; 1 where nobody computed.
double imbalance(Figures const& computing, std::size_t stage) {
  double const mean = computing.mean(stage);
  return mean > 0 ? computing.most(stage) / mean : 1.0;
}

template <class T>
Figures read_figures(ResultReader const& reader, std::string const& name, std::size_t stages,
                     std::size_t ranks) {
  auto const values = reader.read<T>(kTelemetry + name);
  if (values.size() != stages * ranks)
    throw inconsistent(reader, kTelemetry + name + " is not stages x ranks");
  return {std::vector<double>(values.begin(), values.end()), ranks};
}

}  // namespace

void write_telemetry(Communicator const& comm, ResultFile& file, std::span<StageRecord const> stages) {
  std::vector<std::string> names;
  for (auto const& stage : stages) names.push_back(stage.stage);
  auto const ranks = static_cast<std::uint64_t>(comm.size());
  auto const put = [&]<class T>(std::string const& name, std::vector<T> const& values,
                                std::string const& text, std::string const& unit) {
    file.write(kTelemetry + name, std::span<T const>(values), {stages.size(), ranks},
               {text, unit, "stages x ranks"});
  };
  file.write(std::string(kTelemetry) + "stage", std::span<std::string const>(names),
             {"stages in their order", "1", "stages"});
  Figures const seconds{over_ranks(comm, stages, [](StageRecord const& s) { return s.seconds; }),
                        static_cast<std::size_t>(ranks)};
  put("seconds", seconds.of, "until all ranks were through with the stage", "seconds");
  std::vector<ResultFile::Timing> slowest;
  for (std::size_t i = 0; i < stages.size(); ++i) slowest.push_back({names[i], seconds.most(i)});
  file.write_timings("/run/timings", slowest);
  Figures const busy{over_ranks(comm, stages, computing), static_cast<std::size_t>(ranks)};
  put("computing_seconds", busy.of, "outside communication; reading and writing files is in it", "seconds");
  put("waiting_seconds",
      over_ranks(comm, stages, [](StageRecord const& s) { return s.traffic.waiting_seconds; }),
      "in barriers, agreements and other calls with next to no data: waiting for other ranks", "seconds");
  put("moving_seconds",
      over_ranks(comm, stages, [](StageRecord const& s) { return s.traffic.moving_seconds; }),
      "in calls with data, waiting for their partners included", "seconds");
  put("bytes", over_ranks(comm, stages, [](StageRecord const& s) { return s.traffic.bytes; }),
      "given to calls for other ranks", "bytes");
  put("calls", over_ranks(comm, stages, [](StageRecord const& s) { return s.traffic.calls; }),
      "calls that communicate", "1");
  put("peak_memory_bytes", over_ranks(comm, stages, [](StageRecord const& s) { return s.peak_memory; }),
      "high-water mark of resident memory when the stage ended", "bytes");
  std::vector<double> uneven;
  for (std::size_t i = 0; i < stages.size(); ++i) uneven.push_back(imbalance(busy, i));
  file.write(std::string(kTelemetry) + "imbalance", std::span<double const>(uneven), {uneven.size()},
             {"computing seconds: the most of a rank over the mean", "1", "stages"});
}

std::string describe_timings(ResultReader const& reader) {
  std::string out;
  if (!reader.has(std::string(kTelemetry) + "stage")) {
    for (auto const& [stage, seconds] : reader.read_timings("/run/timings"))
      out += fmt::format("{:<16} {:>11.3f} s\n", stage, seconds);
    return out;
  }
  auto const stages = reader.read_strings(std::string(kTelemetry) + "stage");
  auto const shape = reader.dataset(std::string(kTelemetry) + "seconds").shape;
  if (shape.size() != 2 || shape[0] != stages.size() || shape[1] == 0)
    throw inconsistent(reader, std::string(kTelemetry) + "seconds is not stages x ranks");
  auto const ranks = static_cast<std::size_t>(shape[1]);
  auto const real = [&](std::string const& name) {
    return read_figures<double>(reader, name, stages.size(), ranks);
  };
  auto const count = [&](std::string const& name) {
    return read_figures<std::uint64_t>(reader, name, stages.size(), ranks);
  };
  auto const seconds = real("seconds"), busy = real("computing_seconds"), waiting = real("waiting_seconds"),
             moving = real("moving_seconds");
  auto const bytes = count("bytes"), memory = count("peak_memory_bytes");
  out = fmt::format("{:<16} {:>11} {:>11} {:>11} {:>11} {:>10} {:>10} {:>10}\n", "stage", "seconds",
                    "computing", "waiting", "moving", "imbalance", "sent", "memory");
  double total = 0;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    total += seconds.most(i);
    out += fmt::format("{:<16} {:>11.3f} {:>11.3f} {:>11.3f} {:>11.3f} {:>10.2f} {:>10} {:>10}\n", stages[i],
                       seconds.most(i), busy.mean(i), waiting.mean(i), moving.mean(i), imbalance(busy, i),
                       with_unit(bytes.sum(i), "B"), with_unit(memory.most(i), "B"));
  }
  out += fmt::format("{:<16} {:>11.3f}\n", "all", total);
  out += fmt::format(
      "\n{} {}. Seconds: of the slowest; computing (with files), waiting for others, moving data: means. "
      "Imbalance: the busiest over the mean.\nSent: by all. Memory: high-water mark of the largest.\n",
      ranks, ranks == 1 ? "rank" : "ranks");
  return out;
}

}  // namespace tessera
