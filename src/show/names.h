// Functions, places and threads as they are named in a report; always escaped.
#pragma once

#include <cstdint>
#include <string>

#include "profile/file_name.h"
#include "profile/profile.h"

namespace lancehead::show {

using profile::short_path;

[[nodiscard]] std::string function_name(const profile::Profile& profile,
                                        profile::FunctionId function);
// "julia.py:31"; only the file where the line is 0; empty where there is no file.
[[nodiscard]] std::string place_name(const profile::Profile& profile, profile::FunctionId function,
                                     std::uint32_t line);
// "MainThread", "thread 4711" where it has no name.
[[nodiscard]] std::string thread_name(const profile::Thread* thread);

}  // namespace lancehead::show
