# Refuses compilers known to miscompile this code, and sets what every target shares.

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  message(FATAL_ERROR
    "Hornbeam does not build with GCC ${CMAKE_CXX_COMPILER_VERSION}.\n"
    "GCC 12 and 13 miscompile coroutines: a braced temporary or a capturing lambda given as an argument in a "
    "statement with co_await, and a conditional of class type, corrupt memory without a warning.\n"
    "Mend: apt-get install clang-19, then cmake --preset dev (or -DCMAKE_CXX_COMPILER=clang++-19).")
elseif(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang" OR CMAKE_CXX_COMPILER_VERSION VERSION_LESS 19)
  message(FATAL_ERROR
    "Hornbeam needs Clang 19 or newer; this is ${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}.\n"
    "Mend: apt-get install clang-19, then cmake --preset dev (or -DCMAKE_CXX_COMPILER=clang++-19).")
endif()

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_SCAN_FOR_MODULES OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

# What only this project's own targets get: never forced on those who consume the libraries.
add_library(hornbeam_private_options INTERFACE)
target_compile_options(hornbeam_private_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor -Wold-style-cast
  -Woverloaded-virtual -Wimplicit-fallthrough)
option(HORNBEAM_WARNINGS_AS_ERRORS "Treat warnings as errors" ${PROJECT_IS_TOP_LEVEL})
if(HORNBEAM_WARNINGS_AS_ERRORS)
  target_compile_options(hornbeam_private_options INTERFACE -Werror)
endif()

if(HORNBEAM_SANITIZERS)
  add_compile_options(-fsanitize=${HORNBEAM_SANITIZERS} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${HORNBEAM_SANITIZERS})
endif()
