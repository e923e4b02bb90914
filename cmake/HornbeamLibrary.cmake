# hornbeam_library(<name> [DEPENDS <hornbeam library>...] [LINK <target>...] [PUBLIC_LINK <target>...]
#                  [TEST_DEPENDS <hornbeam library>...] [CONCURRENT_TESTS <pattern>...] [SHARING_TESTS <pattern>...]
#                  [APART <file>...])
#
# Turns the folder it is called in into the library hornbeam::<name>: every *.cc is compiled, every *_test.cc becomes
# part of the test program <name>_test, each *_fuzz.cc a libFuzzer program. What tests share is in testing/, which is
# compiled for them only. Files that end in _concurrent_test.cc are a program of their own, <name>_concurrent_test, all of
# whose tests are concurrent, so that ThreadSanitizer need not build the others. DEPENDS is the whole truth about arrows: tools/check_layers reads it and refuses an include
# that it does not allow. SHARING_TESTS names tests that share what is dear to start, such as a server: they are one of
# ctest's, in one process. CONCURRENT_TESTS names, in GoogleTest's patterns ("Loop.*"), the unit tests in which threads
# meet: they run under ThreadSanitizer too (make tsan). APART names sources that hornbeam_join must leave by themselves.
function(hornbeam_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "DEPENDS;LINK;PUBLIC_LINK;TEST_DEPENDS;CONCURRENT_TESTS;SHARING_TESTS;APART")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "hornbeam_library(${name}): unknown arguments: ${arg_UNPARSED_ARGUMENTS}")
  endif()
  file(GLOB_RECURSE sources RELATIVE "${CMAKE_CURRENT_SOURCE_DIR}" CONFIGURE_DEPENDS "*.cc")
  set(tests ${sources})
  set(concurrent_tests ${sources})
  set(shared_by_tests ${sources})
  set(fuzzers ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cc$|^testing/")
  list(FILTER tests EXCLUDE REGEX "_concurrent_test\\.cc$")
  list(FILTER concurrent_tests INCLUDE REGEX "_concurrent_test\\.cc$")
  list(FILTER shared_by_tests INCLUDE REGEX "^testing/")
  list(FILTER fuzzers INCLUDE REGEX "_fuzz\\.cc$")
  list(FILTER sources EXCLUDE REGEX "_(test|fuzz)\\.cc$|^testing/")

  list(TRANSFORM arg_DEPENDS PREPEND "hornbeam::")
  if(sources)
    add_library(hornbeam_${name} STATIC ${sources})
    set(scope PUBLIC)
    target_link_libraries(hornbeam_${name} PRIVATE ${arg_LINK})
    # Not linked, since those who use the library, out of the build tree too, need not know of them.
    target_compile_options(hornbeam_${name} PRIVATE
      $<TARGET_PROPERTY:hornbeam_private_options,INTERFACE_COMPILE_OPTIONS>)
    if(HORNBEAM_BUILD_FUZZERS)
      # What guides the fuzzers. Programs without one do not notice it, so that they and the tests share the libraries.
      target_compile_options(hornbeam_${name} PRIVATE -fsanitize=fuzzer-no-link)
    endif()
  else()
    add_library(hornbeam_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  add_library(hornbeam::${name} ALIAS hornbeam_${name})
  set_target_properties(hornbeam_${name} PROPERTIES EXPORT_NAME ${name})
  target_compile_features(hornbeam_${name} ${scope} cxx_std_23)
  target_include_directories(hornbeam_${name} ${scope}
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}> $<INSTALL_INTERFACE:include>)
  target_link_libraries(hornbeam_${name} ${scope} ${arg_DEPENDS} ${arg_PUBLIC_LINK})
  set_property(GLOBAL APPEND PROPERTY HORNBEAM_LIBRARIES hornbeam_${name})
  if(sources)
    hornbeam_precompile(hornbeam_${name} <algorithm> <chrono> <coroutine> <functional> <map> <memory>
      <mutex> <optional> <string> <thread> <vector> <fmt/format.h>)
    hornbeam_join(hornbeam_${name} ${arg_APART})
  endif()

  if(HORNBEAM_BUILD_TESTS AND tests)
    set(umbrella "${PROJECT_SOURCE_DIR}/hornbeam/${name}.h")
    if(NOT EXISTS "${umbrella}")
      set(umbrella "")
    endif()
    hornbeam_test(${name}_test SOURCES ${tests} DEPENDS ${name} ${arg_TEST_DEPENDS} LINK ${arg_LINK}
      CONCURRENT_TESTS ${arg_CONCURRENT_TESTS} SHARING_TESTS ${arg_SHARING_TESTS}
      PRECOMPILED ${umbrella})
  endif()
  if(HORNBEAM_BUILD_TESTS AND concurrent_tests)
    hornbeam_test(${name}_concurrent_test SOURCES ${concurrent_tests} ${shared_by_tests}
      DEPENDS ${name} ${arg_TEST_DEPENDS} LINK ${arg_LINK} CONCURRENT_TESTS "*")
  endif()
  if(HORNBEAM_BUILD_FUZZERS)
    foreach(fuzzer IN LISTS fuzzers)
      hornbeam_fuzzer(${fuzzer} DEPENDS ${name})
    endforeach()
  endif()
endfunction()

# hornbeam_precompile(<target> <header>...)
#
# Parses the headers once for all sources of the target, where it has enough of them for that to pay.
function(hornbeam_precompile target)
  get_target_property(sources ${target} SOURCES)
  list(LENGTH sources count)
  if(count GREATER 6)
    target_precompile_headers(${target} PRIVATE ${ARGN})
    # Without the time in it the file is the same whenever it is made, so that ccache knows it again.
    target_compile_options(${target} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
  endif()
endfunction()

# hornbeam_join(<target> [<source to leave apart>...])
#
# Where everything is built from nothing (HORNBEAM_JOIN_SOURCES), compiles the sources of the target several at a time, so
# that what they all include is read once for all: half the time. Elsewhere one changed source would have all of its
# neighbours compiled again. Sources that are joined share an unnamed namespace: a name in it that a neighbour has too is
# refused by the compiler. Mend: one of them gets a name that says more, is shared, or its source is left apart.
function(hornbeam_join target)
  if(HORNBEAM_JOIN_SOURCES)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
    set_source_files_properties(${ARGN} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
    # A local name like one in a neighbour's unnamed namespace is no fault: builds that join nothing look for real ones.
    target_compile_options(${target} PRIVATE -Wno-shadow)
  endif()
endfunction()

# hornbeam_test(<name> SOURCES <file>... DEPENDS <hornbeam library>... [LINK <target>...]
#               [CONCURRENT_TESTS <pattern>...] [SHARING_TESTS <pattern>...] [PRECOMPILED <header>])
#
# A GoogleTest program, each of its tests one of ctest's. In a build with ThreadSanitizer only the concurrent tests are
# tests; the target concurrent_tests builds the programs that have any.
function(hornbeam_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPENDS;LINK;CONCURRENT_TESTS;SHARING_TESTS;PRECOMPILED")
  add_executable(${name} ${arg_SOURCES})
  list(TRANSFORM arg_DEPENDS PREPEND "hornbeam::")
  target_link_libraries(${name} PRIVATE ${arg_DEPENDS} ${arg_LINK} GTest::gtest GTest::gmock GTest::gtest_main
    hornbeam_private_options)
  target_compile_definitions(${name} PRIVATE HORNBEAM_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  hornbeam_precompile(${name} <gtest/gtest.h> ${arg_PRECOMPILED})
  if(HORNBEAM_SANITIZERS)
    # Half of what a test costs is its compilation, and nearly all that it runs is in the libraries.
    target_compile_options(${name} PRIVATE -O0)
  endif()
  if(NOT HORNBEAM_SANITIZERS MATCHES "thread")
    set(each "*")
    if(arg_SHARING_TESTS)
      list(JOIN arg_SHARING_TESTS ":" together)
      set(each "*-${together}")
      add_test(NAME ${name}.sharing COMMAND ${name} "--gtest_filter=${together}")
      set_tests_properties(${name}.sharing PROPERTIES TIMEOUT 300)
    endif()
    gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST TEST_PREFIX "${name}." TEST_FILTER "${each}"
      PROPERTIES TIMEOUT 120)
  elseif(arg_CONCURRENT_TESTS)
    list(JOIN arg_CONCURRENT_TESTS ":" filter)
    gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST TEST_PREFIX "${name}." TEST_FILTER "${filter}"
      PROPERTIES TIMEOUT 240 LABELS concurrent)
    add_dependencies(concurrent_tests ${name})
  endif()
endfunction()

# hornbeam_fuzzer(<file ending in _fuzz.cc> DEPENDS <hornbeam library>...)
#
# A libFuzzer program named after its file, in <build>/fuzzers. tools/run_fuzzers starts it with the seeds in
# tests/fuzz/<name>/ and the dictionary tests/fuzz/<name>.dict, where there are such.
function(hornbeam_fuzzer file)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "DEPENDS")
  get_filename_component(name "${file}" NAME_WE)
  add_executable(${name} "${file}")
  if(NOT TARGET fuzzers)
    add_custom_target(fuzzers)
  endif()
  add_dependencies(fuzzers ${name})
  list(TRANSFORM arg_DEPENDS PREPEND "hornbeam::")
  target_link_libraries(${name} PRIVATE ${arg_DEPENDS} hornbeam_private_options)
  target_compile_options(${name} PRIVATE -fsanitize=fuzzer)
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/fuzzers")
endfunction()
