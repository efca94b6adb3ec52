# The tests' own shaders, in both variants, as lists of numbers that support/scale.cpp includes.
set(scale_source ${CMAKE_CURRENT_SOURCE_DIR}/gpu/shaders/scale.comp)
set(scale_numbers)
foreach(variant STORAGE TEXEL)
  string(TOLOWER ${variant} suffix)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/shaders/scale_${suffix}.inc)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_CURRENT_BINARY_DIR}/shaders
    COMMAND ${GLSLC} --target-env=vulkan1.1 -Werror -D${variant} -mfmt=num ${scale_source} -o ${output}
    DEPENDS ${scale_source}
    VERBATIM)
  list(APPEND scale_numbers ${output})
endforeach()
add_custom_target(impasto_test_shaders DEPENDS ${scale_numbers})
add_dependencies(impasto_test_support impasto_test_shaders)
target_include_directories(impasto_test_support PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/shaders)
set_source_files_properties(${CMAKE_CURRENT_SOURCE_DIR}/support/scale.cpp PROPERTIES OBJECT_DEPENDS "${scale_numbers}")
