// The text of a source file, by line.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace lancehead::profile {

// A view: the text must outlive it. Lines end as Python has it: \n, \r\n or \r; a byte order mark
// does not count.
class SourceText {
 public:
  explicit SourceText(std::string_view text);

  [[nodiscard]] std::size_t line_count() const { return starts_.size(); }

  // The line without its end; nothing for a line that the file does not have. Lines count from 1.
  [[nodiscard]] std::optional<std::string_view> line(std::size_t number) const;

 private:
  std::string_view text_;
  std::vector<std::size_t> starts_;
};

}  // namespace lancehead::profile
