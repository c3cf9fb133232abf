#include "sense/read_stop_engine.h"

#include <sched.h>

#include <algorithm>

namespace lancehead::sense {
namespace {

using target::SystemCall;

constexpr int kReadAttempts = 6;

// What a stop costs the target beyond the time for which it is held: the switch back and caches
// gone cold. With it, what is told differs by less than a twentieth from the slowdown that
// bench/slowdown.py measures.
constexpr Nanoseconds kStopCost = std::chrono::microseconds(8);

// What a reading delays a thread that runs: its stores wait for the cache lines that were read.
// Measured as the above.
constexpr Nanoseconds kReadingCost = std::chrono::nanoseconds(1500);

// A thread is read this often even where that leaves less of the budget for stops: else it would
// not be noticed that it has come to rest.
constexpr Nanoseconds kReadAnyway = std::chrono::milliseconds(1);

}  // namespace

ReadStopEngine::ReadStopEngine(const python::Layout& layout, target::Tracer& tracer,
                               CodeCache& codes, LookPolicy policy, std::optional<double> budget)
    : layout_(layout),
      tracer_(tracer),
      codes_(codes),
      policy_(policy),
      budget_(budget, monotonic_now()),
      cost_{.per_stop = kStopCost},
      may_stop_(policy != LookPolicy::read_only) {}

LookOutcome ReadStopEngine::look(ThreadTrack& track, const RosterInterpreter& interpreter,
                                 SystemCall& call, Nanoseconds now) {
  const bool is_mover = layout_.free_threaded || interpreter.gil.last_holder == track.address;
  return is_mover ? look_at_mover(track, call, now) : look_at_other(track, call, now);
}

// By the last look at it. In a free-threaded build a thread needs no GIL to move.
bool ReadStopEngine::has_gil(const ThreadTrack& track) const {
  const python::GilState& gil = track.look.gil_after();
  return layout_.free_threaded || (gil.locked && gil.last_holder == track.address);
}

LookOutcome ReadStopEngine::taken(ThreadTrack& track, schema::Look how) {
  return {.kind = LookOutcome::Kind::taken,
          .how = how,
          .has_gil = !layout_.free_threaded && has_gil(track)};
}

void ReadStopEngine::refresh_codes(ThreadTrack& track, Nanoseconds now) {
  const RefreshPlan plan = track.stacks.plan_refresh(track.look.stack(), now);
  codes_.refresh(plan.now, plan.next, track.look);
}

// Reads a thread that may run meanwhile. Returns whether what it read is to be believed.
bool ReadStopEngine::read_mover(ThreadTrack& track) {
  const Faulty<Stillness> look = track.look.look_twice();
  const bool still = look && *look == Stillness::proven;
  const bool moved = !still || track.look.moved_between_attempts();
  // Without the GIL it could not move, so that its rest says nothing.
  if (moved || layout_.free_threaded || has_gil(track)) {
    track.policy.note(moved);
  }
  return still;
}

LookOutcome ReadStopEngine::look_at_mover(ThreadTrack& track, SystemCall& call, Nanoseconds now) {
  const bool affordable = budget_.allows(now);
  if (!affordable && now - track.last_reading < kReadAnyway) {
    return LookOutcome::skipped();
  }
  track.last_reading = now;
  for (int attempt = 0; attempt < kReadAttempts; ++attempt) {
    const bool may_stop = may_stop_ && call.where == SystemCall::Where::running;
    const bool chosen_to_stop =
        may_stop && (policy_ == LookPolicy::always_stop || track.policy.is_moving());
    // Where a stop is chosen the reading is no sample, but it tells when the thread has come to
    // rest, and whether it has the GIL at all: without it the thread stands still by itself. Where
    // reading is chosen, a look that failed is tried again: its bias is the same as that of a stop,
    // and a thread that is still is never traced.
    if (call.where == SystemCall::Where::running) {
      cost_.held += kReadingCost;
      budget_.spend(kReadingCost);
    }
    const bool read = read_mover(track);
    if (read && !(chosen_to_stop && has_gil(track))) {
      refresh_codes(track, now);
      codes_.learn_new();
      return taken(track, schema::Look::read);
    }
    if (chosen_to_stop && has_gil(track)) {
      break;
    }
    // It may have come out of its system call meanwhile, or taken the GIL.
    call = track.files.system_call();
  }
  if (!may_stop_ || call.where != SystemCall::Where::running || !has_gil(track)) {
    return LookOutcome::lost(schema::LossReason::changed);
  }
  if (!affordable) {
    return LookOutcome::skipped();
  }
  if (const auto stopped = stop_and_look(track, now)) {
    return *stopped;
  }
  return LookOutcome::lost(schema::LossReason::stop_failed);
}

std::optional<LookOutcome> ReadStopEngine::stop_and_look(ThreadTrack& track, Nanoseconds now) {
  // Polling for the stop helps only while the thread has a processor of its own.
  const auto its_processor = track.files.processor();
  const bool may_poll = its_processor && *its_processor != ::sched_getcpu();
  const auto before = track.files.schedule_times();
  const auto stopped = tracer_.stop(track.kernel_id, may_poll);
  if (!stopped) {
    if (stopped.error() == Fault::denied) {
      may_stop_ = false;
    }
    return std::nullopt;
  }
  const bool looked = track.look.look_once().has_value() && track.look.is_whole();
  if (looked) {
    refresh_codes(track, now);
  }
  const auto after = track.files.schedule_times();
  tracer_.resume(track.kernel_id);
  const Nanoseconds resumed = monotonic_now();
  codes_.learn_new();
  // Until it got a processor, to find our interrupt waiting, it lost nothing to us.
  const Nanoseconds waited = before && after ? after->waiting - before->waiting : Nanoseconds{};
  const Nanoseconds held = std::max(resumed - stopped->requested - waited, Nanoseconds{});
  ++cost_.stops;
  cost_.held += held;
  budget_.spend(held + kStopCost);
  if (!looked) {
    return std::nullopt;
  }
  LookOutcome outcome = taken(track, schema::Look::stop);
  outcome.held = held;
  outcome.program_counter = stopped->program_counter;
  return outcome;
}

// A thread without the GIL: it cannot change its frames unless it gets the GIL meanwhile.
LookOutcome ReadStopEngine::look_at_other(ThreadTrack& track, SystemCall& call, Nanoseconds now) {
  for (int attempt = 0; attempt < kReadAttempts; ++attempt) {
    if (attempt > 0) {
      call = track.files.system_call();
    }
    if (!track.look.look_once() || !track.look.is_whole()) {
      continue;
    }
    const python::GilState& before = track.look.gil_before();
    const python::GilState& after = track.look.gil_after();
    if (after.last_holder == track.address) {
      call = track.files.system_call();
      return look_at_mover(track, call, now);
    }
    if (before.switch_number == after.switch_number && before.last_holder == after.last_holder) {
      refresh_codes(track, now);
      codes_.learn_new();
      return taken(track, schema::Look::read);
    }
  }
  return LookOutcome::lost(schema::LossReason::changed);
}

}  // namespace lancehead::sense
