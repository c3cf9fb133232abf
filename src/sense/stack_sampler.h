// Looks at all threads of one process, again and again, and turns what it sees into samples: which
// threads there are, which of them sleep, what each was doing, and for how much time a look stands.
// How a thread is looked at is the engine's part (engine.h).
#pragma once

#include <sys/types.h>

#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/fault.h"
#include "python/runtime.h"
#include "schema/tables.h"
#include "sense/bytecode_watch.h"
#include "sense/capture_log.h"
#include "sense/code_cache.h"
#include "sense/cpu_window.h"
#include "sense/engine.h"
#include "sense/losses.h"
#include "sense/read_stop_engine.h"
#include "sense/roster.h"
#include "sense/thread_namer.h"
#include "sense/thread_track.h"
#include "target/pthread_id.h"
#include "target/tracer.h"

namespace lancehead::sense {

struct SamplerOptions {
  LookPolicy look = LookPolicy::automatic;
  std::optional<double> budget = 0.02;  // share of time that may be lost; none: no limit
};

// How much was done so far.
struct SamplerCounts {
  std::uint64_t sweeps = 0;  // in which no look was skipped
  std::uint64_t samples = 0;
};

class StackSampler {
 public:
  StackSampler(pid_t process, target::Memory& memory, const python::Runtime& runtime,
               target::Tracer& tracer, CaptureLog& log, schema::ContextId process_context,
               schema::SessionId session, const SourceFiles& files, CountSensor* counts, SamplerOptions options);

  // Looks at every thread once. Faults: those of Roster::refresh.
  [[nodiscard]] Faulty<void> sweep(Nanoseconds now);

  // Begins anew after a time in which nothing was looked at: that time belongs to no sample.
  void resume(Nanoseconds now);

  // Writes what is held back: at least once a second.
  void write_out(Nanoseconds now);

  // Accounts for the threads that were asleep until `now`, the end, and writes everything.
  void finish(Nanoseconds now);

  [[nodiscard]] const SamplerCounts& counts() const { return counts_; }
  [[nodiscard]] LookCost cost() const { return engine_.cost(); }
  [[nodiscard]] bool saw_compiled_traces() const { return saw_compiled_traces_; }

  // Where the threads are that were asleep when they were last looked at. Where the others went since
  // then is not known.
  [[nodiscard]] std::vector<RunningFrame> frames_asleep() const;

  // Whether a thread of Python has this kernel id.
  [[nodiscard]] bool knows_thread(pid_t kernel_id) const;

 private:
  void meet_threads(Nanoseconds now);
  ThreadTrack* meet(const RosterInterpreter& interpreter, const RosterThread& thread,
                    Nanoseconds now);
  void leave(const ThreadTrack& track, Nanoseconds now);
  schema::ContextId interpreter_context(const python::Interpreter& interpreter, Nanoseconds now);
  // A look that was taken together with the roster, and is to be concluded with it.
  struct EarlyLook {
    schema::ContextId thread;  // none: there is no such look
    LookOutcome outcome;
    target::SystemCall call;
  };

  // Returns the thread that was looked at meanwhile; none where there was none.
  Faulty<schema::ContextId> refresh_roster(Nanoseconds now);
  [[nodiscard]] EarlyLook look_at_holder(Nanoseconds now);
  void conclude_early(const EarlyLook& early, Nanoseconds now);
  // But for the thread `done`.
  void look_at_all(const RosterInterpreter& interpreter, schema::ContextId done, Nanoseconds now);
  [[nodiscard]] bool sleeps_on(ThreadTrack& track, const RosterThread& thread, bool is_mover,
                               Nanoseconds now);
  void account_for_sleep(ThreadTrack& track, Nanoseconds until);
  void look_at(ThreadTrack& track, const RosterInterpreter& interpreter, Nanoseconds now);
  void conclude(ThreadTrack& track, const RosterInterpreter& interpreter,
                const LookOutcome& outcome, const target::SystemCall& call, Nanoseconds now);
  void take_sample(ThreadTrack& track, const RosterInterpreter& interpreter,
                   const LookOutcome& outcome, const target::SystemCall& call, Nanoseconds now);
  void lose_sweep(Fault fault, Nanoseconds now);
  void lose(ThreadTrack& track, schema::LossReason reason, Nanoseconds now);
  [[nodiscard]] schema::ThreadState state_of(const ThreadTrack& track,
                                             const RosterInterpreter& interpreter,
                                             const target::SystemCall& call, bool has_gil) const;
  [[nodiscard]] schema::ContextId context_of(target::Address thread) const;

  pid_t process_;
  target::Memory& memory_;
  python::Layout layout_;
  CaptureLog& log_;
  schema::ContextId process_context_;

  Roster roster_;
  target::PthreadIds pthread_ids_;
  ThreadNamer names_;
  CodeCache codes_;
  BytecodeWatch bytecode_;
  ReadStopEngine engine_;
  CpuWindow window_;
  Losses losses_;
  SamplerCounts counts_;
  std::unordered_map<std::uint64_t, std::unique_ptr<ThreadTrack>> tracks_;  // by address
  std::unordered_map<std::uint64_t, schema::ContextId> interpreter_contexts_;
  Nanoseconds roster_read_{};
  Nanoseconds last_sweep_;
  bool skipped_ = false;  // a look of the sweep at hand, for want of budget
  bool saw_compiled_traces_ = false;
};

}  // namespace lancehead::sense
