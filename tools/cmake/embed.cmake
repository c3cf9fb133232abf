# Puts a text file into a library: a generated header HEADER that defines
# `inline constexpr std::string_view SYMBOL` in the namespace of the library's folder.
set(lancehead_embed_script ${CMAKE_CURRENT_LIST_DIR}/embed_text.cmake)

function(lancehead_embed folder file header symbol)
  set(output ${CMAKE_BINARY_DIR}/generated/embedded/${folder}/${header})
  set(input ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/${file})
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DINPUT=${input} -DOUTPUT=${output} -DSYMBOL=${symbol}
            -DNAMESPACE=lancehead::${folder} -P ${lancehead_embed_script}
    DEPENDS ${input} ${lancehead_embed_script}
    COMMENT "Embedding ${folder}/${file}"
    VERBATIM)
  target_sources(lancehead_${folder} PRIVATE ${output})
  target_include_directories(lancehead_${folder} PRIVATE ${CMAKE_BINARY_DIR}/generated/embedded)
endfunction()
