// Stops single threads of a process for the few microseconds of a read, by ptrace(2), in such a way
// that the program cannot tell.
//
// The contract (each point was measured; a careless tracer breaks every one of them):
//   - a thread is seized only when a stop is first needed, and let go when stops have not been
//     needed for a while;
//   - at most one interrupt is outstanding for a thread; a thread in a system call is not
//     interrupted;
//   - signals are forwarded at once; a group-stop is kept (PTRACE_LISTEN), so that SIGSTOP, SIGTSTP
//     and SIGCONT work; the tracer waits between samples in a call that these events end;
//   - where an interrupt met a system call all the same and would make it fail with EINTR, the call
//     is made to start again;
//   - dead threads are reaped at once, since exec in a threaded program waits for that;
//   - nothing is killed or left stopped if the tracer dies (no EXITKILL; SEIZE resumes).
//
// All calls are made by one thread, the one that made the tracer.
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/fault.h"
#include "target/memory.h"

namespace lancehead::target {

// How a child process ended, as wait4(2) gives it.
struct ProcessEnd {
  int status = 0;
  rusage usage{};
};

struct StopResult {
  Nanoseconds requested{};    // when the interrupt was sent
  Address program_counter{};  // where the thread stands
};

class Tracer {
 public:
  explicit Tracer(pid_t process) : process_(process) {}
  Tracer(const Tracer&) = delete;
  Tracer& operator=(const Tracer&) = delete;
  ~Tracer();

  // Stops a thread. `may_poll`: it runs on another processor than ours, so that looking for the
  // stop without sleeping costs it nothing.
  // Faults: denied (no right, or another tracer has it), gone, changed (it did not stop in time,
  // or a signal or group-stop came first: look again later).
  [[nodiscard]] Faulty<StopResult> stop(pid_t thread, bool may_poll);

  // Lets a stopped thread run on. Returns when it does.
  void resume(pid_t thread);

  // Handles what has happened to traced threads since the last call: signals, group-stops, ends.
  // Also takes the end of the process itself, if it is our child. To be called whenever SIGCHLD
  // arrives.
  void handle_events();

  // Detaches from threads that were not stopped since `before`.
  void release_idle(Nanoseconds before);

  // Detaches from all.
  void release_all();

  [[nodiscard]] bool is_traced(pid_t thread) const { return threads_.contains(thread); }
  [[nodiscard]] std::size_t traced_count() const { return threads_.size(); }

  // How the process ended, once it has.
  [[nodiscard]] std::optional<ProcessEnd> end() const { return end_; }

  // Whether the process replaced its program since the last call.
  [[nodiscard]] bool take_exec() { return std::exchange(executed_, false); }

 private:
  struct Traced {
    bool interrupt_outstanding = false;
    bool stopped = false;        // by us, for a read
    bool group_stopped = false;  // by a signal such as SIGSTOP
    Nanoseconds last_stop{};
  };

  [[nodiscard]] Faulty<Traced*> seize(pid_t thread);
  // Takes the next event of the thread; whether it was the stop that we asked for.
  enum class Event : std::uint8_t { none, our_stop, other, gone };
  Event take_event(pid_t thread, bool wait);
  Event handle_status(pid_t thread, int status, const rusage& usage);
  // After an exec, of the thread that has the id of the process now.
  void forget_former_id(pid_t thread);
  void repair_interrupted_call(pid_t thread);
  void detach(pid_t thread, Traced& traced);

  pid_t process_;
  std::unordered_map<pid_t, Traced> threads_;
  std::optional<ProcessEnd> end_;
  bool executed_ = false;
};

}  // namespace lancehead::target
