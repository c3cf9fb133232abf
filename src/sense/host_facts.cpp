#include "sense/host_facts.h"

#include <fmt/format.h>
#include <sched.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <limits>
#include <string_view>

#include "target/text_file.h"

namespace lancehead::sense {
namespace {

std::string read_line(const std::string& path) {
  std::string text = target::read_text_file(path).value_or("");
  text.resize(std::min(text.find('\n'), text.size()));
  return text;
}

std::string read_cpu_model() {
  const std::string text = target::read_text_file("/proc/cpuinfo").value_or("");
  constexpr std::string_view kKey = "model name";
  const std::size_t key = text.find(kKey);
  const std::size_t colon = text.find(':', key);
  if (key == std::string::npos || colon == std::string::npos) {
    return {};
  }
  const std::size_t begin = text.find_first_not_of(" \t", colon + 1);
  return begin == std::string::npos ? std::string()
                                    : text.substr(begin, text.find('\n', begin) - begin);
}

std::vector<std::string> split_at_zeros(const std::string& text) {
  std::vector<std::string> words;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\0', at), text.size());
    words.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

// The folder of the process's control group (version 2), or empty.
std::string cgroup_folder(pid_t process) {
  const std::string text =
      target::read_text_file(fmt::format("/proc/{}/cgroup", process)).value_or("");
  constexpr std::string_view kVersion2 = "0::";
  const std::size_t at = text.find(kVersion2);
  if (at == std::string::npos) {
    return {};
  }
  const std::size_t begin = at + kVersion2.size();
  return "/sys/fs/cgroup" + text.substr(begin, text.find('\n', begin) - begin);
}

std::uint64_t parse(std::string_view text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::uint64_t read_cpu_limit(const std::string& folder) {
  // "max 100000" or "QUOTA PERIOD" in microseconds.
  const std::string text = read_line(folder + "/cpu.max");
  const std::size_t space = text.find(' ');
  const std::uint64_t quota = parse(text);
  const std::uint64_t period =
      space == std::string::npos ? 0 : parse(std::string_view(text).substr(space + 1));
  constexpr std::uint64_t kMillion = 1'000'000;
  return period == 0 || quota > std::numeric_limits<std::uint64_t>::max() / kMillion
             ? 0
             : quota * kMillion / period;
}

}  // namespace

HostFacts read_host_facts() {
  std::array<char, 256> name{};
  ::gethostname(name.data(), name.size() - 1);
  return {.host = name.data(),
          .boot_id = read_line("/proc/sys/kernel/random/boot_id"),
          .cpu_model = read_cpu_model()};
}

ProcessFacts read_process_facts(pid_t process) {
  ProcessFacts facts;
  facts.executable = target::read_link(fmt::format("/proc/{}/exe", process)).value_or("");
  facts.directory = target::read_link(fmt::format("/proc/{}/cwd", process)).value_or("");
  facts.arguments =
      split_at_zeros(target::read_text_file(fmt::format("/proc/{}/cmdline", process)).value_or(""));
  cpu_set_t cpus;
  CPU_ZERO(&cpus);
  if (::sched_getaffinity(process, sizeof cpus, &cpus) == 0) {
    facts.cpu_count = static_cast<std::uint32_t>(CPU_COUNT(&cpus));
  }
  if (const std::string folder = cgroup_folder(process); !folder.empty()) {
    facts.cgroup_cpu_ppm = read_cpu_limit(folder);
    facts.cgroup_memory_bytes = parse(read_line(folder + "/memory.max"));
  }
  return facts;
}

}  // namespace lancehead::sense
