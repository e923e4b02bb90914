# Runs while installing: copies the headers of source_folder/hornbeam to the prefix. Internal headers come along only as
# far as public ones include them (templates do).
cmake_policy(VERSION 3.25)
file(GLOB_RECURSE all_headers RELATIVE "${source_folder}" "${source_folder}/hornbeam/*.h")
list(FILTER all_headers EXCLUDE REGEX "_test\\.h$|^hornbeam/[^/]+/testing/")
set(wanted ${all_headers})
list(FILTER wanted EXCLUDE REGEX "/internal/")

set(unread ${wanted})
while(unread)  # ends: a header enters `wanted` once, and there are finitely many
  list(POP_FRONT unread header)
  file(STRINGS "${source_folder}/${header}" includes REGEX "^#include \"hornbeam/.*/internal/")
  list(TRANSFORM includes REPLACE "^#include \"([^\"]+)\".*" "\\1")
  foreach(include IN LISTS includes)
    if(NOT include IN_LIST wanted)
      list(APPEND wanted "${include}")
      list(APPEND unread "${include}")
    endif()
  endforeach()
endwhile()

foreach(header IN LISTS wanted)
  get_filename_component(folder "${header}" DIRECTORY)
  file(INSTALL "${source_folder}/${header}" DESTINATION "${CMAKE_INSTALL_PREFIX}/${include_folder}/${folder}")
endforeach()
