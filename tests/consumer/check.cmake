# Installs a build into a folder, checks what is there, and builds and runs a program on it, by find_package and by pkg-config:
# cmake -D BUILD=… -D WORK=… -D LIBDIR=lib -D COMPILER=… -D FLAGS=… -D VIEWER=1 -P check.cmake
cmake_minimum_required(VERSION 3.22)
set(prefix ${WORK}/prefix)
set(photograph ${prefix}/share/impasto/photographs/cat.jpg)
set(painting ${prefix}/share/impasto/styles/impasto.jpg)
file(REMOVE_RECURSE ${WORK})

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT code EQUAL 0)
    message(FATAL_ERROR "${ARGN} ended with ${code}:\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

function(expect text)
  if(NOT output MATCHES "${text}")
    message(FATAL_ERROR "\"${text}\" is not in what was said:\n${output}")
  endif()
endfunction()

run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${prefix})
if(VIEWER)
  set(viewer bin/impasto-viewer share/man/man1/impasto-viewer.1 share/applications/impasto-viewer.desktop)
endif()
foreach(file
    bin/impasto include/impasto/session.h ${LIBDIR}/cmake/impasto/impasto-config.cmake ${LIBDIR}/pkgconfig/impasto.pc
    share/impasto/compact.safetensors share/impasto/LICENSES.md share/man/man1/impasto.1 share/doc/impasto/copyright
    share/bash-completion/completions/impasto share/fish/vendor_completions.d/impasto.fish
    share/zsh/site-functions/_impasto share/icons/hicolor/scalable/apps/impasto.svg ${viewer})
  if(NOT EXISTS ${prefix}/${file})
    message(FATAL_ERROR "${file} was not installed")
  endif()
endforeach()

# Nothing of the machine's own networks: what was installed has to do.
set(ENV{IMPASTO_WEIGHTS_DIR} ${WORK}/none)
set(ENV{XDG_DATA_HOME} ${WORK}/none)
run(${prefix}/bin/impasto -c ${photograph} -s ${painting} -o ${WORK}/program.png --size 64 --iterations 2)
expect("compact")

set(ENV{IMPASTO_ASSETS} ${prefix}/share/impasto)  # a static library does not know where it was installed to
run(${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR} -B ${WORK}/build -D CMAKE_PREFIX_PATH=${prefix}
  -D CMAKE_CXX_COMPILER=${COMPILER} -D CMAKE_CXX_FLAGS=${FLAGS})
run(${CMAKE_COMMAND} --build ${WORK}/build)
run(${WORK}/build/consumer ${photograph} ${painting} ${WORK}/package.png)
expect("3 iterations of 64 x 43 on compact")

find_program(PKG_CONFIG pkg-config)
if(PKG_CONFIG)
  set(ENV{PKG_CONFIG_PATH} ${prefix}/${LIBDIR}/pkgconfig)
  run(${PKG_CONFIG} --cflags --libs impasto)
  separate_arguments(options UNIX_COMMAND "${FLAGS} ${output}")
  run(${COMPILER} -std=c++20 ${CMAKE_CURRENT_LIST_DIR}/main.cpp -o ${WORK}/by_pkg_config ${options})
  set(ENV{LD_LIBRARY_PATH} ${prefix}/${LIBDIR})
  run(${WORK}/by_pkg_config ${photograph} ${painting} ${WORK}/pkg_config.png)
  expect("3 iterations of 64 x 43 on compact")
endif()
