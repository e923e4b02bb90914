# Run by hornbeam_embed_files: writes the header and the source that hold the files of FOLDERS, which are in ROOT.

set(type "std::map<std::string, std::string_view, std::less<>>")
set(arrays "")
set(functions "")
set(declarations "")
set(index 0)
foreach(folder IN LISTS FOLDERS)
  set(entries "")
  string(MAKE_C_IDENTIFIER "${folder}" word)
  file(GLOB_RECURSE files RELATIVE "${ROOT}/${folder}" "${ROOT}/${folder}/*")
  foreach(file IN LISTS files)
    file(READ "${ROOT}/${folder}/${file}" bytes HEX)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
    string(APPEND arrays "constexpr unsigned char kFile${index}[] = {${bytes}0};\n")
    string(APPEND entries "    {\"${file}\", view(kFile${index})},\n")
    math(EXPR index "${index} + 1")
  endforeach()
  string(APPEND declarations "${type} embedded_${word}();\n")
  string(APPEND functions "${type} embedded_${word}() {\n  return {\n${entries}  };\n}\n")
endforeach()

file(WRITE "${HEADER}" "// Made from files by hornbeam_embed_files.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace ${NAMESPACE} {
${declarations}
}  // namespace ${NAMESPACE}
")
file(WRITE "${SOURCE}" "// Made from files by hornbeam_embed_files.
#include \"${INCLUDE}\"

#include <cstddef>

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
