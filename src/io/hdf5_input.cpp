// SPDX-License-Identifier: Apache-2.0
#include "hdf5_input.hpp"

#include <cerrno>
#include <cstring>

#include "hdf5_walk.hpp"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tessera::hdf5 {

namespace {

void look_at(std::string const& path) {
  int const descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) {
    throw InputError("cannot open the file " + path + ": " + std::strerror(errno),
                     "it is an input of this job", "correct the path or the permissions");
  }
  struct stat status {};
  bool const plain = ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
  ::close(descriptor);
  if (!plain) throw unreadable(path, "it is not a plain file");
  auto const access = serial_access();
  if (H5Fis_hdf5(path.c_str()) <= 0) throw unreadable(path, "it is not an HDF5 file");
  try {
    static_cast<void>(own<File>(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.get()), "opening it"));
  } catch (Failure const& failure) {
    throw unreadable(path, std::string("it is damaged or was not written to its end; ") + failure.what());
  }
}

}  // namespace

InputError unreadable(std::string const& path, std::string const& reason) {
  return {"cannot read the HDF5 file " + path + ": " + reason, "it is an input of this job",
          "check that it is the right file and whole (h5ls -r lists what is in it)"};
}

SharedFile open_to_read(Communicator const& comm, std::string const& path) {
  together(comm, [&] {
    if (comm.rank() == 0) look_at(path);
  });
  return reading(comm, path, [&] {
    return SharedFile(
        comm, own<File>(H5Fopen(path.c_str(), H5F_ACC_RDONLY, parallel_access(comm).get()), "opening it"));
  });
}

Dataset open_dataset(Communicator const& comm, SharedFile const& file, std::string const& path,
                     std::string const& dataset) {
  return reading(comm, path, [&] {
    if (!leads_inside(file.get(), dataset)) throw unreadable(path, dataset + " is not in this file");
    auto opened = own<Dataset>(H5Dopen2(file.get(), dataset.c_str(), H5P_DEFAULT), "opening " + dataset);
    auto const reason = why_unreadable(file.get(), opened.get());
    if (!reason.empty()) throw unreadable(path, dataset + " " + reason);
    return opened;
  });
}

}  // namespace tessera::hdf5
