# Debian 12 packages the rooms use, each named once. A room links what it names in oc_room(LIBS …).
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(CRYPTO REQUIRED IMPORTED_TARGET libcrypto)  # libssl-dev
pkg_check_modules(MICROHTTPD REQUIRED IMPORTED_TARGET libmicrohttpd)  # libmicrohttpd-dev
pkg_check_modules(PROMETHEUS REQUIRED IMPORTED_TARGET prometheus-cpp-core)  # prometheus-cpp-dev
pkg_check_modules(SECCOMP REQUIRED IMPORTED_TARGET libseccomp)  # libseccomp-dev
find_package(CLI11 REQUIRED)  # libcli11-dev; included by main files and service/flag_groups alone (it costs seconds to compile)
find_package(spdlog REQUIRED)  # libspdlog-dev
pkg_check_modules(CURL REQUIRED IMPORTED_TARGET libcurl)  # libcurl4-openssl-dev
pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET re2)       # libre2-dev
pkg_check_modules(ABSL_TIME REQUIRED IMPORTED_TARGET absl_time)  # libabsl-dev: time zones
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)  # libxxhash-dev
pkg_check_modules(YAML REQUIRED IMPORTED_TARGET yaml-0.1)     # libyaml-dev
pkg_check_modules(ISAL REQUIRED IMPORTED_TARGET libisal)  # libisal-dev
pkg_check_modules(LIBDEFLATE REQUIRED IMPORTED_TARGET libdeflate)  # libdeflate-dev
pkg_check_modules(JEMALLOC IMPORTED_TARGET jemalloc)   # libjemalloc-dev; without it, the C library's allocator
if(OPENCHOREO_DEVELOPER)
  pkg_check_modules(LIBARCHIVE REQUIRED IMPORTED_TARGET libarchive)  # libarchive-dev: archives of tests
  pkg_check_modules(ZLIB REQUIRED IMPORTED_TARGET zlib)  # zlib1g-dev: the floor of a benchmark, beside a fuzz target
  pkg_check_modules(YAML_CPP REQUIRED IMPORTED_TARGET yaml-cpp)  # libyaml-cpp-dev: second reader in tests
endif()

# A program with the target property OPENCHOREO_STATIC gets these packages' static libraries: it starts
# without finding, mapping and binding a dozen shared ones.
foreach(package CRYPTO RE2 ABSL_TIME XXHASH YAML)
  get_target_property(libraries PkgConfig::${package} INTERFACE_LINK_LIBRARIES)
  set(choices)
  foreach(shared IN LISTS libraries)
    string(REGEX REPLACE "\\.so$" ".a" archive "${shared}")
    if(shared MATCHES "\\.so$" AND EXISTS "${archive}")
      list(APPEND choices "$<IF:$<BOOL:$<TARGET_PROPERTY:OPENCHOREO_STATIC>>,${archive},${shared}>")
    else()
      list(APPEND choices "${shared}")
    endif()
  endforeach()
  set_property(TARGET PkgConfig::${package} PROPERTY INTERFACE_LINK_LIBRARIES "${choices}")
endforeach()
