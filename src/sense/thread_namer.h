// Writes the names of threads into the recording: when they are first known, and when they change.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "python/layout.h"
#include "python/thread_names.h"
#include "schema/tables.h"
#include "sense/capture_log.h"
#include "sense/thread_track.h"
#include "target/memory.h"

namespace lancehead::sense {

// A thread enters `threading._active` a little after its thread state exists, so a new thread is
// asked for often at first, and once more when it has settled; all threads are asked for at each
// ask_all(). Nothing here stops a thread.
//
// A thread that `threading` does not know has the name that the kernel has for it, where that is
// not just the name of the process; the main thread is "MainThread", as `threading` would call it.
class ThreadNamer {
 public:
  ThreadNamer(pid_t process, target::Memory& memory, const python::Layout& layout, CaptureLog& log)
      : process_(process), names_(memory, layout), log_(log) {}

  // `track` is to stay where it is until left().
  void met(const ThreadTrack& track, target::Address interpreter, Nanoseconds now);
  void left(const ThreadTrack& track, Nanoseconds now);

  // Asks for new threads; costs nothing where there are none.
  void ask_new(Nanoseconds now);

  // Asks for all threads.
  void ask_all(Nanoseconds now);

 private:
  struct Thread {
    const ThreadTrack* track = nullptr;
    target::Address interpreter;
    Nanoseconds met{};
    bool is_new = true;
    std::string name;  // the last that was written
  };

  // Reads the names of those threads that `wanted` chooses.
  template <typename Wanted>
  void ask(Nanoseconds now, Wanted wanted);
  void ask_interpreter(std::vector<Thread*> threads, Nanoseconds now);
  void note(Thread& thread, const std::string& name, Nanoseconds now);
  void note_without_threading(Thread& thread, Nanoseconds now);

  pid_t process_;
  python::ThreadNames names_;
  CaptureLog& log_;
  std::vector<Thread> threads_;
  std::size_t new_count_ = 0;
  Nanoseconds asked_{};
};

}  // namespace lancehead::sense
