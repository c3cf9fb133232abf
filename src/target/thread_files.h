// What the kernel shows of one thread, read from descriptors that are kept open.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/fault.h"
#include "base/unique_fd.h"
#include "target/memory.h"

namespace lancehead::target {

// /proc/PID/task/TID/syscall at one moment.
struct SystemCall {
  enum class Where : std::uint8_t {
    running,  // running or ready to run, in user mode or in the kernel
    waiting,  // asleep in system call `number`
    outside,  // asleep in the kernel, but in no system call: a page fault, or a stop
    hidden,   // the kernel does not tell
  };
  Where where = Where::hidden;
  int number = -1;
  Address first_argument;
};

[[nodiscard]] SystemCall parse_system_call(std::string_view text);

// Nanoseconds on a CPU and waiting for one, since the thread began. The kernel brings them up to
// date at its ticks and at each switch.
struct ScheduleTimes {
  Nanoseconds on_cpu{};
  Nanoseconds waiting{};
};

[[nodiscard]] std::optional<ScheduleTimes> parse_schedule_times(std::string_view text);

class ThreadFiles {
 public:
  // Opens what may be opened; what may not is reported as hidden.
  ThreadFiles(pid_t process, pid_t thread);

  [[nodiscard]] SystemCall system_call() const;
  [[nodiscard]] std::optional<ScheduleTimes> schedule_times() const;

  // Whether a signal or a tracer has stopped the thread.
  [[nodiscard]] bool is_stopped() const;

  // The processor on which the thread ran last; nothing where the kernel does not tell.
  [[nodiscard]] std::optional<int> processor() const;

  // The kernel's name of the thread.
  [[nodiscard]] std::string name() const;

 private:
  UniqueFd system_call_;
  UniqueFd schedule_;
  UniqueFd status_;
  std::string name_path_;
};

// The threads that the kernel knows of a process.
[[nodiscard]] Faulty<std::vector<pid_t>> list_kernel_threads(pid_t process);

}  // namespace lancehead::target
