# SPDX-License-Identifier: Apache-2.0
# `cmake --install` and `find_package(tessera)`; programs link tessera::app or a lower layer.
include(CMakePackageConfigHelpers)
get_property(layers GLOBAL PROPERTY tessera_layers)
list(TRANSFORM layers PREPEND tessera_ OUTPUT_VARIABLE targets)
install(TARGETS tessera ${targets} EXPORT tessera-targets
        RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/tessera DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT tessera-targets NAMESPACE tessera:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/tessera)
write_basic_package_version_file(tessera-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES cmake/tessera-config.cmake cmake/dependencies.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/tessera-config-version.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/tessera)
install(FILES config/reference.toml DESTINATION ${CMAKE_INSTALL_DATADIR}/tessera)
