# Writes a SPIR-V file as the numbers of a C array: cmake -DINPUT=FILE.spv -DOUTPUT=FILE.inc -P spirv_numbers.cmake
file(READ ${INPUT} bytes HEX)
string(REGEX REPLACE "(..)(..)(..)(..)" "0x\\4\\3\\2\\1,\n" numbers "${bytes}")
file(WRITE ${OUTPUT} "${numbers}")
