// SPDX-License-Identifier: Apache-2.0
#include "bins.hpp"

#include "tessera/comm/collectives.hpp"
#include "tessera/stats/quantiles.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>

#include <fmt/format.h>

namespace tessera::detail {

namespace {

std::string date_text(std::chrono::sys_days day) {
  std::chrono::year_month_day const date(day);
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

std::string text_of(double value, ColumnType type) {
  using std::chrono::days, std::chrono::seconds, std::chrono::sys_days, std::chrono::sys_seconds;
  if (type == ColumnType::date) return date_text(sys_days(days(static_cast<int>(value))));
  if (type == ColumnType::datetime) {
    sys_seconds const time{seconds(static_cast<std::int64_t>(value))};
    auto const day = std::chrono::floor<days>(time);
    std::chrono::hh_mm_ss const clock(time - day);
    return fmt::format("{}T{:02}:{:02}:{:02}", date_text(day), clock.hours().count(), clock.minutes().count(),
                       clock.seconds().count());
  }
  return fmt::format("{}", value);
}

}  // namespace

Bins::Bins(Communicator const& comm, std::span<double const> values, ColumnType type, int wanted)
    : type_(type) {
  std::vector<double> probabilities;
  for (int i = 0; i <= wanted; ++i) probabilities.push_back(static_cast<double>(i) / wanted);
  auto edges = quantiles(comm, values, probabilities);
  if (std::isnan(edges.front())) return;
  max_ = edges.back();
  edges.pop_back();  // where the last lower edge is the maximum, customers at the maximum are a bin of their
                     // own
  if (type != ColumnType::real) {
    for (auto& edge : edges) edge = std::ceil(edge) + 0.0;  // + 0.0: not "-0"
  }
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  lower_ = std::move(edges);

  // Between distant neighbours several quantiles may lie that hold nobody apart: such bins join the one
  // below.
  std::vector<std::int64_t> customers(size(), 0);
  for (auto const value : values) {
    if (!std::isnan(value)) ++customers[of(value)];
  }
  all_reduce(comm, std::span(customers), Reduce::sum);
  std::vector<double> occupied;
  for (std::size_t bin = 0; bin < size(); ++bin) {
    if (customers[bin] > 0) occupied.push_back(lower_[bin]);
  }
  lower_ = std::move(occupied);
}

std::size_t Bins::of(double value) const noexcept {
  return static_cast<std::size_t>(std::upper_bound(lower_.begin() + 1, lower_.end(), value) -
                                  lower_.begin()) -
         1;
}

std::string Bins::name(std::size_t bin, BinEnds ends) const {
  bool const last = bin + 1 == size();
  if (ends == BinEnds::open && size() == 1) return "any";
  if (ends == BinEnds::open && bin == 0) return "<" + text_of(lower_[1], type_);
  if (ends == BinEnds::open && last) return ">=" + text_of(lower_[bin], type_);
  return fmt::format("[{}, {}{}", text_of(lower_[bin], type_), text_of(last ? max_ : lower_[bin + 1], type_),
                     last ? "]" : ")");
}

}  // namespace tessera::detail
