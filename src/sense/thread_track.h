// What the sampler knows of one thread from look to look.
#pragma once

#include <sys/types.h>

#include "base/clock.h"
#include "python/thread_state.h"
#include "schema/tables.h"
#include "sense/stack_memory.h"
#include "sense/stillness_policy.h"
#include "sense/thread_look.h"
#include "target/thread_files.h"

namespace lancehead::sense {

struct ThreadTrack {
  ThreadTrack(target::Memory& memory, const python::Layout& layout, target::Address thread,
              target::Address gil_address, pid_t process, pid_t kernel_thread)
      : address(thread),
        gil(gil_address),
        kernel_id(kernel_thread),
        look(memory, layout, thread, gil_address),
        files(process, kernel_thread) {}

  target::Address address;
  target::Address gil;
  pid_t kernel_id;
  std::uint64_t pthread = 0;
  std::uint64_t serial = 0;  // ThreadState::serial
  schema::ContextId context;

  ThreadLook look;
  target::ThreadFiles files;
  StillnessPolicy policy;
  StackMemory stacks;

  Nanoseconds last_sample{};    // up to here the thread's time is accounted for
  Nanoseconds cpu_accounted{};  // of its CPU time, what samples already hold
  Nanoseconds last_reading{};   // of a thread that could run meanwhile
  bool seen = false;            // in the sweep at hand

  // Of an idle thread, which is looked at less and less often.
  python::ThreadState idle_state;
  schema::SampleRow last_row;
  Nanoseconds idle_pause{};  // until the next look; 0: not idle
  Nanoseconds idle_until{};
};

}  // namespace lancehead::sense
