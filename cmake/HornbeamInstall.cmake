# What `cmake --install` puts in place, so that find_package(hornbeam) gives others the targets hornbeam::<library>.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(package_folder "${CMAKE_INSTALL_LIBDIR}/cmake/hornbeam")
get_property(libraries GLOBAL PROPERTY HORNBEAM_LIBRARIES)
install(TARGETS ${libraries} EXPORT hornbeamTargets ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
install(EXPORT hornbeamTargets NAMESPACE hornbeam:: DESTINATION "${package_folder}")

# Which headers there are is found out at the time of installing: they come and go without a new configure.
install(CODE "set(source_folder \"${PROJECT_SOURCE_DIR}\")\nset(include_folder \"${CMAKE_INSTALL_INCLUDEDIR}\")")
install(SCRIPT "${CMAKE_CURRENT_LIST_DIR}/InstallHeaders.cmake")

configure_package_config_file("${CMAKE_CURRENT_LIST_DIR}/hornbeamConfig.cmake.in"
  "${PROJECT_BINARY_DIR}/package/hornbeamConfig.cmake" INSTALL_DESTINATION "${package_folder}")
# Before 1.0, a new minor version may break what the one before it offered.
write_basic_package_version_file("${PROJECT_BINARY_DIR}/package/hornbeamConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES
  "${PROJECT_BINARY_DIR}/package/hornbeamConfig.cmake"
  "${PROJECT_BINARY_DIR}/package/hornbeamConfigVersion.cmake"
  "${CMAKE_CURRENT_LIST_DIR}/HornbeamCompilerProblem.cmake"
  "${CMAKE_CURRENT_LIST_DIR}/HornbeamDependencies.cmake"
  "${CMAKE_CURRENT_LIST_DIR}/HornbeamEmbed.cmake"
  "${CMAKE_CURRENT_LIST_DIR}/HornbeamEmbedFiles.cmake"
  DESTINATION "${package_folder}")

# The same package out of the build tree, for work on Hornbeam and on what uses it at once, without an installation:
# -Dhornbeam_DIR=BUILD/package.
export(EXPORT hornbeamTargets NAMESPACE hornbeam:: FILE "${PROJECT_BINARY_DIR}/package/hornbeamTargets.cmake")
foreach(file IN ITEMS HornbeamCompilerProblem.cmake HornbeamDependencies.cmake HornbeamEmbed.cmake
    HornbeamEmbedFiles.cmake)
  configure_file("${CMAKE_CURRENT_LIST_DIR}/${file}" "${PROJECT_BINARY_DIR}/package/${file}" COPYONLY)
endforeach()

install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}")
