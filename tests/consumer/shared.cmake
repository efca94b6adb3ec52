# Runs a program on the shared library, and checks what that shows and calls itself:
# cmake -D PROGRAM=… -D LIBRARY=… -D SOURCE=… -D WORK=… -P shared.cmake
cmake_minimum_required(VERSION 3.22)
file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK})

function(run expected)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT code EQUAL 0 OR NOT output MATCHES "${expected}")
    message(FATAL_ERROR "${ARGN} ended with ${code}, and not with \"${expected}\":\n${output}")
  endif()
endfunction()

set(ENV{IMPASTO_ASSETS} ${SOURCE}/assets)
set(ENV{IMPASTO_WEIGHTS_DIR} ${WORK}/none)
set(ENV{XDG_DATA_HOME} ${WORK}/none)
run("3 iterations of 64 x 43 on compact" ${PROGRAM} ${SOURCE}/assets/photographs/cat.jpg ${SOURCE}/assets/styles/impasto.jpg
  ${WORK}/picture.png)
run("names are visible" python3 ${SOURCE}/tests/consumer/visible.py ${LIBRARY} ${SOURCE}/runtime/include/impasto)
run("SONAME.*libimpasto.*\\.so\\.[0-9]+\\.[0-9]+\\]" readelf -d ${LIBRARY})
run("NEEDED.*libimpasto.*\\.so\\.[0-9]+\\.[0-9]+\\]" readelf -d ${PROGRAM})
