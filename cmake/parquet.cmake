# SPDX-License-Identifier: Apache-2.0
# Arrow C++ for tables in Parquet: an optional part. TESSERA_PARQUET is AUTO (where it is found), ON or OFF.
# find_package looks for an installation; TESSERA_ARROW_WHEEL names the folder of an installed pyarrow package instead,
# whose wheel carries headers and libraries (scripts/try_parquet.sh).
set(TESSERA_PARQUET AUTO CACHE STRING "Read Parquet by Arrow C++: AUTO, ON or OFF")
set(TESSERA_ARROW_WHEEL "" CACHE PATH "Folder of an installed pyarrow package to take Arrow C++ from")

function(tessera_parquet target)
  if(TESSERA_PARQUET STREQUAL "OFF")
    return()
  endif()
  if(TESSERA_ARROW_WHEEL)
    file(GLOB libraries ${TESSERA_ARROW_WHEEL}/libarrow.so.* ${TESSERA_ARROW_WHEEL}/libparquet.so.*)
    list(FILTER libraries EXCLUDE REGEX "\\.so\\.[0-9]+\\.")
    if(NOT libraries)
      message(FATAL_ERROR "TESSERA_ARROW_WHEEL = ${TESSERA_ARROW_WHEEL} holds no libarrow and libparquet")
    endif()
    set_source_files_properties(${CMAKE_SOURCE_DIR}/src/io/parquet_records.cpp PROPERTIES
                                COMPILE_OPTIONS "-isystem;${TESSERA_ARROW_WHEEL}/include")
    target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:${libraries}>)
    target_link_options(${target} INTERFACE $<BUILD_INTERFACE:-Wl,-rpath,${TESSERA_ARROW_WHEEL}>)
  else()
    find_package(Arrow QUIET)
    find_package(Parquet QUIET)
    if(NOT Parquet_FOUND)
      if(TESSERA_PARQUET STREQUAL "ON")
        message(FATAL_ERROR "TESSERA_PARQUET is ON, but CMake finds no Arrow and Parquet: install Arrow C++ or set "
                            "CMAKE_PREFIX_PATH")
      endif()
      return()
    endif()
    if(TARGET Parquet::parquet_shared)
      target_link_libraries(${target} PRIVATE Parquet::parquet_shared Arrow::arrow_shared)
    else()
      target_link_libraries(${target} PRIVATE Parquet::parquet_static Arrow::arrow_static)
    endif()
  endif()
  message(STATUS "Parquet is read by Arrow C++")
  set_source_files_properties(${CMAKE_SOURCE_DIR}/src/io/parquet_records.cpp
                              ${CMAKE_SOURCE_DIR}/src/io/parquet_absent.cpp
                              PROPERTIES COMPILE_DEFINITIONS TESSERA_PARQUET)
endfunction()
