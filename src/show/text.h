// Text from the profiled program made safe and fit for a terminal.
//
// Names, file names and source lines come from a program that nobody vouches for: they may hold
// escape sequences, characters that reorder a line, and characters of any width.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace lancehead::show {

// Makes visible whatever does not print: control characters and invalid bytes as \x1b, characters
// that steer the direction or the breaking of text as \u202e. Printable text passes unchanged.
[[nodiscard]] std::string escape(std::string_view text);

// `escape` for a line of source: tabs become spaces up to the next multiple of eight.
[[nodiscard]] std::string escape_source(std::string_view line);

// Columns on a terminal. For escaped text.
[[nodiscard]] std::size_t display_width(std::string_view text);

// At most `width` columns; what is cut is marked with `mark` (an ellipsis, or "..." in ASCII).
[[nodiscard]] std::string cut_end(std::string_view text, std::size_t width, std::string_view mark);
[[nodiscard]] std::string cut_start(std::string_view text, std::size_t width,
                                    std::string_view mark);

// Filled with spaces to `width` columns.
[[nodiscard]] std::string pad_end(std::string_view text, std::size_t width);
[[nodiscard]] std::string pad_start(std::string_view text, std::size_t width);

// Breaks text at spaces so that no line is wider than `width` (a longer word stands alone).
[[nodiscard]] std::vector<std::string> wrap(std::string_view text, std::size_t width);

// Keeps right-to-left text from reordering what stands beside it; other text passes unchanged.
[[nodiscard]] std::string isolate(std::string_view text);

}  // namespace lancehead::show
