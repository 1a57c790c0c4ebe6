# Debian 12 packages the rooms use, each named once. A room links what it names in oc_room(LIBS …).
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)          # libssl-dev
pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET re2)       # libre2-dev
find_package(absl REQUIRED)                             # libabsl-dev: time zones
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)  # libxxhash-dev
pkg_check_modules(YAML REQUIRED IMPORTED_TARGET yaml-0.1)     # libyaml-dev
pkg_check_modules(LIBARCHIVE REQUIRED IMPORTED_TARGET libarchive)  # libarchive-dev
if(OPENCHOREO_DEVELOPER)
  pkg_check_modules(YAML_CPP REQUIRED IMPORTED_TARGET yaml-cpp)  # libyaml-cpp-dev: second reader in tests
endif()
