# Run by embed.cmake: writes INPUT as a C++ string to OUTPUT.
file(READ "${INPUT}" text)
get_filename_component(name "${INPUT}" NAME)
file(WRITE "${OUTPUT}" "// Generated from ${name}.
#pragma once

#include <string_view>

namespace ${NAMESPACE} {

using namespace std::literals;

// The length is known to the compiler: counting it would take more steps than it allows.
inline constexpr std::string_view ${SYMBOL} = R\"EMBEDDED(${text})EMBEDDED\"sv;

}  // namespace ${NAMESPACE}
")
