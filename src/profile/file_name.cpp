#include "profile/file_name.h"

namespace lancehead::profile {
namespace {

// Behind ".../lib/python3.13/", which is where the standard library lies.
std::optional<std::string_view> after_library(std::string_view path) {
  constexpr std::string_view kLibrary = "/lib/python";
  const std::size_t at = path.rfind(kLibrary);
  if (at == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view rest = path.substr(at + kLibrary.size());
  const std::size_t slash = rest.find('/');
  return slash == std::string_view::npos ? std::nullopt : std::optional(rest.substr(slash + 1));
}

}  // namespace

std::vector<std::string_view> program_folders(const Profile& profile) {
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

std::optional<std::string_view> installed_path(std::string_view path) {
  for (const std::string_view marker : {"/site-packages/", "/dist-packages/"}) {
    if (const std::size_t at = path.rfind(marker); at != std::string_view::npos) {
      return path.substr(at + marker.size());
    }
  }
  return after_library(path);
}

std::string_view short_path(std::string_view path, std::span<const std::string_view> folders) {
  if (const auto installed = installed_path(path)) {
    return *installed;
  }
  for (const std::string_view folder : folders) {
    if (!folder.empty() && path.size() > folder.size() + 1 && path.starts_with(folder) &&
        path[folder.size()] == '/') {
      return path.substr(folder.size() + 1);
    }
  }
  return path.starts_with("./") ? path.substr(2) : path;
}

}  // namespace lancehead::profile
