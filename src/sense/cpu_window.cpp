#include "sense/cpu_window.h"

#include <algorithm>

namespace lancehead::sense {
namespace {

bool ran(const schema::SampleRow& sample) {
  return sample.state == schema::ThreadState::holds_gil ||
         sample.state == schema::ThreadState::without_gil;
}

std::uint32_t to_ppm(std::int64_t part, std::int64_t whole) {
  constexpr double kMillion = 1e6;
  constexpr double kMost = 4e9;  // a thread is on one CPU; more is a window of a few microseconds
  return static_cast<std::uint32_t>(
      std::min(kMillion * static_cast<double>(part) / static_cast<double>(whole), kMost));
}

}  // namespace

void CpuWindow::share_out(ThreadTrack& thread) {
  const auto times = thread.files.schedule_times();
  if (!times) {
    return;
  }
  const Nanoseconds used = times->on_cpu - thread.cpu_accounted;
  thread.cpu_accounted = times->on_cpu;
  std::int64_t running = 0;
  std::int64_t all = 0;
  for (const Held& held : samples_) {
    if (held.thread == &thread) {
      all += held.row.weight;
      running += ran(held.row) ? held.row.weight : 0;
    }
  }
  // A thread that was asleep at every look still ran between them: its time is spread over all.
  const std::int64_t total = running > 0 ? running : all;
  if (total <= 0 || used.count() <= 0) {
    return;
  }
  const std::uint32_t share = to_ppm(used.count(), total);
  for (Held& held : samples_) {
    if (held.thread == &thread && (running == 0 || ran(held.row))) {
      held.row.cpu_share = share;
    }
  }
}

void CpuWindow::close(CaptureLog& log) {
  threads_.clear();
  for (const Held& held : samples_) {
    if (std::ranges::find(threads_, held.thread) == threads_.end()) {
      threads_.push_back(held.thread);
    }
  }
  for (ThreadTrack* thread : threads_) {
    share_out(*thread);
  }
  for (const Held& held : samples_) {
    log.append(held.row);
  }
  samples_.clear();
}

}  // namespace lancehead::sense
