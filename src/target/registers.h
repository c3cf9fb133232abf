// The few registers of a stopped thread that matter here. What depends on the processor is here.
#pragma once

#include <sys/types.h>

#include <cstdint>

#include "base/fault.h"
#include "target/memory.h"

namespace lancehead::target {

struct Registers {
  Address program_counter;
  Address thread_pointer;         // what pthread_self() returns, with glibc and musl
  std::int64_t result = 0;        // what a system call is about to return
  std::int64_t system_call = -1;  // its number, or -1 outside of one
};

// Of a thread in a ptrace stop. Faults: gone.
[[nodiscard]] Faulty<Registers> read_registers(pid_t thread);

// Makes the system call that the thread is about to leave start again from its beginning; where a
// signal's handler runs before, the call fails with EINTR, as it would have without us.
[[nodiscard]] Faulty<void> restart_system_call(pid_t thread);

}  // namespace lancehead::target
