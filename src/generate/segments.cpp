// SPDX-License-Identifier: Apache-2.0
#include "tessera/generate/segments.hpp"

#include <cmath>

namespace tessera::generate {

double LogNormal::at(double z, double spread) const noexcept {
  return median * std::exp(sigma * spread * z);
}

namespace {

constexpr std::array<Segment, kSegments> kAll{{
    {.name = "young_digital",
     .share = 0.20,
     .age = 25,
     .age_spread = 4,
     .income = {1500, 0.35},
     .balance = {900, 0.9},
     .logins = {85, 0.5},
     .payments = 0.95,
     .payments_sigma = 0.65,
     .utilisation = 0.30,
     .spent = 0.62,
     .churn = 0.020,
     .products = {0.45, 0.40, 0.02, 0.08, 0.10},
     .channels = {0.03, 0.17, 0.80},
     .jobs = {0.38, 0.14, 0.18, 0.16, 0.08, 0.01, 0.02, 0.0, 0.03},
     .spending = {16, 18, 3, 12, 8, 4, 2, 12, 3, 12, 2, 3, 3, 6},
     .online = 0.55},
    {.name = "families",
     .share = 0.27,
     .age = 41,
     .age_spread = 6,
     .income = {2900, 0.30},
     .balance = {4200, 0.8},
     .logins = {30, 0.5},
     .payments = 1.04,
     .payments_sigma = 0.55,
     .utilisation = 0.25,
     .spent = 0.58,
     .churn = 0.008,
     .products = {0.70, 0.60, 0.55, 0.15, 0.08},
     .channels = {0.15, 0.45, 0.40},
     .jobs = {0.0, 0.24, 0.26, 0.20, 0.20, 0.06, 0.02, 0.0, 0.02},
     .spending = {30, 7, 12, 4, 9, 2, 6, 6, 2, 5, 9, 5, 3, 6},
     .online = 0.25},
    {.name = "affluent",
     .share = 0.09,
     .age = 52,
     .age_spread = 8,
     .income = {7500, 0.50},
     .balance = {60000, 0.9},
     .logins = {45, 0.6},
     .payments = 1.15,
     .payments_sigma = 0.60,
     .utilisation = 0.12,
     .spent = 0.45,
     .churn = 0.006,
     .products = {0.80, 0.85, 0.35, 0.04, 0.70},
     .channels = {0.30, 0.40, 0.30},
     .jobs = {0.0, 0.04, 0.02, 0.06, 0.38, 0.36, 0.10, 0.04, 0.0},
     .spending = {15, 17, 6, 4, 10, 5, 6, 10, 12, 5, 5, 2, 1, 9},
     .online = 0.40},
    {.name = "retired_savers",
     .share = 0.18,
     .age = 71,
     .age_spread = 6,
     .income = {1750, 0.30},
     .balance = {18000, 0.9},
     .logins = {3, 0.7},
     .payments = 0.55,
     .payments_sigma = 0.55,
     .utilisation = 0.06,
     .spent = 0.55,
     .churn = 0.010,
     .products = {0.80, 0.25, 0.06, 0.03, 0.12},
     .channels = {0.75, 0.18, 0.07},
     .jobs = {0.0, 0.02, 0.02, 0.01, 0.02, 0.01, 0.02, 0.90, 0.0},
     .spending = {32, 4, 5, 3, 5, 1, 14, 4, 2, 1, 6, 0, 20, 8},
     .online = 0.04},
    {.name = "self_employed",
     .share = 0.10,
     .age = 45,
     .age_spread = 8,
     .income = {4200, 0.50},
     .balance = {12000, 1.0},
     .logins = {110, 0.5},
     .payments = 2.0,
     .payments_sigma = 0.60,
     .utilisation = 0.35,
     .spent = 0.60,
     .churn = 0.012,
     .products = {0.45, 0.75, 0.25, 0.22, 0.15},
     .channels = {0.15, 0.60, 0.25},
     .jobs = {0.0, 0.0, 0.10, 0.14, 0.30, 0.06, 0.40, 0.0, 0.0},
     .spending = {12, 10, 14, 6, 4, 7, 3, 3, 6, 8, 8, 2, 3, 26},
     .online = 0.40},
    {.name = "credit_users",
     .share = 0.16,
     .age = 36,
     .age_spread = 8,
     .income = {1950, 0.30},
     .balance = {250, 0.9},
     .logins = {18, 0.6},
     .payments = 0.80,
     .payments_sigma = 0.60,
     .utilisation = 0.85,
     .spent = 0.68,
     .churn = 0.025,
     .products = {0.10, 0.80, 0.06, 0.55, 0.01},
     .channels = {0.18, 0.22, 0.60},
     .jobs = {0.04, 0.24, 0.36, 0.14, 0.04, 0.01, 0.04, 0.01, 0.12},
     .spending = {24, 10, 8, 7, 8, 4, 3, 10, 1, 6, 4, 1, 14, 5},
     .online = 0.30},
}};

// Ageing, rising, falling; columns in the order of the segments.
constexpr std::array<std::array<double, kSegments>, kSegments> kMigration{{
    {0.930, 0.035, 0.003, 0.000, 0.012, 0.020},
    {0.003, 0.945, 0.012, 0.005, 0.012, 0.023},
    {0.000, 0.010, 0.960, 0.012, 0.015, 0.003},
    {0.000, 0.002, 0.006, 0.985, 0.002, 0.005},
    {0.002, 0.018, 0.020, 0.005, 0.940, 0.015},
    {0.010, 0.045, 0.001, 0.004, 0.010, 0.930},
}};

}  // namespace

std::span<Segment const, kSegments> segments() noexcept {
  return kAll;
}

std::array<std::array<double, kSegments>, kSegments> const& migration() noexcept {
  return kMigration;
}

}  // namespace tessera::generate
