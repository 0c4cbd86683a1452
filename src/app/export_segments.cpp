// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/agree.hpp"
#include "tessera/profile/suppress_cells.hpp"

#include <numeric>

#include "export_items.hpp"
#include "export_job.hpp"
#include "model_groups.hpp"
#include "shown_profile.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

double share_of(std::int64_t part, std::int64_t whole) {
  return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0.0;
}

/// The selected model: everything has one row a segment.
struct Segments {
  std::vector<std::int64_t> size;
  std::int64_t rows = 0;
  std::vector<std::string> feature;
  std::vector<double> centroid;  ///< [segments, features]; in raw units where the file has them
  std::string centroid_name;
};

Segments read_segments(ExportJob const& job) {
  Segments out;
  auto const model = selected_model(job.reader);
  out.size = job.reader.read<std::int64_t>(model + "/size");
  out.rows = std::accumulate(out.size.begin(), out.size.end(), std::int64_t{0});
  bool const raw = job.reader.has(model + "/centroids_original");
  out.centroid_name = raw ? "centroid_original" : "centroid";
  out.centroid = job.reader.read<double>(model + (raw ? "/centroids_original" : "/centroids"));
  if (job.reader.has("/features/name")) {
    out.feature = job.reader.read_strings("/features/name");
  } else {
    auto const features = out.size.empty() ? 0 : out.centroid.size() / out.size.size();
    for (std::size_t f = 0; f < features; ++f) out.feature.push_back(fmt::format("feature_{}", f));
  }
  if (out.centroid.size() != out.size.size() * out.feature.size())
    throw inconsistent(job, "the centroids of " + model + " are not segments x features");
  return out;
}

void put(Records& records, std::int64_t count) {
  records.count(count);
}

void put(Records& records, double value) {
  records.real(value);
}

template <class Value>
void put_or_leave_out(Records& records, bool shown, Value value) {
  if (shown) {
    put(records, value);
  } else {
    records.missing();
  }
}

/// *Collective.* What is small is made on every rank and written by one.
void write_all(ExportJob const& job, Records& records) {
  auto const text = records.header() + records.take();
  write_head(job, text);
}

}  // namespace

void export_segments(ExportJob const& job) {
  auto const segments = read_segments(job);
  auto titles = std::vector<std::string>{"segment", "customers", "share"};
  titles.insert(titles.end(), segments.feature.begin(), segments.feature.end());
  Records records(job.request.format, titles);
  auto const sizes_shown = shown_parts(segments.size, job.min_cell);
  for (std::size_t s = 0; s < segments.size.size(); ++s) {
    bool const shown = sizes_shown[s] != 0;
    records.count(std::uint64_t{s});
    put_or_leave_out(records, shown, segments.size[s]);
    put_or_leave_out(records, shown, share_of(segments.size[s], segments.rows));
    for (std::size_t f = 0; f < segments.feature.size(); ++f)
      put_or_leave_out(records, shown, segments.centroid[s * segments.feature.size() + f]);
  }
  write_all(job, records);
}

void export_profiles(ExportJob const& job) {
  auto const segments = read_segments(job);
  auto const k = segments.size.size(), d = segments.feature.size();
  auto const effect = job.reader.read<double>("/profiles/effect_size");
  std::vector<std::string> items;
  std::vector<std::int64_t> support;
  if (job.reader.has("/profiles/item_support")) {
    items = job.reader.read_strings("/profiles/item_name");
    support = job.reader.read<std::int64_t>("/profiles/item_support");
  }
  if (effect.size() != k * d || support.size() != k * items.size())
    throw inconsistent(job, "/profiles is not of as many segments, features and items as there are");
  auto const shown_cells = shown_profile(segments.size, items, support, job.min_cell);
  rename_items(job.comm, job.request.item_names, items);
  Records records(job.request.format, {"segment", "kind", "name", segments.centroid_name, "effect_size",
                                       "customers", "share", "share_of_base", "lift"});
  std::vector<std::int64_t> in_base(items.size(), 0);
  for (std::size_t i = 0; i < support.size(); ++i) in_base[i % items.size()] += support[i];
  for (std::size_t s = 0; s < k; ++s) {
    bool const shown = shown_cells.segment[s] != 0;
    for (std::size_t f = 0; f < d; ++f) {
      records.count(std::uint64_t{s});
      records.text("feature");
      records.text(segments.feature[f]);
      put_or_leave_out(records, shown, segments.centroid[s * d + f]);
      put_or_leave_out(records, shown, effect[s * d + f]);
      for (int empty = 0; empty < 4; ++empty) records.missing();
    }
    for (std::size_t i = 0; i < items.size(); ++i) {
      auto const count = support[s * items.size() + i];
      bool const item_shown = shown_cells.cell[s * items.size() + i] != 0,
                 base_shown = shown_cells.item[i] != 0;
      double const share = share_of(count, segments.size[s]), base = share_of(in_base[i], segments.rows);
      records.count(std::uint64_t{s});
      records.text("item");
      records.text(items[i]);
      for (int empty = 0; empty < 2; ++empty) records.missing();
      put_or_leave_out(records, item_shown, count);
      put_or_leave_out(records, item_shown, share);
      put_or_leave_out(records, base_shown, base);
      put_or_leave_out(records, item_shown && base_shown && base > 0, share / base);
    }
  }
  write_all(job, records);
}

}  // namespace tessera
