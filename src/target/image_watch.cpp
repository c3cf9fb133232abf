#include "target/image_watch.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <string_view>

namespace lancehead::target {

ImageWatch::ImageWatch(pid_t process)
    : status_(::open(fmt::format("/proc/{}/stat", process).c_str(), O_RDONLY | O_CLOEXEC)),
      last_(read()) {}

std::optional<ImageWatch::Marks> ImageWatch::read() const {
  std::array<char, 1024> buffer;  // NOLINT: filled by pread
  const ssize_t count = status_ ? ::pread(status_.get(), buffer.data(), buffer.size(), 0) : -1;
  if (count <= 0) {
    return std::nullopt;
  }
  std::string_view text(buffer.data(), static_cast<std::size_t>(count));
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string_view::npos) {
    return std::nullopt;
  }
  text.remove_prefix(name_end + 2);
  // Fields of proc(5), counted from 1; the one behind the name is the third.
  constexpr int kStartCode = 26;
  constexpr int kStartStack = 28;
  Marks marks;
  for (int field = 3; field <= kStartStack && !text.empty(); ++field) {
    const std::string_view word = text.substr(0, text.find(' '));
    std::uint64_t value = 0;
    std::from_chars(word.begin(), word.end(), value);
    if (field == kStartCode) {
      marks.start_code = value;
    } else if (field == kStartStack) {
      marks.start_stack = value;
    }
    text.remove_prefix(std::min(word.size() + 1, text.size()));
  }
  // A process that has ended and was not reaped yet shows zeros.
  return marks.start_stack == 0 ? std::nullopt : std::optional(marks);
}

bool ImageWatch::changed() {
  const std::optional<Marks> now = read();
  if (!now || now == last_) {
    return false;
  }
  const bool first = !last_.has_value();
  last_ = now;
  return !first;
}

}  // namespace lancehead::target
