#include "show/names.h"

#include <fmt/format.h>

#include "show/text.h"

namespace lancehead::show {
namespace {

// What follows the last `marker`; `path` where it has none.
std::string_view after(std::string_view path, std::string_view marker) {
  const std::size_t at = path.rfind(marker);
  return at == std::string_view::npos ? path : path.substr(at + marker.size());
}

// Behind ".../lib/python3.13/", which is where the standard library lies.
std::string_view after_library(std::string_view path) {
  const std::string_view rest = after(path, "/lib/python");
  const std::size_t slash = rest.find('/');
  return rest.size() == path.size() || slash == std::string_view::npos ? path
                                                                       : rest.substr(slash + 1);
}

// Where the program was started, and where its script lies.
std::vector<std::string_view> program_folders(const profile::Profile& profile) {
  std::vector<std::string_view> folders;
  const auto& sessions = profile.tables().sessions;
  if (sessions.size() == 0) {
    return folders;
  }
  folders.push_back(profile.text(sessions.directory[0]));
  for (const schema::StringId argument : sessions.arguments[0]) {
    const std::string_view word = profile.text(argument);
    if (word.ends_with(".py") && word.find('/') != std::string_view::npos) {
      folders.push_back(word.substr(0, word.rfind('/')));
      break;
    }
  }
  return folders;
}

}  // namespace

std::string_view short_path(std::string_view path, std::span<const std::string_view> folders) {
  for (const std::string_view marker : {"/site-packages/", "/dist-packages/"}) {
    if (const auto rest = after(path, marker); rest.size() != path.size()) {
      return rest;
    }
  }
  if (const auto rest = after_library(path); rest.size() != path.size()) {
    return rest;
  }
  for (const std::string_view folder : folders) {
    if (!folder.empty() && path.size() > folder.size() + 1 && path.starts_with(folder) &&
        path[folder.size()] == '/') {
      return path.substr(folder.size() + 1);
    }
  }
  return path.starts_with("./") ? path.substr(2) : path;
}

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
  const auto folders = program_folders(profile);
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
