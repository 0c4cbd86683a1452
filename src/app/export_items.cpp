// SPDX-License-Identifier: Apache-2.0
#include "export_items.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/core/error.hpp"
#include "tessera/core/narrow.hpp"
#include "tessera/core/rational.hpp"

#include <algorithm>
#include <fstream>
#include <map>

#include "console.hpp"
#include "quote.hpp"
#include "with_commas.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

ConfigurationError unusable(std::string const& path, std::string const& what) {
  return {fmt::format("--item-names {}: {}", path, what), "items would be named wrongly or not at all",
          "give a file with a line `item,name` for each item, or leave the option out"};
}

std::map<std::string, std::string> read_names(std::string const& path) {
  std::ifstream file(path);
  if (!file) throw unusable(path, "it cannot be read");
  std::map<std::string, std::string> names;
  std::string line;
  for (std::uint64_t number = 1; std::getline(file, line); ++number) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.empty()) continue;
    auto const tab = line.find('\t');
    auto const cut = tab != std::string::npos ? tab : line.find(',');
    if (cut == std::string::npos || cut == 0 || cut + 1 == line.size())
      throw unusable(path, fmt::format("line {} is not `item,name`", number));
    if (!names.emplace(line.substr(0, cut), line.substr(cut + 1)).second)
      throw unusable(path, fmt::format("line {} names item {} again", number, line.substr(0, cut)));
  }
  if (file.bad()) throw unusable(path, "it cannot be read to its end");
  return names;
}

bool is_whole_number(std::string const& name) {
  constexpr std::size_t kMostDigits = 18;
  return !name.empty() && name.size() <= kMostDigits && (name == "0" || name.front() != '0') &&
         std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

void rename_items(Communicator const& comm, std::string const& path, std::vector<std::string>& names) {
  if (path.empty()) return;
  together(comm, [&] {
    auto const given = read_names(path);
    bool any = false;
    for (auto& name : names) {
      auto const found = given.find(name);
      if (found == given.end()) continue;
      name = found->second;
      any = true;
    }
    if (!any && !names.empty()) throw unusable(path, "it names none of the result's items");
  });
}

std::int64_t asked_support(ExportJob const& job) {
  if (job.request.min_support.empty()) return 0;
  auto const asked = Share::parse(job.request.min_support, "--min-support");
  auto const baskets = static_cast<std::uint64_t>(job.reader.integer("/itemsets", "rows"));
  return narrow<std::int64_t>(asked.count_of(baskets));
}

void tell_left_out(ExportJob const& job, std::uint64_t left_out_here, std::string_view what) {
  auto const left_out = all_reduce(job.comm, left_out_here, Reduce::sum);
  if (left_out == 0 || job.comm.rank() != 0) return;
  Console(Console::Voice::speaking)
      .note(fmt::format("{} {} left out: they would tell of groups of fewer than {} customers",
                        with_commas(left_out), what, job.min_cell));
}

ItemLists::ItemLists(std::vector<std::string> const& names, ExportFormat format) : format_(format) {
  bool const numbers = std::all_of(names.begin(), names.end(), is_whole_number);
  if (format == ExportFormat::spmf && !numbers) spmf_header_ = "@CONVERTED_FROM_TEXT\n";
  for (std::size_t i = 0; i < names.size(); ++i) {
    auto const& name = names[i];
    special_.push_back(0);
    if (format == ExportFormat::jsonl) {
      text_.push_back(quote(name));
    } else if (format == ExportFormat::spmf) {
      text_.push_back(numbers ? name : std::to_string(i + 1));
      if (!numbers) spmf_header_ += fmt::format("@ITEM={}={}\n", i + 1, name);
    } else {
      auto value = csv_text(name);
      if (value.size() > name.size()) {
        special_.back() = 1;
        value = value.substr(1, value.size() - 2);
      }
      text_.push_back(std::move(value));
    }
  }
}

void ItemLists::append(std::span<std::int32_t const> items, std::string& out) const {
  bool const json = format_ == ExportFormat::jsonl;
  bool const has_quotes =
      format_ == ExportFormat::csv && std::any_of(items.begin(), items.end(), [&](auto item) {
        return special_[static_cast<std::size_t>(item)] != 0;
      });
  std::string_view const between = json ? "," : format_ == ExportFormat::csv ? " & " : " ";
  if (json) out += '[';
  if (has_quotes) out += '"';
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) out += between;
    out += text_[static_cast<std::size_t>(items[i])];
  }
  if (has_quotes) out += '"';
  if (json) out += ']';
}

}  // namespace tessera
