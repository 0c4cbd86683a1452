# SPDX-License-Identifier: Apache-2.0
# Flags that make a mistake in the code harder to use against whoever runs it. docs/security.md names them.
include(CheckCXXCompilerFlag)

add_library(tessera_hardening INTERFACE)      # of the layers and the program
add_library(tessera_watched_stack INTERFACE)  # but not of kernels: inner loops over spans, without buffers of their own
add_library(tessera_hardened_link INTERFACE)  # of the program

# Sanitizers have checks of their own, which some of these hide.
if(NOT TESSERA_SANITIZE)
  # The C library's checks need an optimiser that knows how large objects are.
  target_compile_options(tessera_hardening INTERFACE -fPIE
                         $<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE> $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=2>)
  foreach(flag IN ITEMS -fstack-clash-protection -fcf-protection)
    string(MAKE_C_IDENTIFIER "TESSERA_KNOWS${flag}" known)
    check_cxx_compiler_flag(${flag} ${known})
    if(${known})
      target_compile_options(tessera_hardening INTERFACE ${flag})
    endif()
  endforeach()
  target_compile_options(tessera_watched_stack INTERFACE -fstack-protector-strong)
  target_link_options(tessera_hardened_link INTERFACE -pie -Wl,-z,relro,-z,now)
endif()
