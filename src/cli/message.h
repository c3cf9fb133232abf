// Sentences for the person at the terminal: on stderr, with our name in front.
#pragma once

#include <string_view>

#include "base/result.h"

namespace lancehead::cli {

// One line on stderr; control characters in it (names come from the program) are made visible.
void say(std::string_view sentence);

// Says what failed and the remedy; returns the exit code that goes with it.
int say_error(const Error& error);

}  // namespace lancehead::cli
