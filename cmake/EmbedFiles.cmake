# cmake -D OUTPUT=assets.cc -D ROOT=arena -D "FOLDERS=templates;static" -D HEADER=arena/assets.h -D NAMESPACE=arena
#       -D TYPE=hornbeam::web::EmbeddedFiles -P EmbedFiles.cmake
# Writes a C++ file that holds every file of the folders, so that the program is one file: for each folder a function
# embedded_FOLDER() that HEADER declares, which gives a TYPE, a map from the path inside of the folder to the bytes.

set(arrays "")
set(functions "")
set(index 0)
foreach(folder IN LISTS FOLDERS)
  set(entries "")
  file(GLOB_RECURSE files RELATIVE "${ROOT}/${folder}" "${ROOT}/${folder}/*")
  foreach(file IN LISTS files)
    file(READ "${ROOT}/${folder}/${file}" bytes HEX)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
    string(APPEND arrays "constexpr unsigned char kFile${index}[] = {${bytes}0};\n")
    string(APPEND entries "    {\"${file}\", view(kFile${index})},\n")
    math(EXPR index "${index} + 1")
  endforeach()
  string(APPEND functions "${TYPE} embedded_${folder}() {\n  return {\n${entries}  };\n}\n")
endforeach()

file(WRITE "${OUTPUT}" "// Made by EmbedFiles.cmake.
#include \"${HEADER}\"

namespace ${NAMESPACE} {
namespace {
${arrays}
template <std::size_t kSize>
std::string_view view(const unsigned char (&bytes)[kSize]) {
  return {reinterpret_cast<const char*>(bytes), kSize - 1};
}
}  // namespace

${functions}
}  // namespace ${NAMESPACE}
")
