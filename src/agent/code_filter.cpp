#include "agent/code_filter.h"

#include <fnmatch.h>

#include <algorithm>
#include <filesystem>

namespace lancehead::agent {
namespace {

bool matches(const std::string& pattern, const std::filesystem::path& path) {
  if (pattern.find('/') != std::string::npos) {
    return ::fnmatch(pattern.c_str(), path.c_str(), 0) == 0;
  }
  return std::ranges::any_of(path, [&](const std::filesystem::path& part) {
    return ::fnmatch(pattern.c_str(), part.c_str(), 0) == 0;
  });
}

bool matches_any(const std::vector<std::string>& patterns, const std::filesystem::path& path) {
  return std::ranges::any_of(patterns,
                             [&](const std::string& pattern) { return matches(pattern, path); });
}

bool is_within(const std::filesystem::path& path, const std::string& folder) {
  const std::string& text = path.native();
  return text.size() > folder.size() && text.starts_with(folder) && text[folder.size()] == '/';
}

// Where installers put what a program only uses.
bool is_installed(const std::filesystem::path& path) {
  return std::ranges::any_of(path, [](const std::filesystem::path& part) {
    return part == "site-packages" || part == "dist-packages";
  });
}

}  // namespace

CodeFilter::CodeFilter(std::string_view configuration, std::vector<std::string> libraries)
    : libraries_(std::move(libraries)) {
  constexpr std::string_view kInclude = "include ";
  constexpr std::string_view kExclude = "exclude ";
  while (!configuration.empty()) {
    const std::size_t end = std::min(configuration.find('\n'), configuration.size());
    const std::string_view line = configuration.substr(0, end);
    if (line.starts_with(kInclude)) {
      included_.emplace_back(line.substr(kInclude.size()));
    } else if (line.starts_with(kExclude)) {
      excluded_.emplace_back(line.substr(kExclude.size()));
    }
    configuration.remove_prefix(std::min(end + 1, configuration.size()));
  }
}

bool CodeFilter::decide(const std::string& filename) const {
  if (filename.empty() || (filename.front() == '<' && filename.back() == '>')) {
    return matches_any(included_, filename) && !matches_any(excluded_, filename);
  }
  std::error_code error;
  std::filesystem::path path = std::filesystem::absolute(filename, error).lexically_normal();
  if (error) {
    path = filename;
  }
  if (matches_any(excluded_, path)) {
    return false;
  }
  if (matches_any(included_, path)) {
    return true;
  }
  return !is_installed(path) && std::ranges::none_of(libraries_, [&](const std::string& folder) {
    return is_within(path, folder);
  });
}

bool CodeFilter::counts(const std::string& filename) {
  const auto found = known_.find(filename);
  if (found != known_.end()) {
    return found->second;
  }
  const bool result = decide(filename);
  known_.emplace(filename, result);
  return result;
}

}  // namespace lancehead::agent
