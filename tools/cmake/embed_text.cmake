# Run by embed.cmake: writes INPUT as a C++ string to OUTPUT.
file(READ "${INPUT}" text)
get_filename_component(name "${INPUT}" NAME)
file(WRITE "${OUTPUT}" "// Generated from ${name}.
#pragma once

#include <string_view>

namespace ${NAMESPACE} {

using namespace std::literals;

// Longer than every compiler has to support; those that we build with do.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored \"-Woverlength-strings\"
// The length is known to the compiler: counting it would take more steps than it allows.
inline constexpr std::string_view ${SYMBOL} = R\"EMBEDDED(${text})EMBEDDED\"sv;
#pragma GCC diagnostic pop

}  // namespace ${NAMESPACE}
")
