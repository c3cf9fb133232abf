#include "target/thread_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <memory>
#include <string_view>

#include "target/text_file.h"

namespace lancehead::target {
namespace {

UniqueFd open_for_reading(const std::string& path) {
  return UniqueFd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
}

// Reads the file again from its beginning.
template <std::size_t Size>
std::string_view read_again(const UniqueFd& file, std::array<char, Size>& buffer) {
  if (!file) {
    return {};
  }
  const ssize_t count = ::pread(file.get(), buffer.data(), buffer.size(), 0);
  return count <= 0 ? std::string_view{}
                    : std::string_view(buffer.data(), static_cast<std::size_t>(count));
}

std::string_view take_word(std::string_view& text) {
  const std::size_t begin = text.find_first_not_of(" \n");
  if (begin == std::string_view::npos) {
    return {};
  }
  const std::size_t end = std::min(text.find_first_of(" \n", begin), text.size());
  const std::string_view word = text.substr(begin, end - begin);
  text.remove_prefix(end);
  return word;
}

template <typename Number>
std::optional<Number> parse_number(std::string_view word, int base = 10) {
  if (base == 16 && word.starts_with("0x")) {
    word.remove_prefix(2);
  }
  Number value{};
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value, base);
  return error == std::errc{} && end == word.data() + word.size() ? std::optional(value)
                                                                  : std::nullopt;
}

}  // namespace

SystemCall parse_system_call(std::string_view text) {
  const std::string_view first = take_word(text);
  if (first == "running") {
    return {.where = SystemCall::Where::running};
  }
  const auto number = parse_number<int>(first);
  if (!number) {
    return {};
  }
  if (*number < 0) {
    return {.where = SystemCall::Where::outside};
  }
  const auto argument = parse_number<std::uint64_t>(take_word(text), 16);
  return {.where = SystemCall::Where::waiting,
          .number = *number,
          .first_argument = {argument.value_or(0)}};
}

std::optional<ScheduleTimes> parse_schedule_times(std::string_view text) {
  const auto on_cpu = parse_number<std::int64_t>(take_word(text));
  const auto waiting = parse_number<std::int64_t>(take_word(text));
  if (!on_cpu || !waiting) {
    return std::nullopt;
  }
  return ScheduleTimes{Nanoseconds(*on_cpu), Nanoseconds(*waiting)};
}

ThreadFiles::ThreadFiles(pid_t process, pid_t thread)
    : system_call_(open_for_reading(fmt::format("/proc/{}/task/{}/syscall", process, thread))),
      schedule_(open_for_reading(fmt::format("/proc/{}/task/{}/schedstat", process, thread))),
      status_(open_for_reading(fmt::format("/proc/{}/task/{}/stat", process, thread))),
      name_path_(fmt::format("/proc/{}/task/{}/comm", process, thread)) {}

SystemCall ThreadFiles::system_call() const {
  std::array<char, 256> buffer;  // NOLINT: filled by pread
  return parse_system_call(read_again(system_call_, buffer));
}

std::optional<ScheduleTimes> ThreadFiles::schedule_times() const {
  std::array<char, 128> buffer;  // NOLINT: filled by pread
  return parse_schedule_times(read_again(schedule_, buffer));
}

bool ThreadFiles::is_stopped() const {
  std::array<char, 1024> buffer;  // NOLINT: filled by pread
  const std::string_view text = read_again(status_, buffer);
  const std::size_t name_end = text.rfind(')');
  constexpr std::size_t kStateBehindName = 2;
  if (name_end == std::string_view::npos || name_end + kStateBehindName >= text.size()) {
    return false;
  }
  const char state = text[name_end + kStateBehindName];
  return state == 'T' || state == 't';
}

std::optional<int> ThreadFiles::processor() const {
  std::array<char, 1024> buffer;  // NOLINT: filled by pread
  std::string_view text = read_again(status_, buffer);
  // The second field is the name in parentheses and may hold anything, also parentheses.
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string_view::npos) {
    return std::nullopt;
  }
  text.remove_prefix(name_end + 1);
  constexpr int kProcessorField = 39;  // proc(5); the name is field 2
  std::string_view word;
  for (int field = 3; field <= kProcessorField; ++field) {
    word = take_word(text);
  }
  return parse_number<int>(word);
}

std::string ThreadFiles::name() const {
  std::string text = read_text_file(name_path_).value_or("");
  while (!text.empty() && text.back() == '\n') {
    text.pop_back();
  }
  return text;
}

Faulty<std::vector<pid_t>> list_kernel_threads(pid_t process) {
  struct Closer {
    void operator()(DIR* folder) const { ::closedir(folder); }
  };
  const std::unique_ptr<DIR, Closer> folder(
      ::opendir(fmt::format("/proc/{}/task", process).c_str()));
  if (!folder) {
    return std::unexpected(Fault::gone);
  }
  std::vector<pid_t> threads;
  while (const dirent* entry = ::readdir(folder.get())) {
    if (const auto thread = parse_number<pid_t>(entry->d_name)) {
      threads.push_back(*thread);
    }
  }
  return threads;
}

}  // namespace lancehead::target
