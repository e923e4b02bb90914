# Refuses compilers known to miscompile this code, and sets what every target shares.

include(HornbeamCompilerProblem)
hornbeam_compiler_problem(problem)
if(problem)
  message(FATAL_ERROR "${problem}")
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
  -Woverloaded-virtual -Wimplicit-fallthrough -Wno-missing-designated-field-initializers)
option(HORNBEAM_WARNINGS_AS_ERRORS "Treat warnings as errors" ${PROJECT_IS_TOP_LEVEL})
if(HORNBEAM_WARNINGS_AS_ERRORS)
  target_compile_options(hornbeam_private_options INTERFACE -Werror)
endif()

if(HORNBEAM_SANITIZERS)
  add_compile_options(-fsanitize=${HORNBEAM_SANITIZERS} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${HORNBEAM_SANITIZERS})
  if(HORNBEAM_SANITIZERS MATCHES "undefined")
    # Checks of every pointer at every use: see docs/decisions/0008-checks-of-pointers.md.
    add_compile_options(-fno-sanitize=null,alignment,object-size,vptr)
  endif()
endif()
