// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/agree.hpp"

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
  SegmentCounts counts;
  ShownProfile shown;
  std::int64_t rows = 0;
  std::vector<std::string> feature;
  std::vector<double> centroid;  ///< [segments, features]; in raw units where the file has them
  std::string centroid_name;
};

Segments read_segments(ExportJob const& job) {
  Segments out;
  auto const model = selected_model(job.reader);
  out.counts = read_segment_counts(job.reader);
  out.shown = shown_profile(out.counts, job.min_cell);
  out.rows = std::accumulate(out.counts.size.begin(), out.counts.size.end(), std::int64_t{0});
  bool const raw = job.reader.has(model + "/centroids_original");
  out.centroid_name = raw ? "centroid_original" : "centroid";
  out.centroid = job.reader.read<double>(model + (raw ? "/centroids_original" : "/centroids"));
  if (job.reader.has("/features/name")) {
    out.feature = job.reader.read_strings("/features/name");
  } else {
    for (std::size_t f = 0; f < out.counts.features; ++f) out.feature.push_back(fmt::format("feature_{}", f));
  }
  if (out.feature.size() != out.counts.features ||
      out.centroid.size() != out.counts.size.size() * out.feature.size())
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
  auto const& size = segments.counts.size;
  for (std::size_t s = 0; s < size.size(); ++s) {
    bool const shown = segments.shown.segment[s] != 0;
    records.count(std::uint64_t{s});
    put_or_leave_out(records, shown, size[s]);
    put_or_leave_out(records, shown, share_of(size[s], segments.rows));
    for (std::size_t f = 0; f < segments.feature.size(); ++f) {
      auto const cell = s * segments.feature.size() + f;
      put_or_leave_out(records, segments.shown.feature[cell] != 0, segments.centroid[cell]);
    }
  }
  write_all(job, records);
}

void export_profiles(ExportJob const& job) {
  auto const segments = read_segments(job);
  auto const& size = segments.counts.size;
  auto const& support = segments.counts.support;
  auto const& shown = segments.shown;
  auto const k = size.size(), d = segments.counts.features;
  auto const effect = job.reader.read<double>("/profiles/effect_size");
  if (effect.size() != k * d) throw inconsistent(job, "/profiles/effect_size is not segments x features");
  auto items = segments.counts.item;
  rename_items(job.comm, job.request.item_names, items);
  Records records(job.request.format, {"segment", "kind", "name", segments.centroid_name, "effect_size",
                                       "customers", "share", "share_of_base", "lift"});
  std::vector<std::int64_t> in_base(items.size(), 0);
  for (std::size_t i = 0; i < support.size(); ++i) in_base[i % items.size()] += support[i];
  for (std::size_t s = 0; s < k; ++s) {
    for (std::size_t f = 0; f < d; ++f) {
      bool const feature_shown = shown.feature[s * d + f] != 0;
      records.count(std::uint64_t{s});
      records.text("feature");
      records.text(segments.feature[f]);
      put_or_leave_out(records, feature_shown, segments.centroid[s * d + f]);
      put_or_leave_out(records, feature_shown, effect[s * d + f]);
      for (int empty = 0; empty < 4; ++empty) records.missing();
    }
    for (std::size_t i = 0; i < items.size(); ++i) {
      auto const count = support[s * items.size() + i];
      bool const item_shown = shown.cell[s * items.size() + i] != 0, base_shown = shown.item[i] != 0;
      double const share = share_of(count, size[s]), base = share_of(in_base[i], segments.rows);
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
