#include "sense/stack_sampler.h"

#include <sched.h>

#include <algorithm>

namespace lancehead::sense {
namespace {

using target::Address;
using target::SystemCall;

// The lists of threads are read at most this often; who has the GIL is read at each look.
constexpr Nanoseconds kRosterAge = std::chrono::microseconds(400);

constexpr int kReadAttempts = 3;

// An idle thread is looked at again after twice the pause each time, up to the longest.
constexpr Nanoseconds kFirstPause = std::chrono::milliseconds(2);
constexpr Nanoseconds kLongestPause = std::chrono::milliseconds(50);

}  // namespace

StackSampler::StackSampler(pid_t process, target::Memory& memory, const python::Runtime& runtime,
                           target::Tracer& tracer, CaptureLog& log,
                           schema::ContextId process_context, schema::SessionId session,
                           const SourceFiles& files, SamplerOptions options)
    : process_(process),
      memory_(memory),
      layout_(runtime.layout),
      tracer_(tracer),
      log_(log),
      process_context_(process_context),
      options_(options),
      roster_(memory, layout_, runtime.address),
      pthread_ids_(process, memory),
      codes_(memory, layout_, log, session, files),
      budget_(options.budget, monotonic_now()),
      may_stop_(options.look != LookPolicy::read_only) {}

bool StackSampler::knows_thread(pid_t kernel_id) const {
  return std::ranges::any_of(
      tracks_, [&](const auto& entry) { return entry.second->kernel_id == kernel_id; });
}

schema::ContextId StackSampler::context_of(Address thread) const {
  const auto found = tracks_.find(thread.value);
  return found == tracks_.end() ? schema::ContextId() : found->second->context;
}

schema::ContextId StackSampler::interpreter_context(const python::Interpreter& interpreter,
                                                    Nanoseconds now) {
  auto& context = interpreter_contexts_[interpreter.address.value];
  if (context.is_none()) {
    context = log_.append(schema::ContextRow{.kind = schema::ContextKind::interpreter,
                                             .parent = process_context_,
                                             .os_id = static_cast<std::uint64_t>(interpreter.id),
                                             .started = log_.time_of(now)});
  }
  return context;
}

ThreadTrack* StackSampler::meet(const RosterInterpreter& interpreter, const RosterThread& thread,
                                Nanoseconds now) {
  auto& track = tracks_[thread.address.value];
  if (track && track->pthread == thread.state.pthread) {
    return track.get();
  }
  const auto kernel_id = thread.state.kernel_id != 0
                             ? std::optional(static_cast<pid_t>(thread.state.kernel_id))
                             : pthread_ids_.kernel_id(thread.state.pthread);
  if (!kernel_id) {
    // Not started yet, or ending.
    if (!track) {
      tracks_.erase(thread.address.value);
    }
    return nullptr;
  }
  if (track) {
    window_.close(log_);  // its samples point to the track that goes
  }
  track = std::make_unique<ThreadTrack>(memory_, layout_, thread.address,
                                        interpreter.interpreter.gil, process_, *kernel_id);
  track->pthread = thread.state.pthread;
  track->context =
      log_.append(schema::ContextRow{.kind = schema::ContextKind::thread,
                                     .parent = interpreter_context(interpreter.interpreter, now),
                                     .os_id = static_cast<std::uint64_t>(*kernel_id),
                                     .started = log_.time_of(now)});
  track->last_sample = now;
  if (const auto times = track->files.schedule_times()) {
    track->cpu_accounted = times->on_cpu;
  }
  return track.get();
}

void StackSampler::meet_threads(Nanoseconds now) {
  for (const auto& [address, track] : tracks_) {
    track->seen = false;
  }
  for (const RosterInterpreter& interpreter : roster_.interpreters()) {
    for (const RosterThread& thread : interpreter.threads) {
      if (ThreadTrack* track = meet(interpreter, thread, now)) {
        track->seen = true;
      }
    }
  }
  const bool some_left =
      std::ranges::any_of(tracks_, [](const auto& entry) { return !entry.second->seen; });
  if (some_left) {
    window_.close(log_);
    std::erase_if(tracks_, [&](const auto& entry) {
      if (!entry.second->seen) {
        log_.append(schema::ContextEventRow{.context = entry.second->context,
                                            .time = log_.time_of(now),
                                            .change = schema::ContextChange::ended});
      }
      return !entry.second->seen;
    });
  }
}

Faulty<void> StackSampler::sweep(Nanoseconds now) {
  if (now - roster_read_ >= kRosterAge) {
    const Faulty<bool> changed = roster_.refresh();
    if (!changed) {
      return std::unexpected(changed.error());
    }
    roster_read_ = now;
    meet_threads(now);
  }
  ++cost_.sweeps;
  for (const RosterInterpreter& interpreter : roster_.interpreters()) {
    look_at_all(interpreter, now);
  }
  last_sweep_ = now;
  if (window_.is_due(log_.time_of(now))) {
    window_.close(log_);
  }
  return {};
}

void StackSampler::look_at_all(const RosterInterpreter& interpreter, Nanoseconds now) {
  for (const RosterThread& thread : interpreter.threads) {
    const auto found = tracks_.find(thread.address.value);
    if (found == tracks_.end()) {
      continue;
    }
    ThreadTrack& track = *found->second;
    const bool is_mover = layout_.free_threaded || interpreter.gil.last_holder == thread.address;
    if (sleeps_on(track, thread, is_mover, now)) {
      continue;
    }
    if (is_mover) {
      look_at_mover(track, interpreter, now);
    } else {
      look_at_other(track, interpreter, now);
    }
  }
}

// A thread that was asleep at the same place for some looks is skipped for a while; its next sample
// stands for the whole time.
bool StackSampler::sleeps_on(ThreadTrack& track, const RosterThread& thread, bool is_mover,
                             Nanoseconds now) {
  const bool untouched = thread.state == track.idle_state;
  if (track.idle_pause.count() > 0 && untouched && !is_mover && now < track.idle_until) {
    return true;
  }
  if (track.idle_pause.count() > 0 && (!untouched || is_mover)) {
    // It woke between the sweep before and this one: until then it slept.
    account_for_sleep(track, last_sweep_);
  }
  if (!untouched) {
    track.idle_state = thread.state;
  }
  return false;
}

void StackSampler::account_for_sleep(ThreadTrack& track, Nanoseconds until) {
  if (track.idle_pause.count() > 0 && until > track.last_sample) {
    schema::SampleRow row = track.last_row;
    row.time = log_.time_of(until);
    row.weight = (until - track.last_sample).count();
    row.cpu = 0;
    row.held = 0;
    track.last_sample = until;
    ++cost_.samples;
    window_.add(track, row);
  }
  track.idle_pause = {};
}

schema::ThreadState StackSampler::state_of(const ThreadTrack& track,
                                           const RosterInterpreter& interpreter,
                                           const SystemCall& call, bool has_gil) const {
  switch (call.where) {
    case SystemCall::Where::running:
      return has_gil ? schema::ThreadState::holds_gil : schema::ThreadState::without_gil;
    case SystemCall::Where::stopped: return schema::ThreadState::stopped;
    case SystemCall::Where::hidden:
      return has_gil ? schema::ThreadState::holds_gil : schema::ThreadState::unknown;
    case SystemCall::Where::waiting: break;
  }
  if (!has_gil && !track.gil.is_null() &&
      python::is_gil_futex(layout_, interpreter.interpreter.gil, call.first_argument)) {
    return schema::ThreadState::waits_for_gil;
  }
  return schema::ThreadState::blocked;
}

// Reads a thread that may run meanwhile. Returns whether what it read is to be believed.
bool StackSampler::read_mover(ThreadTrack& track, schema::SampleRow& row) {
  row.look = schema::Look::read;
  if (layout_.frames_are_objects()) {
    for (int attempt = 0; attempt < kReadAttempts; ++attempt) {
      if (track.look.look_once() && track.look.is_whole()) {
        codes_.refresh(track.stacks.to_refresh(track.look.stack()));
        return true;
      }
    }
    return false;
  }
  const Faulty<Stillness> look = track.look.look_twice();
  const bool still = look && *look == Stillness::proven;
  track.policy.note(!still);
  if (still) {
    codes_.refresh(track.stacks.to_refresh(track.look.stack()));
  }
  return still;
}

bool StackSampler::stop_and_look(ThreadTrack& track, schema::SampleRow& row, Nanoseconds now) {
  // Polling for the stop helps only while the thread has a processor of its own.
  const auto its_processor = track.files.processor();
  const bool may_poll = its_processor && *its_processor != ::sched_getcpu();
  const auto stopped = tracer_.stop(track.kernel_id, may_poll);
  if (!stopped) {
    if (stopped.error() == Fault::denied) {
      may_stop_ = false;
    }
    return false;
  }
  const bool looked = track.look.look_once().has_value() && track.look.is_whole();
  if (looked) {
    codes_.refresh(track.stacks.to_refresh(track.look.stack()));
  }
  tracer_.resume(track.kernel_id);
  const Nanoseconds held = monotonic_now() - stopped->requested;
  ++cost_.stops;
  cost_.held += held;
  budget_.spend(held + kStopCost);
  row.look = schema::Look::stop;
  row.held = held.count();
  (void)now;
  return looked;
}

void StackSampler::look_at_mover(ThreadTrack& track, const RosterInterpreter& interpreter,
                                 Nanoseconds now) {
  const SystemCall call = track.files.system_call();
  const bool can_stop =
      may_stop_ && call.where == SystemCall::Where::running && !layout_.frames_are_objects();
  const bool always = options_.look == LookPolicy::always_stop && may_stop_ &&
                      call.where == SystemCall::Where::running;
  schema::SampleRow row;
  if (always || (can_stop && track.policy.is_moving())) {
    if (!budget_.allows(now)) {
      return;  // its time goes to its next sample
    }
    if (!always) {
      const Faulty<Stillness> cheap = track.look.look_twice();
      track.policy.note(!cheap || *cheap != Stillness::proven);
    }
    if (stop_and_look(track, row, now)) {
      take_sample(track, row, interpreter, call, now);
    } else {
      lose(track, schema::LossReason::stop_failed, now);
    }
    return;
  }
  for (int attempt = 0; attempt < kReadAttempts; ++attempt) {
    if (read_mover(track, row)) {
      take_sample(track, row, interpreter, call, now);
      return;
    }
    if (can_stop && budget_.allows(now)) {
      if (stop_and_look(track, row, now)) {
        take_sample(track, row, interpreter, call, now);
        return;
      }
    }
  }
  lose(track, schema::LossReason::changed, now);
}

// A thread without the GIL: it cannot change its frames unless it gets the GIL meanwhile.
void StackSampler::look_at_other(ThreadTrack& track, const RosterInterpreter& interpreter,
                                 Nanoseconds now) {
  const SystemCall call = track.files.system_call();
  schema::SampleRow row;
  for (int attempt = 0; attempt < kReadAttempts; ++attempt) {
    if (!track.look.look_once() || !track.look.is_whole()) {
      continue;
    }
    const python::GilState& before = track.look.gil_before();
    const python::GilState& after = track.look.gil_after();
    if (before.switch_number == after.switch_number && before.last_holder == after.last_holder &&
        after.last_holder != track.address) {
      codes_.refresh(track.stacks.to_refresh(track.look.stack()));
      take_sample(track, row, interpreter, call, now);
      return;
    }
    if (after.last_holder == track.address) {
      look_at_mover(track, interpreter, now);
      return;
    }
  }
  lose(track, schema::LossReason::changed, now);
}

void StackSampler::take_sample(ThreadTrack& track, schema::SampleRow row,
                               const RosterInterpreter& interpreter, const SystemCall& call,
                               Nanoseconds now) {
  const python::GilState& gil = track.look.gil_after();
  const bool has_gil = !track.gil.is_null() && gil.locked && gil.last_holder == track.address;
  row.time = log_.time_of(now);
  row.context = track.context;
  row.stack = track.stacks.resolve(track.look.stack(), codes_, log_);
  row.weight = (now - track.last_sample).count();
  row.state = state_of(track, interpreter, call, has_gil);
  row.system_call = call.number;
  if (has_gil) {
    row.flags |= schema::SampleFlags::has_gil;
    if (interpreter.collecting) {
      row.flags |= schema::SampleFlags::collecting;
    }
  }
  if (row.state == schema::ThreadState::waits_for_gil && gil.locked) {
    row.gil_holder = context_of(gil.last_holder);
  }
  if (!track.look.thread().executor.is_null()) {
    row.flags |= schema::SampleFlags::compiled_trace;
    saw_compiled_traces_ = true;
  }
  track.last_sample = now;
  ++cost_.samples;
  window_.add(track, row);

  const bool idle = row.state == schema::ThreadState::blocked && !has_gil &&
                    row.stack == track.last_row.stack && row.state == track.last_row.state &&
                    row.system_call == track.last_row.system_call;
  track.last_row = row;
  if (idle) {
    track.idle_pause = std::clamp(track.idle_pause * 2, kFirstPause, kLongestPause);
    track.idle_until = now + track.idle_pause;
  } else {
    track.idle_pause = {};
  }
}

void StackSampler::lose(ThreadTrack& track, schema::LossReason reason, Nanoseconds now) {
  losses_.add(track.context, reason, now - track.last_sample);
  track.last_sample = now;
}

void StackSampler::resume(Nanoseconds now) {
  window_.close(log_);
  for (const auto& [address, track] : tracks_) {
    track->last_sample = now;
    track->idle_pause = {};
    if (const auto times = track->files.schedule_times()) {
      track->cpu_accounted = times->on_cpu;
    }
  }
}

void StackSampler::finish(Nanoseconds now) {
  for (const auto& [address, track] : tracks_) {
    account_for_sleep(*track, now);
  }
  write_out(now);
}

void StackSampler::write_out(Nanoseconds now) {
  window_.close(log_);
  losses_.write(log_, now);
}

}  // namespace lancehead::sense
