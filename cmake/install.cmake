# What others need to build on libimpasto: a CMake package and a pkg-config file; and what CPack makes of the installation.
include(CMakePackageConfigHelpers)

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/impasto)
install(EXPORT impasto NAMESPACE impasto:: FILE impasto-targets.cmake DESTINATION ${package_folder} COMPONENT development)
configure_package_config_file(cmake/impasto-config.cmake.in impasto-config.cmake INSTALL_DESTINATION ${package_folder})
write_basic_package_version_file(impasto-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/impasto-config.cmake ${PROJECT_BINARY_DIR}/impasto-config-version.cmake
  cmake/openimageio.cmake DESTINATION ${package_folder} COMPONENT development)

if(BUILD_SHARED_LIBS)
  set(pc_flags -DIMPASTO_SHARED)
else()  # what a static library was built with has to be linked with it
  set(pc_requires "Requires: vulkan OpenImageIO fmt lcms2 zlib")
  if(CURL_FOUND AND OPENSSL_FOUND)
    string(APPEND pc_requires " libcurl libcrypto")
  endif()
endif()
file(RELATIVE_PATH pc_to_prefix ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
configure_file(cmake/impasto.pc.in impasto.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/impasto.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT development)

install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/impasto RENAME copyright COMPONENT program)

set(CPACK_PACKAGE_VENDOR Impasto)
set(CPACK_PACKAGE_CONTACT "The Impasto authors <impasto@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL program development)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME impasto)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION graphics)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_RECOMMENDS mesa-vulkan-drivers)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libimpasto-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "impasto (= ${PROJECT_VERSION}), libvulkan-dev")
if(NOT BUILD_SHARED_LIBS)
  string(APPEND CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS
    ", libopenimageio-dev, libfmt-dev, liblcms2-dev, zlib1g-dev, libcurl4-openssl-dev, libssl-dev")
endif()
set(CPACK_COMPONENT_PROGRAM_DESCRIPTION
  "Turns a photograph and a painting into a third picture, on any graphics card\n with Vulkan or on none. It brings a network and sample pictures along.")
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION "Headers and library to build programs on Impasto.")
include(CPack)
