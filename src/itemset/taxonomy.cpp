// SPDX-License-Identifier: Apache-2.0
#include "tessera/itemset/taxonomy.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/core/error.hpp"
#include "tessera/core/narrow.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

namespace tessera {

namespace {

InputError bad_line(std::string const& origin, std::size_t line, std::string const& problem) {
  return {fmt::format("{}:{}: {}", origin, line, problem),
          "every line of a taxonomy says \"child,parent\": which item is a kind of which",
          "mend that line; a name that holds a comma is written in double quotes"};
}

/// The fields of a line; quotes are undone.
std::vector<std::string> fields_of(std::string_view line, std::string const& origin, std::size_t number) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    bool const is_quote = line[i] == '"';
    bool const is_doubled = is_quote && quoted && i + 1 < line.size() && line[i + 1] == '"';
    if (is_doubled) {
      fields.back() += '"';
      ++i;
    } else if (is_quote) {
      bool const ends_field = i + 1 == line.size() || line[i + 1] == ',';
      bool const begins_field = i == 0 || line[i - 1] == ',';
      if (quoted ? !ends_field : !begins_field) throw bad_line(origin, number, "a stray double quote");
      quoted = !quoted;
    } else if (line[i] == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += line[i];
    }
  }
  if (quoted) throw bad_line(origin, number, "a double quote is not closed");
  return fields;
}

void reject_cycles(Taxonomy const& taxonomy, std::unordered_map<std::string, std::string> const& parent_of,
                   std::string const& origin) {
  std::unordered_set<std::string> sound;  // leads to a top
  for (auto const& [first, parent] : taxonomy.child_and_parent) {
    std::vector<std::string> path{first};
    std::unordered_set<std::string> on_path{first};
    for (auto above = parent_of.find(first); above != parent_of.end() && !sound.contains(above->first);
         above = parent_of.find(path.back())) {
      path.push_back(above->second);
      if (on_path.insert(path.back()).second) continue;
      auto const begin = std::find(path.begin(), path.end(), path.back());
      throw InputError(fmt::format("{}: a cycle: {}", origin, fmt::join(begin, path.end(), " -> ")),
                       "an item cannot be a kind of itself",
                       "remove one of these lines, so that every item leads to a top");
    }
    sound.insert(path.begin(), path.end());
  }
}

}  // namespace

Taxonomy parse_taxonomy(std::string_view text, std::string const& origin) {
  Taxonomy out;
  std::unordered_map<std::string, std::string> parent_of;
  for (std::size_t number = 1; !text.empty(); ++number) {
    auto const end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.find_first_not_of(" \t") == std::string_view::npos) continue;
    auto fields = fields_of(line, origin, number);
    if (fields.size() != 2)
      throw bad_line(origin, number, fmt::format("{} fields instead of 2", fields.size()));
    if (fields[0].empty() || fields[1].empty()) throw bad_line(origin, number, "an empty name");
    auto const [known, is_new] = parent_of.emplace(fields[0], fields[1]);
    if (!is_new && known->second != fields[1]) {
      throw bad_line(origin, number,
                     fmt::format("'{}' has two parents, '{}' and '{}'", fields[0], known->second, fields[1]));
    }
    if (is_new) out.child_and_parent.emplace_back(std::move(fields[0]), std::move(fields[1]));
  }
  reject_cycles(out, parent_of, origin);
  return out;
}

bool are_related(Parents const& parents, std::int32_t a, std::int32_t b) noexcept {
  auto const leads_to = [&](std::int32_t from, std::int32_t to) {
    while (from != kNoParent && from != to) from = parents[static_cast<std::size_t>(from)];
    return from == to;
  };
  return leads_to(a, b) || leads_to(b, a);
}

namespace {

/// Names the ancestors of items and gives all of them numbers.
Parents name_ancestors(Taxonomy const& taxonomy, std::string const& origin, std::vector<std::string>& names) {
  std::unordered_map<std::string_view, std::string_view> parent_of;
  for (auto const& [child, parent] : taxonomy.child_and_parent) parent_of.emplace(child, parent);
  std::unordered_set<std::string_view> concerned;  // ancestors of items
  for (auto const& name : names) {
    for (auto at = parent_of.find(name); at != parent_of.end() && concerned.insert(at->second).second;
         at = parent_of.find(at->second)) {
    }
  }
  if (concerned.empty()) {
    throw InputError(fmt::format("{}: none of its children is an item", origin),
                     "the taxonomy would change nothing",
                     "use the items' names; they are listed in /itemsets/item_name of a run without it");
  }
  std::unordered_map<std::string, std::int32_t> number;
  for (auto const& name : names) number.emplace(name, narrow<std::int32_t>(number.size()));
  for (auto const& [child, parent] : taxonomy.child_and_parent) {
    if (concerned.contains(parent) && number.emplace(parent, narrow<std::int32_t>(number.size())).second)
      names.push_back(parent);
  }
  Parents parents(names.size(), kNoParent);
  for (std::size_t i = 0; i < names.size(); ++i) {
    auto const found = parent_of.find(names[i]);
    if (found != parent_of.end()) parents[i] = number.at(std::string(found->second));
  }
  return parents;
}

}  // namespace

Parents add_ancestors(Communicator const& comm, Taxonomy const& taxonomy, std::string const& origin,
                      Baskets& baskets) {
  return together(comm, [&] {
    auto names = baskets.item_names;
    auto parents = name_ancestors(taxonomy, origin, names);
    std::vector<std::size_t> offset{0};
    std::vector<std::int32_t> items, basket;
    offset.reserve(baskets.offset.size());
    items.reserve(baskets.items.size());
    for (std::size_t r = 0; r < baskets.rows(); ++r) {
      auto const held = baskets.basket(LocalRow{r});
      basket.assign(held.begin(), held.end());
      for (auto const item : held) {
        for (auto above = parents[static_cast<std::size_t>(item)]; above != kNoParent;
             above = parents[static_cast<std::size_t>(above)])
          basket.push_back(above);
      }
      std::sort(basket.begin(), basket.end());
      basket.erase(std::unique(basket.begin(), basket.end()), basket.end());
      items.insert(items.end(), basket.begin(), basket.end());
      offset.push_back(items.size());
    }
    baskets.item_names = std::move(names);
    baskets.offset = std::move(offset);
    baskets.items = std::move(items);
    return parents;
  });
}

}  // namespace tessera
