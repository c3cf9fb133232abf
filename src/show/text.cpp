#include "show/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <span>

#include "show/width_table.h"

namespace lancehead::show {
namespace {

constexpr std::size_t kTab = 8;

// One character of UTF-8, or one byte that is not part of any.
struct Character {
  char32_t code = 0;
  std::size_t length = 1;
  bool is_valid = false;
};

bool is_continuation(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

// Lone surrogates, which Python can put into names, are decoded but not valid.
Character decode(std::string_view text) {
  constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) {
    return {.code = lead, .length = 1, .is_valid = true};
  }
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 0;
  if (length == 0 || lead >= 0xF8 || text.size() < length) {
    return {.code = lead};
  }
  char32_t code = lead & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if (!is_continuation(text[i])) {
      return {.code = lead};
    }
    code = (code << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
  }
  if (code < kLeast[length] || code > 0x10FFFF) {
    return {.code = lead};
  }
  return {.code = code, .length = length, .is_valid = code < 0xD800 || code > 0xDFFF};
}

bool contains(std::span<const CodePointRange> ranges, char32_t code) {
  const auto after = std::ranges::upper_bound(ranges, code, {}, &CodePointRange::first);
  return after != ranges.begin() && code <= std::prev(after)->last;
}

bool steers_text(char32_t code) {
  return code == 0x061C || code == 0x180E || (code >= 0x200B && code <= 0x200F && code != 0x200D) ||
         (code >= 0x2028 && code <= 0x202E) || (code >= 0x2060 && code <= 0x206F) ||
         code == 0xFEFF || (code >= 0xFFF9 && code <= 0xFFFB) ||
         (code >= 0xE0000 && code < 0xE0100);
}

bool is_right_to_left(char32_t code) {
  return (code >= 0x0590 && code <= 0x08FF) || (code >= 0xFB1D && code <= 0xFDFF) ||
         (code >= 0xFE70 && code <= 0xFEFE) || (code >= 0x10800 && code <= 0x10FFF) ||
         (code >= 0x1E800 && code <= 0x1EFFF);
}

std::string visible(const Character& character) {
  switch (character.code) {
    case '\n': return "\\n";
    case '\r': return "\\r";
    case '\t': return "\\t";
    default: break;
  }
  if (character.length == 1 || character.code < 0x100) {
    return fmt::format("\\x{:02x}", static_cast<std::uint32_t>(character.code));
  }
  return character.code < 0x10000
             ? fmt::format("\\u{:04x}", static_cast<std::uint32_t>(character.code))
             : fmt::format("\\U{:08x}", static_cast<std::uint32_t>(character.code));
}

bool prints(const Character& character) {
  const char32_t code = character.code;
  return character.is_valid && code >= 0x20 && (code < 0x7F || code >= 0xA0) && !steers_text(code);
}

std::size_t columns_of(char32_t code) {
  if (code < 0x300) {
    return 1;
  }
  if (contains(kZeroWidth, code)) {
    return 0;
  }
  return contains(kDoubleWidth, code) ? 2 : 1;
}

std::string escape_with(std::string_view text, bool expand_tabs) {
  std::string out;
  out.reserve(text.size());
  std::size_t column = 0;
  while (!text.empty()) {
    const Character character = decode(text);
    if (expand_tabs && character.code == '\t') {
      const std::size_t spaces = kTab - column % kTab;
      out.append(spaces, ' ');
      column += spaces;
    } else if (prints(character)) {
      out += text.substr(0, character.length);
      column += columns_of(character.code);
    } else {
      const std::string shown = visible(character);
      out += shown;
      column += shown.size();
    }
    text.remove_prefix(character.length);
  }
  return out;
}

// The longest beginning of `text` that takes at most `width` columns.
std::string_view beginning(std::string_view text, std::size_t width) {
  std::size_t taken = 0;
  std::size_t columns = 0;
  while (taken < text.size()) {
    const Character character = decode(text.substr(taken));
    columns += columns_of(character.code);
    if (columns > width) {
      break;
    }
    taken += character.length;
  }
  return text.substr(0, taken);
}

}  // namespace

std::string escape(std::string_view text) {
  return escape_with(text, false);
}

std::string escape_source(std::string_view line) {
  return escape_with(line, true);
}

std::size_t display_width(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    const Character character = decode(text);
    columns += columns_of(character.code);
    text.remove_prefix(character.length);
  }
  return columns;
}

std::string cut_end(std::string_view text, std::size_t width, std::string_view mark) {
  if (display_width(text) <= width) {
    return std::string(text);
  }
  const std::size_t mark_width = display_width(mark);
  if (width < mark_width) {
    return std::string(beginning(text, width));
  }
  return std::string(beginning(text, width - mark_width)) + std::string(mark);
}

std::string cut_start(std::string_view text, std::size_t width, std::string_view mark) {
  const std::size_t all = display_width(text);
  if (all <= width) {
    return std::string(text);
  }
  const std::size_t mark_width = std::min(display_width(mark), width);
  // Drop characters from the front until what is left fits beside the mark.
  std::size_t columns = all;
  while (!text.empty() && columns + mark_width > width) {
    const Character character = decode(text);
    columns -= columns_of(character.code);
    text.remove_prefix(character.length);
  }
  while (!text.empty() && columns_of(decode(text).code) == 0) {
    text.remove_prefix(decode(text).length);  // an accent must not land on the mark
  }
  return (mark_width == display_width(mark) ? std::string(mark) : std::string()) +
         std::string(text);
}

std::string pad_end(std::string_view text, std::size_t width) {
  const std::size_t columns = display_width(text);
  return std::string(text) + std::string(columns < width ? width - columns : 0, ' ');
}

std::string pad_start(std::string_view text, std::size_t width) {
  const std::size_t columns = display_width(text);
  return std::string(columns < width ? width - columns : 0, ' ') + std::string(text);
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  std::string line;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    if (!line.empty() && display_width(line) + 1 + display_width(word) > width) {
      lines.push_back(std::move(line));
      line.clear();
    }
    line += (line.empty() ? "" : " ") + std::string(word);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (!line.empty()) {
    lines.push_back(std::move(line));
  }
  return lines;
}

std::string isolate(std::string_view text) {
  constexpr std::string_view kFirstStrongIsolate = "\u2068";
  constexpr std::string_view kPopIsolate = "\u2069";
  for (std::string_view rest = text; !rest.empty();) {
    const Character character = decode(rest);
    if (is_right_to_left(character.code)) {
      return std::string(kFirstStrongIsolate) + std::string(text) + std::string(kPopIsolate);
    }
    rest.remove_prefix(character.length);
  }
  return std::string(text);
}

}  // namespace lancehead::show
