# oc_room(NAME SOURCES … [HEADERS …] [INTERNAL …] [DEPS rooms…] [LIBS targets…] [TESTS files…] [TEST_LIBS targets…])
#
# One room of common/: the static library openchoreo_<name> (alias openchoreo::<name>) from the listed
# sources, allowed to see only the rooms in DEPS, and the test program <name>_test (ctest label: unit). HEADERS are what
# others may include, INTERNAL headers stay in the room: test/architecture reads both lists.
add_library(openchoreo_options INTERFACE)
target_include_directories(openchoreo_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(openchoreo_options INTERFACE -Wall -Wextra -Wshadow -Wconversion)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  # g++ 12 sees overlaps inside std::string's operator+ that are not there (GCC bug 105651).
  target_compile_options(openchoreo_options INTERFACE -Wno-restrict)
endif()
# What is released is hardened.
target_compile_options(openchoreo_options INTERFACE
  $<$<CONFIG:Release>:-fstack-protector-strong -Wp,-U_FORTIFY_SOURCE -Wp,-D_FORTIFY_SOURCE=2>)
target_link_options(openchoreo_options INTERFACE $<$<CONFIG:Release>:-Wl,-z,relro -Wl,-z,now>)
if(OPENCHOREO_WERROR)
  target_compile_options(openchoreo_options INTERFACE -Werror)
endif()
if(OPENCHOREO_SANITIZE)
  target_compile_options(openchoreo_options INTERFACE -fsanitize=${OPENCHOREO_SANITIZE}
                         -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(openchoreo_options INTERFACE -fsanitize=${OPENCHOREO_SANITIZE})
endif()
if(OPENCHOREO_FUZZ)
  target_compile_options(openchoreo_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
# A program needs the shared libraries it calls, not all that its rooms could.
target_link_options(openchoreo_options INTERFACE -Wl,--as-needed)
find_program(OPENCHOREO_MOLD mold)
if(OPENCHOREO_MOLD)
  target_link_options(openchoreo_options INTERFACE -fuse-ld=mold)
endif()
find_program(OPENCHOREO_CCACHE ccache)
if(OPENCHOREO_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${OPENCHOREO_CCACHE})
endif()

function(oc_room name)
  cmake_parse_arguments(R "" "" "SOURCES;HEADERS;INTERNAL;DEPS;LIBS;TESTS;TEST_LIBS" ${ARGN})
  set(target openchoreo_${name})
  add_library(${target} STATIC ${R_SOURCES})
  add_library(openchoreo::${name} ALIAS ${target})
  target_sources(${target} PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${R_HEADERS} ${R_INTERNAL})
  set_target_properties(${target} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ${OPENCHOREO_DEVELOPER})
  list(TRANSFORM R_DEPS PREPEND openchoreo::)
  target_link_libraries(${target} PUBLIC openchoreo_options ${R_DEPS} PRIVATE ${R_LIBS})
  if(OPENCHOREO_DEVELOPER AND R_TESTS)
    oc_test(${name}_test SOURCES ${R_TESTS} DEPS ${name} LIBS ${R_TEST_LIBS})
  endif()
endfunction()

# oc_allocator(PROGRAM): for one that makes and frees millions of small pieces on many threads
# (docs/decisions/0019-allocator.md). Sanitizers bring their own.
function(oc_allocator program)
  if(JEMALLOC_FOUND AND NOT OPENCHOREO_SANITIZE)
    target_sources(${program} PRIVATE ${PROJECT_SOURCE_DIR}/common/platform/service/jemalloc.cc)
    target_link_libraries(${program} PRIVATE PkgConfig::JEMALLOC)
  endif()
endfunction()

# oc_test(NAME SOURCES … [DEPS rooms…] [LIBS targets…]): a GoogleTest program, run whole by ctest.
function(oc_test name)
  cmake_parse_arguments(T "" "LABEL" "SOURCES;DEPS;LIBS" ${ARGN})
  if(NOT T_LABEL)
    set(T_LABEL unit)
  endif()
  add_executable(${name} ${T_SOURCES})
  list(TRANSFORM T_DEPS PREPEND openchoreo::)
  target_link_libraries(${name} PRIVATE openchoreo_options ${T_DEPS} ${T_LIBS} GTest::gmock GTest::gtest_main)
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS ${T_LABEL})
endfunction()

# oc_fuzz(NAME SOURCES … [DEPS rooms…] [LIBS targets…]): a libFuzzer target <name>_fuzz (preset fuzz). Without
# OPENCHOREO_FUZZ the same code becomes a program that replays test/fuzz/corpus/<name> in ctest (label: fuzz).
function(oc_fuzz name)
  cmake_parse_arguments(F "" "" "SOURCES;DEPS;LIBS" ${ARGN})
  set(target ${name}_fuzz)
  set(corpus ${PROJECT_SOURCE_DIR}/test/fuzz/corpus/${name})
  list(TRANSFORM F_DEPS PREPEND openchoreo::)
  if(OPENCHOREO_FUZZ)
    add_executable(${target} ${F_SOURCES})
    target_link_options(${target} PRIVATE -fsanitize=fuzzer)
    add_test(NAME ${target} COMMAND ${target} -runs=0 ${corpus})
  else()
    add_executable(${target} ${F_SOURCES} ${PROJECT_SOURCE_DIR}/test/fuzz/replay.cc)
    add_test(NAME ${target} COMMAND ${target} ${corpus})
  endif()
  target_link_libraries(${target} PRIVATE openchoreo_options ${F_DEPS} ${F_LIBS})
  set_tests_properties(${target} PROPERTIES LABELS fuzz)
endfunction()
