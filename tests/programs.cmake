# SPDX-License-Identifier: Apache-2.0
# Tests of the program as a whole, in Python (Debian's, which has h5py and scikit-learn), and of the tree itself.
find_program(TESSERA_PYTHON NAMES python3 PATHS /usr/bin NO_DEFAULT_PATH)
if(NOT TESSERA_PYTHON)
  find_program(TESSERA_PYTHON NAMES python3 REQUIRED)
endif()

add_test(NAME tree.layers_are_in_order COMMAND ${TESSERA_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/layers_test.py)

# Every public header compiles alone. Once is enough: not under sanitizers.
if(NOT TESSERA_SANITIZE)
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}/include ${CMAKE_SOURCE_DIR}/include/*.hpp)
  set(sources)
  foreach(header IN LISTS headers)
    string(REGEX REPLACE "[/]" "_" flat ${header})
    set(source ${CMAKE_CURRENT_BINARY_DIR}/headers/${flat}.cpp)
    file(CONFIGURE OUTPUT ${source} CONTENT "#include \"${header}\"\n#include \"${header}\"\n")
    list(APPEND sources ${source})
  endforeach()
  add_library(tessera_headers OBJECT ${sources})
  target_link_libraries(tessera_headers PRIVATE tessera::app MPI::MPI_CXX tessera_warnings)
endif()

# Not under sanitizers: Open MPI and Python are not built for them.
if(NOT TESSERA_SANITIZE)
  file(GLOB scripts CONFIGURE_DEPENDS program/*_test.py crosscheck/*_test.py)
  foreach(script IN LISTS scripts)
    get_filename_component(name ${script} NAME_WE)
    get_filename_component(folder ${script} DIRECTORY)
    get_filename_component(folder ${folder} NAME)
    add_test(NAME ${folder}.${name} COMMAND ${TESSERA_PYTHON} ${script})
    # Starting MPI is waiting for the most part: several at a time, and their ranks give way to each other.
    set_tests_properties(${folder}.${name} PROPERTIES LABELS program TIMEOUT 900
                         ENVIRONMENT "TESSERA=$<TARGET_FILE:tessera>;PYTHONDONTWRITEBYTECODE=1;OMPI_MCA_mpi_yield_when_idle=1")
  endforeach()
  set_tests_properties(program.memory_test PROPERTIES PROCESSORS 4)  # as much memory as the machine gives readily

  # Jobs on a real Slurm, which tests/slurm/cluster.sh brings up and takes down; skipped without root or its packages.
  add_test(NAME slurm.cluster_test COMMAND ${TESSERA_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/slurm/cluster_test.py)
  set_tests_properties(slurm.cluster_test PROPERTIES LABELS slurm PROCESSORS 2 TIMEOUT 900 COST 1000 SKIP_RETURN_CODE 77
                       ENVIRONMENT "TESSERA=$<TARGET_FILE:tessera>;PYTHONDONTWRITEBYTECODE=1")

  # K-means on a simulated cluster; skipped where SimGrid is not installed or Boost.MPI's sources cannot be had.
  add_test(NAME simulate.weak_scaling_to_16_ranks
           COMMAND ${TESSERA_PYTHON} ${CMAKE_SOURCE_DIR}/bench/simulate/run.py --quick --ranks 16
                   --program $<TARGET_FILE:tessera>)
  set_tests_properties(simulate.weak_scaling_to_16_ranks PROPERTIES LABELS program PROCESSORS 4 TIMEOUT 900
                       SKIP_RETURN_CODE 77 ENVIRONMENT PYTHONDONTWRITEBYTECODE=1)
endif()
