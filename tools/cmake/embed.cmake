# Puts a text file (a path below src/) into TARGET: a generated header FOLDER/HEADER that defines
# `inline constexpr std::string_view SYMBOL` in the namespace of the folder.
set(lancehead_embed_script ${CMAKE_CURRENT_LIST_DIR}/embed_text.cmake)

function(lancehead_embed target folder file header symbol)
  set(output ${CMAKE_BINARY_DIR}/generated/embedded/${folder}/${header})
  get_filename_component(input ${file} ABSOLUTE)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DINPUT=${input} -DOUTPUT=${output} -DSYMBOL=${symbol}
            -DNAMESPACE=lancehead::${folder} -P ${lancehead_embed_script}
    DEPENDS ${input} ${lancehead_embed_script}
    COMMENT "Embedding ${file}"
    VERBATIM)
  target_sources(${target} PRIVATE ${output})
  target_include_directories(${target} PRIVATE ${CMAKE_BINARY_DIR}/generated/embedded)
endfunction()
