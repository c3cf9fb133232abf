# The interactive page, built from viewer/ by npm, as LANCEHEAD_PAGE_FILE. Packages go to
# viewer/node_modules, once for all build folders.
set(LANCEHEAD_PAGE "" CACHE FILEPATH "A page that is built already; empty: npm builds it")
if(LANCEHEAD_PAGE)
  set(LANCEHEAD_PAGE_FILE ${LANCEHEAD_PAGE})
  return()
endif()
find_program(LANCEHEAD_NPM npm)
if(NOT LANCEHEAD_NPM)
  message(FATAL_ERROR "npm was not found; it builds the interactive page. Install nodejs and npm "
                      "(tools/setup build does), or name a built page with -DLANCEHEAD_PAGE=FILE.")
endif()
set(LANCEHEAD_PAGE_FILE ${CMAKE_BINARY_DIR}/generated/page.html)
file(GLOB_RECURSE lancehead_page_sources CONFIGURE_DEPENDS
     ${CMAKE_SOURCE_DIR}/viewer/src/* ${CMAKE_SOURCE_DIR}/viewer/tools/*)
add_custom_command(
  OUTPUT ${LANCEHEAD_PAGE_FILE}
  COMMAND ${CMAKE_SOURCE_DIR}/tools/build_page ${LANCEHEAD_PAGE_FILE}
  DEPENDS ${lancehead_page_sources} ${CMAKE_SOURCE_DIR}/viewer/package-lock.json
          ${CMAKE_SOURCE_DIR}/tools/build_page
  COMMENT "Building the interactive page"
  VERBATIM)
