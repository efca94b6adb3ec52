# OpenImageIO::OpenImageIO. By pkg-config first: the CMake package of some distributions asks for the programs of a package of its own.
pkg_check_modules(OIIO QUIET IMPORTED_TARGET GLOBAL OpenImageIO)
if(TARGET PkgConfig::OIIO)
  add_library(OpenImageIO::OpenImageIO INTERFACE IMPORTED GLOBAL)
  target_link_libraries(OpenImageIO::OpenImageIO INTERFACE PkgConfig::OIIO)
else()
  find_package(OpenImageIO REQUIRED)
endif()
