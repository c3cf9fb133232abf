// A version of CPython, as PY_VERSION_HEX encodes it.
#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace lancehead::code {

struct PythonVersion {
  std::uint8_t major = 0;
  std::uint8_t minor = 0;
  std::uint8_t micro = 0;
  std::uint8_t level = 0;  // 0xA alpha, 0xB beta, 0xC candidate, 0xF final
  std::uint8_t serial = 0;

  // `hex` is PY_VERSION_HEX: 0xMMmmppls.
  [[nodiscard]] static constexpr PythonVersion from_hex(std::uint32_t hex) {
    return {static_cast<std::uint8_t>(hex >> 24), static_cast<std::uint8_t>(hex >> 16),
            static_cast<std::uint8_t>(hex >> 8), static_cast<std::uint8_t>((hex >> 4) & 0xF),
            static_cast<std::uint8_t>(hex & 0xF)};
  }

  [[nodiscard]] constexpr std::uint32_t to_hex() const {
    return (std::uint32_t{major} << 24) | (std::uint32_t{minor} << 16) |
           (std::uint32_t{micro} << 8) | (std::uint32_t{level} << 4) | serial;
  }

  // Whether this is 3.`wanted_minor` or later, whatever the patch level.
  [[nodiscard]] constexpr bool at_least(int wanted_minor) const {
    return major > 3 || (major == 3 && minor >= wanted_minor);
  }

  // Whether this is 3.`wanted_minor`, whatever the patch level.
  [[nodiscard]] constexpr bool is_minor(int wanted_minor) const {
    return major == 3 && minor == wanted_minor;
  }

  [[nodiscard]] constexpr bool is_prerelease() const { return level != 0xF; }

  constexpr auto operator<=>(const PythonVersion&) const = default;
};

// "3.13.0", "3.15.0b4", as `python3 --version` writes it.
[[nodiscard]] std::string to_string(PythonVersion version);

// "3.13", as people speak of it.
[[nodiscard]] std::string minor_string(PythonVersion version);

}  // namespace lancehead::code
