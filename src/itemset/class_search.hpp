// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/itemset/mine.hpp"
#include "tessera/kernel/mask_rows.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "arena.hpp"
#include "node_buffer.hpp"
#include "root_rows.hpp"

/// Depth-first search of one rank for the frequent itemsets whose first item is given.
///
/// A prefix has its alive items, which some but not all of its baskets hold and enough of them, and its
/// perfect ones, which all of its baskets hold. Children are visited from the last item to the first (see
/// NodeBuffer). Baskets are projected level by level and merged where they have become equal: as rows of
/// items while there are many (Uno's LCM: occurrence deliver), as a word each once at most 64 items are
/// alive, and for the last few items as the table of all their subsets' supports.
///
/// Closed and maximal sets: items before the last one of the prefix stay in the rows to be looked at. A
/// prefix all of whose baskets hold such an item begins no closed set and is left at once, so no set is
/// ever looked up.
namespace tessera {

/// What is searched for.
struct SearchOptions {
  ItemsetKind kind = ItemsetKind::all;
  std::uint32_t min_support = 1;
  std::size_t min_length = 1, max_length = 65535;
  std::vector<std::int32_t> required;  ///< items that a reported itemset holds, ascending
};

class ClassSearch {
 public:
  /// Local. The references outlive the search.
  ClassSearch(RootRows const& root, SearchOptions const& options, NodeBuffer& out, MemoryMeter& meter);

  /// Finds the itemsets whose first item is `item`, last node first. Throws std::bad_alloc.
  void find(std::int32_t item);

  /// Whether NodeBuffer::Mode::total will do.
  [[nodiscard]] bool can_total() const noexcept {
    return may_repeat_ && options_.max_length >= path_.size() - 1;
  }

 private:
  /// Rows of many items. Items are numbered anew at each level, the `back` first ones are only looked at.
  struct ItemRows {
    std::span<std::uint32_t const> cells;
    std::span<std::uint32_t const> first, where;  ///< where[first[i] .. first[i + 1]): places of item i
    std::span<std::int32_t const> items;          ///< canonical numbers
    std::span<std::uint32_t const> supports;
    std::size_t back = 0;

    [[nodiscard]] std::size_t size() const noexcept { return items.size() - back; }
    [[nodiscard]] std::int32_t item(std::size_t i) const noexcept { return items[back + i]; }
    [[nodiscard]] std::uint32_t support(std::size_t i) const noexcept { return supports[back + i]; }
    [[nodiscard]] bool has_back() const noexcept { return back > 0; }
  };
  /// Rows of a word each. Bits keep their items on the way down.
  struct WordRows {
    kernel::MaskRows rows{};
    std::uint64_t forward = 0, back = 0;  ///< bits of alive items
    std::int32_t const* item_of = nullptr;
    std::array<std::uint8_t, 64> bit;  ///< of the alive items after the prefix, ascending
    std::array<std::uint32_t, 64> counts;
    std::size_t alive = 0;

    [[nodiscard]] std::size_t size() const noexcept { return alive; }
    [[nodiscard]] std::int32_t item(std::size_t i) const noexcept { return item_of[bit[i]]; }
    [[nodiscard]] std::uint32_t support(std::size_t i) const noexcept { return counts[bit[i]]; }
    [[nodiscard]] bool has_back() const noexcept { return back != 0; }
    void set_forward(std::uint64_t bits) noexcept;
  };
  /// Alive items of which no two are frequent together; no rows are needed.
  struct Leaves {
    std::span<std::int32_t const> items;
    std::span<std::uint32_t const> supports;

    [[nodiscard]] std::size_t size() const noexcept { return items.size(); }
    [[nodiscard]] std::int32_t item(std::size_t i) const noexcept { return items[i]; }
    [[nodiscard]] std::uint32_t support(std::size_t i) const noexcept { return supports[i]; }
    [[nodiscard]] bool has_back() const noexcept { return false; }
  };
  /// Supports of all subsets of the last few items.
  struct Tail {
    std::span<std::uint32_t const> table;
    std::span<std::int32_t const> items;
  };
  using Items = std::span<std::int32_t const>;  ///< canonical numbers, ascending

  // The forest below a prefix: its alive items from `first` on, and its perfect ones.
  template <class Rows>
  void forest(Rows const& rows, std::size_t first, Items perfect, std::size_t depth, std::uint32_t support);
  template <class Rows>
  void forest_of_all(Rows const& rows, std::size_t first, Items perfect, std::size_t depth,
                     std::uint32_t support);
  template <class Rows>
  void forest_of_closed(Rows const& rows, Items perfect, std::size_t depth, std::uint32_t support);
  template <class Regenerate>
  void perfect_node(std::int32_t item, std::uint64_t since, std::size_t depth, std::uint32_t support,
                    Regenerate&& regenerate);
  /// Visits an alive item of a prefix with its subtree.
  void child(ItemRows const& rows, std::size_t i, Items perfect, std::size_t depth);
  void child(WordRows const& rows, std::size_t i, Items perfect, std::size_t depth);
  void child(Leaves const& rows, std::size_t i, Items perfect, std::size_t depth);
  template <class Rows>
  void finish(Rows const& rows, Items perfect, std::size_t depth, std::int32_t item, std::uint32_t support);

  void project_to_words(ItemRows const& rows, std::size_t number, std::span<std::uint32_t const> alive,
                        std::size_t back, WordRows& out);
  ItemRows project_to_items(ItemRows const& rows, std::size_t number, std::span<std::uint32_t const> alive,
                            std::size_t back);
  void merge_words(WordRows& rows, std::uint64_t* masks, std::uint32_t* weights);
  bool only_maximal(WordRows const& rows, Items perfect, std::size_t depth, std::int32_t item,
                    std::uint32_t support);

  /// Of the alive items, those that a table takes. Zero where tables do not serve.
  [[nodiscard]] std::size_t tail_length(WordRows const& rows, std::size_t first) const;
  template <class Rows>
  [[nodiscard]] std::size_t tail_length(Rows const&, std::size_t) const {
    return 0;
  }
  void find_tail(WordRows const& rows, std::size_t first, Items perfect, std::size_t depth,
                 std::uint32_t support);
  template <class Rows>
  void find_tail(Rows const&, std::size_t, Items, std::size_t, std::uint32_t) {}
  void tail_forest(Tail const& tail, std::size_t set, std::size_t first, Items perfect, std::size_t depth,
                   std::uint32_t support);

  /// Adds a node unless it is neither wanted nor has a subtree: nodes since `before`.
  void add(std::uint64_t before, std::size_t depth, std::int32_t item, std::uint32_t support,
           bool is_result) {
    bool wanted = may_repeat_;
    if (!wanted) {
      path_[depth - 1] = item;
      wanted = is_result && is_wanted(depth);
    }
    if (wanted || out_.nodes() > before) out_.add(depth, item, support, wanted);
  }
  /// Whether the path up to `depth` is a result as far as the constraints go.
  [[nodiscard]] bool is_wanted(std::size_t depth) const;
  /// Whether no wanted itemset goes on from a path of `length` with this item.
  [[nodiscard]] bool is_barred(std::int32_t item, std::size_t length) const;
  [[nodiscard]] bool looks_back() const noexcept { return options_.kind != ItemsetKind::all; }

  RootRows const& root_;
  SearchOptions const& options_;
  NodeBuffer& out_;
  Arena arena_;
  bool may_repeat_;                    ///< a copied node is as wanted as the original
  std::vector<std::int32_t> path_;     ///< items of the prefix being visited
  std::vector<std::uint32_t> counts_;  ///< [items of the widest level] zeros between uses
  ItemRows root_items_;
  WordRows root_words_;
  bool root_in_words_ = false;
};

}  // namespace tessera
