// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/io/result_file.hpp"
#include "tessera/itemset/rules.hpp"

#include "findings.hpp"

namespace tessera {

/// *Collective.* /rules.
void write_rules(Communicator const& comm, ResultFile& file, RuleResult const& result);

/// *Collective.* /rules/segment_support and /rules/segments. `blocks`: of the rules of the whole base.
void write_rules_by_segment(ResultFile& file, RowBlocks const& blocks, SegmentRuleFindings const& found);

}  // namespace tessera
