#include "show/names.h"

#include <fmt/format.h>

#include "profile/file_name.h"
#include "show/text.h"

namespace lancehead::show {
std::string function_name(const profile::Profile& profile, profile::FunctionId function) {
  if (function.is_none()) {
    return "(not known)";
  }
  const std::string name = escape(profile.function(function).name);
  return isolate(name.empty() ? "(no name)" : name);
}

std::string place_name(const profile::Profile& profile, profile::FunctionId function,
                       std::uint32_t line) {
  if (function.is_none() || profile.function(function).file.empty()) {
    return {};
  }
  const auto folders = profile::program_folders(profile);
  const std::string path = isolate(escape(short_path(profile.function(function).file, folders)));
  return line == 0 ? path : fmt::format("{}:{}", path, line);
}

std::string thread_name(const profile::Thread* thread) {
  if (thread == nullptr) {
    return "(not known)";
  }
  return thread->name.empty() ? fmt::format("thread {}", thread->os_id)
                              : isolate(escape(thread->name));
}

}  // namespace lancehead::show
