# hornbeam_embed_files(<target> HEADER <path> NAMESPACE <namespace> FOLDERS <folder>... [ROOT <folder>])
#
# Builds every file of the folders, and of those in them, into <target>, so that the program is one file. The header, which is
# included by its path, declares for each folder, such as `templates`, a function
#
#   std::map<std::string, std::string_view, std::less<>> embedded_templates();
#
# in the namespace: from names such as "user/show.html" to contents, for web::Templates and App::static_files. The folders
# are those of the folder it is called in, or of ROOT. It may be called again for the same target, with another header.
function(hornbeam_embed_files target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "HEADER;NAMESPACE;ROOT" "FOLDERS")
  if(NOT arg_HEADER OR NOT arg_NAMESPACE OR NOT arg_FOLDERS OR arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "hornbeam_embed_files(${target}): give HEADER, NAMESPACE and FOLDERS, and nothing else but ROOT")
  endif()
  if(NOT arg_ROOT)
    set(arg_ROOT "${CMAKE_CURRENT_SOURCE_DIR}")
  endif()
  set(files "")
  foreach(folder IN LISTS arg_FOLDERS)
    if(NOT IS_DIRECTORY "${arg_ROOT}/${folder}")
      message(FATAL_ERROR "hornbeam_embed_files(${target}): there is no folder ${arg_ROOT}/${folder}")
    endif()
    file(GLOB_RECURSE found CONFIGURE_DEPENDS "${arg_ROOT}/${folder}/*")
    list(APPEND files ${found})
  endforeach()
  string(MAKE_C_IDENTIFIER "${arg_HEADER}" word)
  set(output "${CMAKE_CURRENT_BINARY_DIR}/embedded/${target}/${word}")
  set(header "${output}/${arg_HEADER}")
  set(source "${output}/files.cc")
  # Written anew only when it changes: so a file that is gone, or has come with an old date, is noticed too.
  file(GENERATE OUTPUT "${output}/files.txt" CONTENT "${files}")
  add_custom_command(OUTPUT "${header}" "${source}"
    COMMAND "${CMAKE_COMMAND}" -D "SOURCE=${source}" -D "HEADER=${header}" -D "INCLUDE=${arg_HEADER}"
      -D "NAMESPACE=${arg_NAMESPACE}" -D "ROOT=${arg_ROOT}" -D "FOLDERS=${arg_FOLDERS}"
      -P "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/HornbeamEmbedFiles.cmake"
    DEPENDS ${files} "${output}/files.txt" "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/HornbeamEmbedFiles.cmake"
    COMMENT "Embedding ${arg_FOLDERS} into ${target}" VERBATIM)
  # Its names are those of every other such source: two of them cannot be joined in one file.
  set_source_files_properties("${source}" PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  target_sources(${target} PRIVATE "${source}" "${header}")
  target_include_directories(${target} PUBLIC "$<BUILD_INTERFACE:${output}>")
endfunction()
