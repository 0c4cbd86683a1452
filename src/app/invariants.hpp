// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/io/result_reader.hpp"

#include <string>
#include <vector>

/// What must hold between the numbers of a result file, whatever the data.
namespace tessera {

struct Check {
  std::string name;
  bool holds = false;
  std::string detail;  ///< what was found, when it does not hold
};

/// *Collective.* Checks of the parts that the file has: keys ascend; labels are segments and count up to the
/// sizes; weights are above 0 and add up to those of the segments; the squared distances, weighted, add up to
/// the inertia; margins are not negative; centroids of the cosine distance have length 1; inertia never rose
/// (with the cosine distance: from the second iteration on); supports never grow along a path of the itemset
/// tree; rules' measures follow from their supports, over the base and in segments, and they are in order;
/// the account of quality adds up, and communalities are those of the loadings.
[[nodiscard]] std::vector<Check> check_invariants(Communicator const& comm, ResultReader const& reader);

}  // namespace tessera
