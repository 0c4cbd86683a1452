// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/agree.hpp"
#include "tessera/core/error.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "command.hpp"
#include "job_status.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

struct StatusRequest {
  std::string folder;
  bool json = false;
};

/// Local. What status.json holds; no more is read than it can have.
std::string status_text(std::string const& path) {
  constexpr std::size_t kMost = 1 << 20;
  std::ifstream file(path, std::ios::binary);
  std::string text(kMost, '\0');
  if (file && std::filesystem::is_regular_file(path)) {
    file.read(text.data(), static_cast<std::streamsize>(kMost));
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (!text.empty()) return text;
  }
  throw InputError(path + " cannot be read", "there is no status to show",
                   "name the folder that run.status_dir named; a job writes there from its beginning on");
}

}  // namespace

void add_status(CLI::App& app, Action& chosen) {
  auto* const command = app.add_subcommand("status", "Say how the job is doing that writes to a folder");
  auto const request = std::make_shared<StatusRequest>();
  command->add_option("folder", request->folder, "What run.status_dir of the job names")->required();
  command->add_flag("--json", request->json, "Print status.json itself");
  command->footer("Example: tessera status scratch/my");
  command->callback([&chosen, request] {
    chosen = [request](Communicator const& comm) {
      together(comm, [&] {
        if (comm.rank() != 0) return;
        auto const path = request->folder + "/status.json";
        auto const text = status_text(path);
        auto const status = job_status_of(text, path);
        std::chrono::duration<double> const now = std::chrono::system_clock::now().time_since_epoch();
        fmt::print("{}", request->json ? to_json(status) : in_words(status, now.count()));
      });
    };
  });
}

}  // namespace tessera
