// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/core/random.hpp"

#include <algorithm>
#include <utility>

#include "gather_rows.hpp"
#include "seeding.hpp"

namespace tessera::cluster {

namespace {

struct Ticket {
  std::uint64_t draw, row;
  auto operator<=>(Ticket const&) const = default;
};

/// The k smallest tickets of this rank, in a heap whose top is the largest of them.
template <class T>
std::vector<Ticket> smallest_tickets(Customers<T> const& customers, std::size_t k, std::uint64_t seed) {
  Draw const draw(seed, Purpose::random_centroids);
  std::vector<Ticket> heap;
  for (std::size_t i = 0; i < customers.rows(); ++i) {
    auto const row = customers.matrix.blocks.global({i}).value;
    Ticket const ticket{draw.bits(row), row};
    if (heap.size() == k) {
      if (heap.front() < ticket) continue;
      std::pop_heap(heap.begin(), heap.end());
      heap.pop_back();
    }
    heap.push_back(ticket);
    std::push_heap(heap.begin(), heap.end());
  }
  return heap;
}

}  // namespace

template <class T>
std::vector<T> seed_random(Communicator const& comm, Customers<T> const& customers, std::size_t k,
                           std::uint64_t seed) {
  auto const& blocks = customers.matrix.blocks;
  auto const mine = together(comm, [&] { return smallest_tickets(customers, k, seed); });
  auto tickets = all_gather(comm, std::span<Ticket const>(mine)).values;
  std::ranges::nth_element(tickets, tickets.begin() + static_cast<std::ptrdiff_t>(k - 1));
  tickets.resize(k);
  std::vector<LocalRow> chosen;
  for (auto const& ticket : tickets) {
    if (blocks.owns({ticket.row})) chosen.push_back(blocks.local({ticket.row}));
  }
  std::ranges::sort(chosen);
  return gather_rows(comm, customers, chosen);
}

template std::vector<float> seed_random(Communicator const&, Customers<float> const&, std::size_t,
                                        std::uint64_t);
template std::vector<double> seed_random(Communicator const&, Customers<double> const&, std::size_t,
                                         std::uint64_t);

}  // namespace tessera::cluster
