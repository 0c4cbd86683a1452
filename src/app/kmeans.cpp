// SPDX-License-Identifier: Apache-2.0
#include "tessera/cluster/kmeans.hpp"

#include "tessera/io/matrix_reader.hpp"

#include "choices.hpp"
#include "command.hpp"
#include "initial_centroids.hpp"
#include "provenance.hpp"
#include "stages.hpp"
#include "write_results.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

struct KMeansRequest {
  std::string file, dataset = "/x", centroids, weight;
  Precision precision = Precision::single;
  KMeansOptions options;
  Output output;
};

/// *Collective.* Clusters the rows of a matrix as they stand: no scaling, labels in the file's order.
template <class T>
void cluster_matrix(Communicator const& comm, KMeansRequest request) {
  InitialCentroids start;
  if (!request.centroids.empty())
    start = load_initial_centroids(comm, request.centroids, "--centroids", request.options.k.front());
  ResultFile file(comm, request.output.path, request.output.existing());
  Stages stage(comm);
  std::vector<T> weight;
  auto matrix = stage("read", [&](Progress&) {
    auto read = read_matrix<T>(comm, request.file, request.dataset);
    if (!request.weight.empty()) weight = read_column<T>(comm, request.file, request.weight, read.blocks);
    return read;
  });
  RowBlocks const blocks = matrix.blocks;
  std::vector<double> const weight_to_write(weight.begin(), weight.end());
  start_from(std::move(start), matrix.columns, request.options);
  auto const result = stage("kmeans", [&](Progress& p) {
    return kmeans(comm, std::move(matrix), request.options, p, std::move(weight));
  });
  stage("write", [&](Progress&) {
    write_models(file, blocks, result, request.options.distance, request.precision);
    if (!request.weight.empty()) write_weights(comm, file, blocks, result, weight_to_write);
  });
  file.attribute("/run", "input", request.file + ":" + request.dataset);
  file.attribute("/run", "seed", static_cast<std::int64_t>(request.options.seed));
  write_kmeans_work(file, result.work);
  write_run(comm, file, stage, "kmeans", {});
  file.commit();
  auto const& model = result.models[result.selected];
  stage.console().note(fmt::format("{} rows, k = {}, inertia {:.9g} after {} iterations{}", blocks.total_rows,
                                   model.k, model.inertia, model.history.size(),
                                   model.converged ? "" : " (not converged)"));
}

/// What may follow an option, from the schema's names.
template <class Enum, std::size_t Size>
CLI::CheckedTransformer choices(std::array<schema::Choice<Enum>, Size> const& all) {
  std::map<std::string, Enum> names;
  for (auto const& [name, value] : all) names.emplace(name, value);
  return CLI::CheckedTransformer(names);
}

}  // namespace

void add_kmeans(CLI::App& app, Action& chosen) {
  auto* const command = app.add_subcommand("kmeans", "Cluster the rows of a matrix in an HDF5 file");
  auto const request = std::make_shared<KMeansRequest>();
  auto& options = request->options;
  command->add_option("file", request->file, "HDF5 file with a float32 or float64 matrix")->required();
  command->add_option("--dataset", request->dataset, "The matrix: rows x features")->capture_default_str();
  command->add_option("--k", options.k, "Number of clusters, or several to choose from")
      ->required()
      ->delimiter(',');
  command->add_option("--centroids", request->centroids, "Starting centroids: FILE.h5:/dataset");
  std::map<std::string, KMeansInit> inits;
  for (auto const& [name, init] : schema::kInits) {
    if (init != KMeansInit::given) inits.emplace(name, init);
  }
  command->add_option("--init", options.init, "How centroids start without --centroids")
      ->transform(CLI::CheckedTransformer(inits))
      ->default_str("kmeans||");
  command
      ->add_option("--weight", request->weight,
                   "Dataset of the file with a weight for each row, above 0; it counts as so many rows")
      ->type_name("DATASET");
  command->add_option("--distance", options.distance, "cosine: of rows brought to length 1")
      ->transform(choices(schema::kDistances))
      ->default_str("euclidean");
  command->add_option("--precision", request->precision, "What distances are computed in")
      ->transform(choices(schema::kPrecisions))
      ->default_str("float");
  command
      ->add_option("--pruning", options.pruning,
                   "Whether rows whose cluster cannot have changed are left out; never changes the result")
      ->transform(choices(schema::kPrunings))
      ->default_str("auto");
  command
      ->add_option("--together", options.together,
                   "Models that advance together, 8 bytes a row each; 0: all values of k and restarts")
      ->capture_default_str();
  command->add_option("--restarts", options.restarts, "Starts per k; the lowest inertia is kept")
      ->capture_default_str();
  command->add_option("--max-iterations", options.max_iterations)->capture_default_str();
  command
      ->add_option("--tolerance", options.tolerance,
                   "Squared shift to stop at; 0: until no assignment changes")
      ->capture_default_str();
  command->add_option("--seed", options.seed)->capture_default_str();
  command->add_option("-o,--output", request->output.path, "Result file")->required();
  command->add_flag("--force", request->output.force, "Replace an existing result file");
  command->footer("Example: tessera kmeans points.h5 --dataset /x --k 20 --centroids start.h5:/c -o out.h5");
  command->callback([&chosen, request] {
    chosen = [request](Communicator const& comm) {
      request->precision == Precision::single ? cluster_matrix<float>(comm, *request)
                                              : cluster_matrix<double>(comm, *request);
    };
  });
}

}  // namespace tessera
