// SPDX-License-Identifier: Apache-2.0
#include "tessera/cluster/kmeans.hpp"
#include "tessera/core/error.hpp"

#include <cmath>
#include <limits>

#include "cluster/common.hpp"
#include "cluster/planted.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tessera {
namespace {

void expect_error(KMeansOptions const& options, ExitCode code, std::string const& text,
                  std::size_t columns = 3) {
  auto matrix = test::slice(Communicator::self(), test::Planted{.rows = 50, .columns = 3});
  if (columns == 0) matrix = {regular_blocks(50, 0, 1), 0, {}};
  test::expect_refusal([&] { (void)kmeans(Communicator::self(), std::move(matrix), options); }, text, code);
}

TEST(KMeansErrors, refuse_a_count_of_zero) {
  expect_error({.k = {3, 0}}, ExitCode::configuration, "kmeans.k = 0");
}

TEST(KMeansErrors, refuse_an_empty_list_of_counts) {
  expect_error({.k = {}}, ExitCode::configuration, "empty list");
}

TEST(KMeansErrors, refuse_more_segments_than_customers) {
  expect_error({.k = {51}}, ExitCode::configuration, "kmeans.k = 51 for 50 customers");
}

TEST(KMeansErrors, refuse_more_segments_than_can_be_numbered) {
  expect_error({.k = {std::uint64_t{1} << 40}}, ExitCode::configuration, "kmeans.k = 1099511627776");
}

TEST(KMeansErrors, refuse_no_restart_no_iteration_and_a_negative_tolerance) {
  expect_error({.restarts = 0}, ExitCode::configuration, "kmeans.restarts = 0");
  expect_error({.max_iterations = 0}, ExitCode::configuration, "kmeans.max_iterations = 0");
  expect_error({.tolerance = -1}, ExitCode::configuration, "kmeans.tolerance = -1");
  expect_error({.tolerance = std::nan("")}, ExitCode::configuration, "kmeans.tolerance = nan");
}

TEST(KMeansErrors, refuse_a_matrix_without_columns) {
  expect_error({}, ExitCode::input, "no columns", 0);
}

TEST(KMeansErrors, refuse_initial_centroids_of_another_shape) {
  KMeansOptions options{.k = {2}, .init = KMeansInit::given};
  for (std::size_t const coordinates : {0U, 3U, 4U, 5U, 7U, 9U}) {
    options.initial_centroids.assign(coordinates, 0.0);
    expect_error(options, ExitCode::input, std::to_string(coordinates) + " initial centroid coordinates");
  }
}

TEST(KMeansErrors, refuse_initial_centroids_for_a_sweep) {
  KMeansOptions const options{
      .k = {2, 3}, .init = KMeansInit::given, .initial_centroids = {0, 0, 0, 1, 1, 1}};
  expect_error(options, ExitCode::configuration, "2 values of kmeans.k");
}

TEST(KMeansErrors, refuse_initial_centroids_that_are_not_finite) {
  KMeansOptions const options{
      .k = {2}, .init = KMeansInit::given, .initial_centroids = {0, 0, 0, 1, std::nan(""), 1}};
  expect_error(options, ExitCode::input, "column 1 of initial centroid 1");
}

TEST(KMeansErrors, refuse_a_matrix_whose_values_do_not_fill_it) {
  Matrix<float> const matrix{regular_blocks(10, 0, 1), 3, std::vector<float>(29)};
  try {
    (void)kmeans(Communicator::self(), matrix, {});
    ADD_FAILURE() << "no error";
  } catch (Error const& error) {
    EXPECT_EQ(error.code(), ExitCode::bug);
  }
}

}  // namespace
}  // namespace tessera
