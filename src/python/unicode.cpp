#include "python/unicode.h"

#include <cstdint>
#include <cstring>

namespace lancehead::python {
namespace {

constexpr std::uint32_t kReplacement = 0xFFFD;
constexpr std::uint32_t kHighestCodePoint = 0x10FFFF;

void append_utf8(std::string& text, std::uint32_t point) {
  const auto put = [&text](std::uint32_t byte) { text.push_back(static_cast<char>(byte)); };
  if (point > kHighestCodePoint) {
    point = kReplacement;
  }
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xC0 | (point >> 6));
    put(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    put(0xE0 | (point >> 12));
    put(0x80 | ((point >> 6) & 0x3F));
    put(0x80 | (point & 0x3F));
  } else {
    put(0xF0 | (point >> 18));
    put(0x80 | ((point >> 12) & 0x3F));
    put(0x80 | ((point >> 6) & 0x3F));
    put(0x80 | (point & 0x3F));
  }
}

}  // namespace

std::string to_utf8(std::span<const std::byte> characters, std::size_t width) {
  std::string text;
  text.reserve(characters.size() / width);
  for (std::size_t at = 0; at + width <= characters.size(); at += width) {
    std::uint32_t point = 0;
    std::memcpy(&point, characters.data() + at, width);
    append_utf8(text, point);
  }
  return text;
}

}  // namespace lancehead::python
