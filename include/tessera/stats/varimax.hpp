// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace tessera {

/// Local. Rotates loadings, row-major [features, components], in place so that each component has few large
/// ones (the varimax criterion with Kaiser's normalisation of the rows), and returns the rotation, row-major
/// [components, components]: rotated = loadings x rotation. Pairs of components are turned in a fixed order
/// until none turns by more than 1e-12. Kaiser, "The varimax criterion for analytic rotation in factor
/// analysis", Psychometrika 23, 1958.
std::vector<double> rotate_varimax(std::span<double> loading, std::size_t components);

}  // namespace tessera
