// SPDX-License-Identifier: Apache-2.0
#include "tessera/prep/bridge.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/data/placement.hpp"

#include <algorithm>

#include "by_owner.hpp"
#include "key_index.hpp"

namespace tessera {

namespace {

/// The questions of a rank, most repetitions left out: rows of one account often follow one another, and an
/// account that has most rows of the table must not flood the rank that holds it.
struct Questions {
  std::vector<Key> links;
  std::vector<std::uint32_t> question;  // [rows] which of the links is the row's
};

Questions questions_of(std::span<Key const> links) {
  constexpr std::size_t kRemembered = 1 << 13;
  std::vector<std::uint32_t> recent(kRemembered, detail::kNotThere);
  Questions out;
  out.question.reserve(links.size());
  for (auto const& link : links) {
    auto& last = recent[link.low % kRemembered];
    if (last == detail::kNotThere || out.links[last] != link) {
      last = static_cast<std::uint32_t>(out.links.size());
      out.links.push_back(link);
    }
    out.question.push_back(last);
  }
  return out;
}

std::vector<std::size_t> offsets_of(std::span<std::uint32_t const> counts) {
  std::vector<std::size_t> offset{0};
  offset.reserve(counts.size() + 1);
  for (auto const count : counts) offset.push_back(offset.back() + count);
  return offset;
}

/// What the ranks answered, dealt out to the rows that asked.
Bridge::Found found_by_row(Questions const& questions, detail::Shipment const& shipment,
                           std::span<std::uint32_t const> counts, std::span<Key const> customers) {
  auto const answer_offset = offsets_of(counts);
  std::vector<std::uint32_t> answer_of(counts.size());
  for (std::size_t i = 0; i < counts.size(); ++i)
    answer_of[shipment.order[i]] = static_cast<std::uint32_t>(i);
  Bridge::Found found;
  found.offset.reserve(questions.question.size() + 1);
  found.offset.push_back(0);
  found.customers.reserve(questions.question.size());
  for (auto const question : questions.question) {
    std::size_t const answer = answer_of[question];
    for (std::size_t i = answer_offset[answer]; i < answer_offset[answer + 1]; ++i) {
      found.customers.push_back(customers[i]);
    }
    found.offset.push_back(found.customers.size());
  }
  return found;
}

/// The answers to all ranks' questions, in the order of the questions.
struct Answers {
  std::vector<std::uint32_t> owners;            // [questions] how many
  std::vector<Key> customers;                   // [owners of all questions]
  std::vector<std::uint64_t> customers_a_rank;  // [ranks]
};

Answers answer(PlacedLinks const& placed, Received<Key> const& asked, Owners owners) {
  auto const located = detail::KeyIndex(placed.links, placed.blocks).locate(asked.values);
  std::vector<std::uint32_t> row_of(asked.values.size());
  for (std::size_t i = 0; i < row_of.size(); ++i) row_of[located.order[i]] = located.row[i];
  Answers out;
  out.owners.reserve(row_of.size());
  std::size_t question = 0;
  for (auto const questions : asked.counts) {
    std::size_t const before = out.customers.size();
    for (std::uint64_t i = 0; i < questions; ++i) {
      auto const row = row_of[question++];
      std::size_t const first = row == detail::kNotThere ? 0 : placed.first_owner[row];
      std::size_t last = row == detail::kNotThere ? 0 : placed.first_owner[row + 1];
      if (owners == Owners::first) last = std::min(first + 1, last);
      out.owners.push_back(static_cast<std::uint32_t>(last - first));
      for (std::size_t k = first; k < last; ++k) out.customers.push_back(placed.owners[k]);
    }
    out.customers_a_rank.push_back(out.customers.size() - before);
  }
  return out;
}

}  // namespace

Bridge::Found Bridge::find(Communicator const& comm, std::span<Key const> links, Owners owners) const {
  Questions questions;
  detail::Shipment shipment;
  auto const outgoing = together(comm, [&] {
    questions = questions_of(links);
    shipment =
        detail::sort_by_owner(questions.links, KeyBlocks::of_count(placed_.blocks.total_blocks), comm.size());
    return detail::gather(questions.links, shipment.order);
  });
  auto const asked = all_to_all(comm, std::span<Key const>(outgoing), shipment.counts);
  auto const answers = together(comm, [&] { return answer(placed_, asked, owners); });
  auto const counts = all_to_all(comm, std::span<std::uint32_t const>(answers.owners), asked.counts);
  auto const customers = all_to_all(comm, std::span<Key const>(answers.customers), answers.customers_a_rank);
  return together(comm, [&] { return found_by_row(questions, shipment, counts.values, customers.values); });
}

}  // namespace tessera
