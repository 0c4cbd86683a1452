# SPDX-License-Identifier: Apache-2.0
# A layer is a folder under src/ and include/tessera/ and one library, tessera::<layer>.

add_library(tessera_warnings INTERFACE)
# -ffp-contract=off: only the fused multiply-adds that the code writes, so that every SIMD level rounds alike.
# -Wno-subobject-linkage: GCC takes the sources of a fast build for headers.
# -Wno-restrict: GCC 12 invents overlaps in std::string's operator+ (its bug 105651).
target_compile_options(tessera_warnings INTERFACE -Wall -Wextra -Wconversion $<$<BOOL:${TESSERA_WERROR}>:-Werror>
                                                  -ffp-contract=off $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
                                                  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<BOOL:${TESSERA_FAST_BUILD}>>:-Wno-subobject-linkage>)
if(TESSERA_SANITIZE)
  add_compile_options(-fsanitize=${TESSERA_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${TESSERA_SANITIZE})
endif()
# For code that waits for people or files, and compiles in half the time with it.
set(TESSERA_LIGHT_OPTIMISATION $<$<CONFIG:Release>:-O1>)
if(TESSERA_SANITIZE)
  set(TESSERA_LIGHT_OPTIMISATION -O0 -fno-sanitize=undefined)
endif()
if(TESSERA_COVERAGE)
  add_compile_options(--coverage)
  add_link_options(--coverage)
endif()

function(tessera_layer name)
  cmake_parse_arguments(PARSE_ARGV 1 layer "" "" "LINKS")
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  add_library(tessera_${name} STATIC ${sources})
  add_library(tessera::${name} ALIAS tessera_${name})
  set_target_properties(tessera_${name} PROPERTIES EXPORT_NAME ${name} UNITY_BUILD ${TESSERA_FAST_BUILD}
                                                   UNITY_BUILD_BATCH_SIZE 10)
  target_include_directories(tessera_${name} PUBLIC $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/include>
                                                    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_compile_features(tessera_${name} PUBLIC cxx_std_20)
  target_link_libraries(tessera_${name} PRIVATE $<BUILD_INTERFACE:tessera_warnings> $<BUILD_INTERFACE:tessera_hardening>)
  if(NOT name STREQUAL "kernel")
    target_link_libraries(tessera_${name} PRIVATE $<BUILD_INTERFACE:tessera_watched_stack>)
  endif()
  if(TESSERA_FUZZ AND name MATCHES "^(io|app)$")
    target_compile_options(tessera_${name} PRIVATE -fsanitize=fuzzer-no-link)  # what is fuzzed: readers
  endif()
  if(TESSERA_TIDY)
    set_target_properties(tessera_${name} PROPERTIES CXX_CLANG_TIDY "clang-tidy;--quiet")
  endif()
  set(scope PUBLIC)
  foreach(item IN LISTS layer_LINKS)
    if(item MATCHES "^(PUBLIC|PRIVATE)$")
      set(scope ${item})
    elseif(TARGET tessera_${item})
      target_link_libraries(tessera_${name} ${scope} tessera_${item})
    else()
      target_link_libraries(tessera_${name} ${scope} ${item})
    endif()
  endforeach()
  set_property(GLOBAL APPEND PROPERTY tessera_layers ${name})
endfunction()
