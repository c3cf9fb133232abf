#include "profile/source_text.h"

namespace lancehead::profile {

SourceText::SourceText(std::string_view text) : text_(text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text_.starts_with(kByteOrderMark)) {
    text_.remove_prefix(kByteOrderMark.size());
  }
  for (std::size_t at = 0; at < text_.size();) {
    starts_.push_back(at);
    const std::size_t end = text_.find_first_of("\r\n", at);
    if (end == std::string_view::npos) {
      break;
    }
    at = end + (text_.substr(end, 2) == "\r\n" ? 2 : 1);
  }
}

std::optional<std::string_view> SourceText::line(std::size_t number) const {
  if (number == 0 || number > starts_.size()) {
    return std::nullopt;
  }
  const std::size_t start = starts_[number - 1];
  return text_.substr(start, text_.find_first_of("\r\n", start) - start);
}

}  // namespace lancehead::profile
