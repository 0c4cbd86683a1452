# SPDX-License-Identifier: Apache-2.0
# Writes version.cpp at build time, so that `git describe` is that of the commit being built.
execute_process(COMMAND git describe --tags --always --dirty WORKING_DIRECTORY ${SOURCE_DIR}
                OUTPUT_VARIABLE TESSERA_GIT_DESCRIBE OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET
                RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  set(TESSERA_GIT_DESCRIBE "unknown")
endif()
configure_file(${SOURCE_DIR}/cmake/version.cpp.in ${OUTPUT} @ONLY)
