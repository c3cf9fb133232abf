// Looks at all threads of one process and turns what it sees into samples.
//
// How a thread is looked at is chosen before the look (docs/how-it-works.md):
//   - on a GIL build only the thread that has the GIL can change Python frames; all others are
//     read once, and believed if the GIL did not change hands meanwhile;
//   - the holder is read twice and compared while it is known to be still, and stopped for the read
//     where it is known to move, as often as the budget allows;
//   - frames that are objects on the heap (3.8 to 3.10) are followed leaf first without a stop.
#pragma once

#include <sys/types.h>

#include <memory>
#include <optional>
#include <unordered_map>

#include "base/clock.h"
#include "base/fault.h"
#include "python/runtime.h"
#include "schema/tables.h"
#include "sense/capture_log.h"
#include "sense/code_cache.h"
#include "sense/cpu_window.h"
#include "sense/loss_budget.h"
#include "sense/losses.h"
#include "sense/roster.h"
#include "sense/thread_track.h"
#include "target/pthread_id.h"
#include "target/tracer.h"

namespace lancehead::sense {

enum class LookPolicy : std::uint8_t {
  automatic,
  read_only,    // never stop a thread
  always_stop,  // stop the holder at every look
};

struct SamplerOptions {
  LookPolicy look = LookPolicy::automatic;
  std::optional<double> budget = 0.02;  // share of time that may be lost; none: no limit
};

// What observing cost so far.
struct SamplerCost {
  std::uint64_t sweeps = 0;
  std::uint64_t samples = 0;
  std::uint64_t stops = 0;
  Nanoseconds held{};
};

class StackSampler {
 public:
  // What a stop costs the target beyond the time for which it is held: the interrupt, the switch
  // and caches gone cold. Calibrated by bench/overhead.
  static constexpr Nanoseconds kStopCost = std::chrono::microseconds(9);

  StackSampler(pid_t process, target::Memory& memory, const python::Runtime& runtime,
               target::Tracer& tracer, CaptureLog& log, schema::ContextId process_context,
               schema::SessionId session, const SourceFiles& files, SamplerOptions options);

  // Looks at every thread once. Faults: those of Roster::refresh.
  [[nodiscard]] Faulty<void> sweep(Nanoseconds now);

  // Begins anew after a time in which nothing was looked at: that time belongs to no sample.
  void resume(Nanoseconds now);

  // Writes what is held back: at least once a second.
  void write_out(Nanoseconds now);

  // Accounts for the threads that were asleep until `now`, the end, and writes everything.
  void finish(Nanoseconds now);

  [[nodiscard]] const SamplerCost& cost() const { return cost_; }
  [[nodiscard]] bool saw_compiled_traces() const { return saw_compiled_traces_; }
  [[nodiscard]] bool may_stop() const { return may_stop_; }

  // Whether a thread of Python has this kernel id.
  [[nodiscard]] bool knows_thread(pid_t kernel_id) const;

 private:
  void meet_threads(Nanoseconds now);
  ThreadTrack* meet(const RosterInterpreter& interpreter, const RosterThread& thread,
                    Nanoseconds now);
  schema::ContextId interpreter_context(const python::Interpreter& interpreter, Nanoseconds now);
  void look_at_all(const RosterInterpreter& interpreter, Nanoseconds now);
  [[nodiscard]] bool sleeps_on(ThreadTrack& track, const RosterThread& thread, bool is_mover,
                               Nanoseconds now);
  void account_for_sleep(ThreadTrack& track, Nanoseconds until);
  void look_at_mover(ThreadTrack& track, const RosterInterpreter& interpreter, Nanoseconds now);
  void look_at_other(ThreadTrack& track, const RosterInterpreter& interpreter, Nanoseconds now);
  [[nodiscard]] bool stop_and_look(ThreadTrack& track, schema::SampleRow& row, Nanoseconds now);
  [[nodiscard]] bool read_mover(ThreadTrack& track, schema::SampleRow& row);
  void take_sample(ThreadTrack& track, schema::SampleRow row, const RosterInterpreter& interpreter,
                   const target::SystemCall& call, Nanoseconds now);
  void lose(ThreadTrack& track, schema::LossReason reason, Nanoseconds now);
  [[nodiscard]] schema::ThreadState state_of(const ThreadTrack& track,
                                             const RosterInterpreter& interpreter,
                                             const target::SystemCall& call, bool has_gil) const;
  [[nodiscard]] schema::ContextId context_of(target::Address thread) const;

  pid_t process_;
  target::Memory& memory_;
  python::Layout layout_;
  target::Tracer& tracer_;
  CaptureLog& log_;
  schema::ContextId process_context_;
  SamplerOptions options_;

  Roster roster_;
  target::PthreadIds pthread_ids_;
  CodeCache codes_;
  LossBudget budget_;
  CpuWindow window_;
  Losses losses_;
  SamplerCost cost_;
  std::unordered_map<std::uint64_t, std::unique_ptr<ThreadTrack>> tracks_;  // by address
  std::unordered_map<std::uint64_t, schema::ContextId> interpreter_contexts_;
  Nanoseconds roster_read_{};
  Nanoseconds last_sweep_{};
  bool may_stop_ = true;
  bool saw_compiled_traces_ = false;
};

}  // namespace lancehead::sense
