# cmake -Dprogram=HORNBEAM -Dfolder=FOLDER -Dpackage=FOLDER -Doptions=LIST -Dlauncher=LIST -P build_new_project.cmake
# Does what the README of a new project says: configures, builds, tests, and asks the program what it is.
file(REMOVE_RECURSE "${folder}")
file(MAKE_DIRECTORY "${folder}")
function(run)
  execute_process(COMMAND_ERROR_IS_FATAL ANY COMMAND ${ARGV})
endfunction()

run("${program}" new night-market --into "${folder}")
set(project "${folder}/night-market")
string(REPLACE ";" "\\;" launcher "${launcher}")
run("${CMAKE_COMMAND}" -S "${project}" --preset dev "-Dhornbeam_DIR=${package}" ${options}
  "-DCMAKE_CXX_COMPILER_LAUNCHER=${launcher}")
run("${CMAKE_COMMAND}" --build "${project}/build")
run("${CMAKE_CTEST_COMMAND}" --test-dir "${project}/build" --output-on-failure --no-tests=error)
execute_process(COMMAND_ERROR_IS_FATAL ANY WORKING_DIRECTORY "${project}"
  COMMAND build/night-market routes --sort name OUTPUT_VARIABLE routes)
if(NOT routes MATCHES "/api/greetings/{name} +greeting")
  message(FATAL_ERROR "the new program lists other routes:\n${routes}")
endif()

# What is there is not overwritten.
execute_process(COMMAND "${program}" new night-market --into "${folder}"
  RESULT_VARIABLE code ERROR_VARIABLE said)
if(NOT code EQUAL 1 OR NOT said MATCHES "exists")
  message(FATAL_ERROR "a project was written over another one: ${code} ${said}")
endif()
