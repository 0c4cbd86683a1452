// SPDX-License-Identifier: Apache-2.0
#include "tessera/cluster/kmeans.hpp"

#include "tessera/io/matrix_reader.hpp"

#include "command.hpp"
#include "initial_centroids.hpp"
#include "provenance.hpp"
#include "schema.hpp"
#include "stages.hpp"
#include "write_results.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

struct KMeansRequest {
  std::string file, dataset = "/x", centroids;
  KMeansOptions options;
  Output output;
};

/// *Collective.* Clusters the rows of a matrix as they stand: no scaling, labels in the file's order.
void cluster_matrix(Communicator const& comm, KMeansRequest request) {
  InitialCentroids start;
  if (!request.centroids.empty())
    start = load_initial_centroids(comm, request.centroids, "--centroids", request.options.k.front());
  ResultFile file(comm, request.output.path, request.output.existing());
  Stages stage(comm);
  auto matrix = stage("read", [&](Progress&) { return read_matrix(comm, request.file, request.dataset); });
  RowBlocks const blocks = matrix.blocks;
  start_from(std::move(start), matrix.columns, request.options);
  auto const result =
      stage("kmeans", [&](Progress& p) { return kmeans(comm, std::move(matrix), request.options, p); });
  stage("write", [&](Progress&) { write_models(file, blocks, result); });
  file.attribute("/run", "input", request.file + ":" + request.dataset);
  file.attribute("/run", "seed", static_cast<std::int64_t>(request.options.seed));
  write_run(comm, file, stage, "kmeans", {});
  file.commit();
  auto const& model = result.models[result.selected];
  stage.console().note(fmt::format("{} rows, k = {}, inertia {:.9g} after {} iterations{}", blocks.total_rows,
                                   model.k, model.inertia, model.history.size(),
                                   model.converged ? "" : " (not converged)"));
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
    chosen = [request](Communicator const& comm) { cluster_matrix(comm, *request); };
  });
}

}  // namespace tessera
