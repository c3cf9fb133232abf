#include "python/version_text.h"

#include <charconv>

namespace lancehead::python {
namespace {

constexpr int kOldestMinor = 0;
constexpr int kNewestMinor = 30;

// Reads a number of at most two digits off the front of `text`.
std::optional<int> take_number(std::string_view& text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const auto digits = end - text.data();
  if (error != std::errc{} || digits > 2) {
    return std::nullopt;
  }
  text.remove_prefix(static_cast<std::size_t>(digits));
  return static_cast<int>(value);
}

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) {
    return false;
  }
  text.remove_prefix(prefix.size());
  return true;
}

code::PythonVersion version_of(int minor, int micro) {
  return {.major = 3,
          .minor = static_cast<std::uint8_t>(minor),
          .micro = static_cast<std::uint8_t>(micro),
          .level = 0xF,
          .serial = 0};
}

std::optional<int> minor_in_path(std::string_view path) {
  constexpr std::string_view kName = "python3.";
  const std::size_t at = path.rfind(kName);
  if (at == std::string_view::npos) {
    return std::nullopt;
  }
  path.remove_prefix(at + kName.size());
  return take_number(path);
}

bool continues_number(char letter) {
  return letter == '.' || (letter >= '0' && letter <= '9');
}

// Whether PY_VERSION stands at the beginning of `text`, with the zero byte behind it.
std::optional<code::PythonVersion> parse_alone(std::string_view text) {
  if (!take(text, "3.")) {
    return std::nullopt;
  }
  const auto minor = take_number(text);
  if (!minor || *minor < kOldestMinor || *minor > kNewestMinor || !take(text, ".")) {
    return std::nullopt;
  }
  const auto micro = take_number(text);
  take(text, "+");
  if (!micro || text.empty() || text.front() != '\0') {
    return std::nullopt;
  }
  return version_of(*minor, *micro);
}

}  // namespace

std::optional<code::PythonVersion> find_version_text(std::string_view read_only_data,
                                                     std::string_view path) {
  constexpr std::string_view kMajor = "3.";
  const std::optional<int> named = minor_in_path(path);
  for (std::size_t at = read_only_data.find(kMajor); at != std::string_view::npos;
       at = read_only_data.find(kMajor, at + 1)) {
    const auto version = at == 0 || !continues_number(read_only_data[at - 1])
                             ? parse_alone(read_only_data.substr(at))
                             : std::nullopt;
    if (version && (!named || *named == version->minor)) {
      return version;
    }
  }
  return named ? std::optional(version_of(*named, 0)) : std::nullopt;
}

}  // namespace lancehead::python
