#include "target/pthread_id.h"

#include <algorithm>
#include <array>

#include "target/thread_files.h"

namespace lancehead::target {
namespace {

constexpr std::size_t kWords = 256;          // 1 KiB, as much as is sure to be there
constexpr std::size_t kGlibcOffset = 0x2D0;  // struct pthread, `tid`, glibc on x86-64

}  // namespace

std::optional<pid_t> PthreadIds::kernel_id(std::uint64_t pthread) {
  std::array<std::int32_t, kWords> words{};
  if (!memory_.read({pthread}, std::as_writable_bytes(std::span(words)))) {
    return std::nullopt;
  }
  const auto threads = list_kernel_threads(process_);
  if (!threads) {
    return std::nullopt;
  }
  const auto is_thread = [&](std::size_t offset) {
    return std::ranges::find(*threads, words[offset / sizeof(std::int32_t)]) != threads->end();
  };
  if (!offset_) {
    if (is_thread(kGlibcOffset)) {
      offset_ = kGlibcOffset;
    } else {
      const auto found = std::ranges::find(words, static_cast<std::int32_t>(process_));
      if (found == words.end()) {
        return std::nullopt;
      }
      offset_ = static_cast<std::size_t>(found - words.begin()) * sizeof(std::int32_t);
    }
  }
  return is_thread(*offset_) ? std::optional<pid_t>(words[*offset_ / sizeof(std::int32_t)])
                             : std::nullopt;
}

}  // namespace lancehead::target
