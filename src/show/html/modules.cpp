#include "show/html/modules.h"

#include <array>
#include <optional>

namespace lancehead::show {
namespace {

std::optional<std::string_view> behind(std::string_view path, std::string_view marker) {
  const std::size_t at = path.rfind(marker);
  return at == std::string_view::npos ? std::nullopt
                                      : std::optional(path.substr(at + marker.size()));
}

// The first part of a relative path, without ".py".
std::string top_of(std::string_view path) {
  std::string_view top = path.substr(0, path.find('/'));
  if (const std::size_t dot = top.rfind(".py"); dot != std::string_view::npos && dot > 0) {
    top = top.substr(0, dot);
  }
  return std::string(top);
}

// "<frozen importlib._bootstrap>" is importlib's.
std::string frozen_module(std::string_view path) {
  constexpr std::string_view kFrozen = "<frozen ";
  if (!path.starts_with(kFrozen)) {
    return {};
  }
  path.remove_prefix(kFrozen.size());
  return std::string(path.substr(0, path.find_first_of(".>")));
}

}  // namespace

Module module_of(std::string_view path) {
  if (path.empty()) {
    return {};
  }
  if (path.front() == '<') {
    return {.name = frozen_module(path)};
  }
  constexpr std::array<std::string_view, 2> kInstalled = {"/site-packages/", "/dist-packages/"};
  for (const std::string_view marker : kInstalled) {
    if (const auto rest = behind(path, marker)) {
      return {.name = top_of(*rest)};
    }
  }
  if (const auto library = behind(path, "/lib/python")) {
    const std::size_t slash = library->find('/');
    if (slash != std::string_view::npos) {
      return {.name = top_of(library->substr(slash + 1))};
    }
  }
  const std::size_t slash = path.rfind('/');
  return {.name = top_of(slash == std::string_view::npos ? path : path.substr(slash + 1)),
          .is_own = true};
}

}  // namespace lancehead::show
