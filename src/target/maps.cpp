#include "target/maps.h"

#include <fmt/format.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "target/text_file.h"

namespace lancehead::target {
namespace {

// Takes fields off the front of a line.
class FieldReader {
 public:
  explicit FieldReader(std::string_view line) : rest_(line) {}

  std::optional<std::uint64_t> number(int base, char terminator) {
    std::uint64_t value = 0;
    const auto [end, error] =
        std::from_chars(rest_.data(), rest_.data() + rest_.size(), value, base);
    if (error != std::errc{}) {
      return std::nullopt;
    }
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    if (!rest_.empty() && rest_.front() == terminator) {
      rest_.remove_prefix(1);
      return value;
    }
    // The inode is the last field of an anonymous mapping's line.
    return rest_.empty() ? std::optional(value) : std::nullopt;
  }

  std::string_view word(std::size_t size) {
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(std::min(rest_.size(), size + 1));
    return taken;
  }

  std::string_view trimmed_rest() {
    const std::size_t begin = rest_.find_first_not_of(' ');
    return begin == std::string_view::npos ? std::string_view{} : rest_.substr(begin);
  }

 private:
  std::string_view rest_;
};

std::optional<Mapping> parse_line(std::string_view line) {
  FieldReader fields(line);
  const auto start = fields.number(16, '-');
  const auto end = start ? fields.number(16, ' ') : std::nullopt;
  if (!end || *end < *start) {
    return std::nullopt;
  }
  const std::string_view rights = fields.word(4);
  const auto offset = fields.number(16, ' ');
  const auto major_number = offset ? fields.number(16, ':') : std::nullopt;
  const auto minor_number = major_number ? fields.number(16, ' ') : std::nullopt;
  const auto inode = minor_number ? fields.number(10, ' ') : std::nullopt;
  if (!inode || rights.size() != 4) {
    return std::nullopt;
  }
  return Mapping{
      .start = {*start},
      .end = {*end},
      .readable = rights[0] == 'r',
      .writable = rights[1] == 'w',
      .executable = rights[2] == 'x',
      .file_offset = *offset,
      .device = makedev(static_cast<unsigned>(*major_number), static_cast<unsigned>(*minor_number)),
      .inode = *inode,
      .path = std::string(fields.trimmed_rest())};
}

}  // namespace

std::vector<Mapping> parse_maps(std::string_view text) {
  std::vector<Mapping> mappings;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (auto mapping = parse_line(text.substr(0, end))) {
      mappings.push_back(std::move(*mapping));
    }
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return mappings;
}

Faulty<std::vector<Mapping>> read_maps(pid_t pid) {
  const Faulty<std::string> text = read_text_file(fmt::format("/proc/{}/maps", pid));
  if (!text) {
    return std::unexpected(text.error());
  }
  return parse_maps(*text);
}

}  // namespace lancehead::target
