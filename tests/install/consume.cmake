# cmake -Dsource=FOLDER -Dbuild=FOLDER -Doptions=LIST -P consume.cmake: configures and builds the consumer from nothing,
# and runs it. `options` goes to cmake as it is.
file(REMOVE_RECURSE "${build}")
execute_process(COMMAND_ERROR_IS_FATAL ANY
  COMMAND "${CMAKE_COMMAND}" -S "${source}" -B "${build}" -G Ninja ${options})
execute_process(COMMAND_ERROR_IS_FATAL ANY COMMAND "${CMAKE_COMMAND}" --build "${build}" --target consumer)
execute_process(COMMAND_ERROR_IS_FATAL ANY COMMAND "${build}/consumer")
