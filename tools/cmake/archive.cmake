# A library of the system, found by pkg-config, as the target lancehead::NAME: its archive and those
# of what it needs where the system has them (so that the command runs where these libraries are
# not installed), else the shared library.
function(lancehead_archive name package)
  pkg_check_modules(${name} REQUIRED IMPORTED_TARGET ${package})
  add_library(lancehead::${name} INTERFACE IMPORTED GLOBAL)
  target_include_directories(lancehead::${name} INTERFACE ${${name}_INCLUDE_DIRS})
  set(archives "")
  foreach(library IN LISTS ${name}_STATIC_LIBRARIES)
    find_library(LANCEHEAD_ARCHIVE_${library} lib${library}.a HINTS ${${name}_STATIC_LIBRARY_DIRS})
    if(NOT LANCEHEAD_ARCHIVE_${library})
      message(STATUS "No archive of ${library}: ${package} is linked as a shared library")
      target_link_libraries(lancehead::${name} INTERFACE PkgConfig::${name})
      return()
    endif()
    list(APPEND archives ${LANCEHEAD_ARCHIVE_${library}})
  endforeach()
  target_link_libraries(lancehead::${name} INTERFACE ${archives})
endfunction()
