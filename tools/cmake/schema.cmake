# Generates the C++ columns of the tables in schema/ into the build folder.
set(schema_include ${CMAKE_BINARY_DIR}/generated)
set(schema_outputs ${schema_include}/schema/tables.h ${schema_include}/schema/tables.cpp)
add_custom_command(
  OUTPUT ${schema_outputs}
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/generate_schema.py
          --out ${schema_include}/schema
  DEPENDS ${CMAKE_SOURCE_DIR}/schema/tables.py ${CMAKE_SOURCE_DIR}/tools/generate_schema.py
  COMMENT "Generating the tables"
  VERBATIM)
add_library(lancehead_schema STATIC ${schema_outputs})
target_include_directories(lancehead_schema PUBLIC ${schema_include} ${CMAKE_SOURCE_DIR}/src)
target_link_libraries(lancehead_schema PUBLIC lancehead_base)
