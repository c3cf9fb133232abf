// The three widths in which CPython stores text, to UTF-8.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace lancehead::python {

// `width` is 1 (Latin-1), 2 or 4 bytes a character, little-endian. Lone surrogates are encoded as
// they are (WTF-8); code points beyond Unicode become U+FFFD.
[[nodiscard]] std::string to_utf8(std::span<const std::byte> characters, std::size_t width);

}  // namespace lancehead::python
