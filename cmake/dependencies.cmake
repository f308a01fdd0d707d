# What others have written better. Debian's names of the packages are in contrib/packages.txt.

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(CLI11 REQUIRED)
find_package(prometheus-cpp REQUIRED COMPONENTS core)
pkg_check_modules(httplib REQUIRED IMPORTED_TARGET cpp-httplib)
find_package(tl-expected REQUIRED)
find_package(Boost REQUIRED)
pkg_check_modules(umad REQUIRED IMPORTED_TARGET libibumad)
