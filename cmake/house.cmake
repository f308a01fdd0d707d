# The house: one library per folder, and dependencies that point one way.
#
# Sources include each other as "model/fabric.h". A library is given an include directory of its own that holds nothing
# but a link to its folder, and passes it on to those that link it: including a header of a folder that a target does
# not link does not compile.

add_library(aftershock_flags INTERFACE)
target_compile_options(aftershock_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor
  -Wno-missing-field-initializers  # designated initialisers leave the rest to its defaults on purpose
  $<$<BOOL:${AFTERSHOCK_WERROR}>:-Werror>)
if(AFTERSHOCK_SANITIZE)
  target_compile_options(aftershock_flags INTERFACE -fsanitize=${AFTERSHOCK_SANITIZE} -fno-omit-frame-pointer
    $<$<CXX_COMPILER_ID:Clang>:-fno-sanitize-recover=all>)
  target_link_options(aftershock_flags INTERFACE -fsanitize=${AFTERSHOCK_SANITIZE})
  if(AFTERSHOCK_SANITIZE MATCHES undefined)
    # Each access would be checked once more for what ends in a crash, or in AddressSanitizer's report, all the same;
    # that takes a third of the time to build.
    target_compile_options(aftershock_flags INTERFACE -fno-sanitize=null,alignment,object-size,vptr)
  endif()
endif()

# aftershock_precompile(TARGET ABOVE_MODEL [HEADER…]): what nearly every source of a target includes. ABOVE_MODEL: it may
# include model/.
function(aftershock_precompile target above_model)
  get_target_property(sources ${target} SOURCES)
  list(LENGTH sources count)
  if(AFTERSHOCK_PCH AND count GREATER 5)  # for less, precompiling takes longer than it saves
    set(vocabulary)
    if(above_model)
      set(vocabulary <model/report.h> <model/settings.h>)
    endif()
    target_precompile_headers(${target} PRIVATE <algorithm> <array> <chrono> <functional> <map> <memory> <optional> <span>
      <string> <string_view> <variant> <vector> <fmt/format.h> <tl/expected.hpp> ${vocabulary} ${ARGN})
  endif()
endfunction()

# aftershock_room(FOLDER SOURCES … USES … PRECOMPILE …): the library of FOLDER (relative to the project), named after it with
# "aftershock_" in front and "_" for "/".
function(aftershock_room folder)
  cmake_parse_arguments(ROOM "" "" "SOURCES;USES;PRECOMPILE" ${ARGN})
  string(REPLACE "/" "_" name ${folder})
  set(door ${PROJECT_BINARY_DIR}/house/${name})
  get_filename_component(parent ${door}/${folder} DIRECTORY)
  file(MAKE_DIRECTORY ${parent})
  file(CREATE_LINK ${PROJECT_SOURCE_DIR}/${folder} ${door}/${folder} SYMBOLIC)
  add_library(aftershock_${name} STATIC EXCLUDE_FROM_ALL ${ROOM_SOURCES})
  target_include_directories(aftershock_${name} PUBLIC ${door})
  target_link_libraries(aftershock_${name} PUBLIC aftershock_flags ${ROOM_USES})
  if(aftershock_model IN_LIST ROOM_USES)
    set(above_model ON)
  else()
    set(above_model OFF)
  endif()
  aftershock_precompile(aftershock_${name} ${above_model} ${ROOM_PRECOMPILE})
endfunction()
