# hornbeam_compiler_problem(<variable>): why the C++ compiler in use cannot build Hornbeam, or what uses it; empty if it
# can. Those who consume an installed Hornbeam get the same answer: its coroutines are compiled with their code.
function(hornbeam_compiler_problem variable)
  set(mend "Mend: apt-get install clang-19, then -DCMAKE_CXX_COMPILER=clang++-19 (in Hornbeam itself: --preset dev).")
  set(problem "")
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    string(CONCAT problem
      "Hornbeam does not build with GCC ${CMAKE_CXX_COMPILER_VERSION}.\n"
      "GCC 12 and 13 miscompile coroutines: a braced temporary or a capturing lambda given as an argument in a "
      "statement with co_await, and a conditional of class type, corrupt memory without a warning.\n"
      "${mend}")
  elseif(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang" OR CMAKE_CXX_COMPILER_VERSION VERSION_LESS 19)
    string(CONCAT problem
      "Hornbeam needs Clang 19 or newer; this is ${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}.\n"
      "${mend}")
  endif()
  set(${variable} "${problem}" PARENT_SCOPE)
endfunction()
