#include "sense/stack_sampler.h"

#include <algorithm>
#include <utility>

namespace lancehead::sense {
namespace {

using target::Address;
using target::SystemCall;

// The lists of threads are read at most this often; who has the GIL is read at each look.
constexpr Nanoseconds kRosterAge = std::chrono::microseconds(400);

// An idle thread is looked at again after twice the pause each time, up to the longest.
constexpr Nanoseconds kFirstPause = std::chrono::milliseconds(2);
constexpr Nanoseconds kLongestPause = std::chrono::milliseconds(50);

// A new thread often gets the stack and the thread state of one that ended.
bool is_same_thread(const ThreadTrack& track, const python::ThreadState& state) {
  return track.pthread == state.pthread && track.serial == state.serial &&
         (state.kernel_id == 0 || static_cast<pid_t>(state.kernel_id) == track.kernel_id);
}

// Up to 3.11 the state of a new thread is made by the thread that starts it, and has its pthread id
// until the new one runs.
bool is_being_started(const RosterInterpreter& interpreter, const RosterThread& thread) {
  return std::ranges::any_of(interpreter.threads, [&](const RosterThread& other) {
    return other.address != thread.address && other.state.pthread == thread.state.pthread;
  });
}

}  // namespace

StackSampler::StackSampler(pid_t process, target::Memory& memory, const python::Runtime& runtime,
                           target::Tracer& tracer, CaptureLog& log,
                           schema::ContextId process_context, schema::SessionId session,
                           const SourceFiles& files, CountSensor* counts, SamplerOptions options)
    : process_(process),
      memory_(memory),
      layout_(runtime.layout),
      log_(log),
      process_context_(process_context),
      roster_(memory, layout_, runtime.address),
      pthread_ids_(process, memory),
      names_(process, memory, layout_, log),
      codes_(memory, layout_, log, session, files, counts),
      bytecode_(memory, layout_, log, codes_),
      engine_(layout_, tracer, codes_, options.look, options.budget),
      last_sweep_(monotonic_now()) {}

std::vector<RunningFrame> StackSampler::frames_asleep() const {
  std::vector<RunningFrame> frames;
  for (const auto& [address, track] : tracks_) {
    if (track->last_row.state != schema::ThreadState::blocked) {
      continue;
    }
    for (const python::RawFrame& frame : track->look.stack()) {
      if (const auto offset = codes_.running_offset(frame)) {
        frames.push_back({.code = frame.code.value, .offset = *offset});
      }
    }
  }
  return frames;
}

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
  if (track && is_same_thread(*track, thread.state)) {
    return track.get();
  }
  std::optional<pid_t> kernel_id;
  if (thread.state.kernel_id != 0) {
    kernel_id = static_cast<pid_t>(thread.state.kernel_id);
  } else {
    kernel_id = pthread_ids_.kernel_id(thread.state.pthread);
  }
  if (is_being_started(interpreter, thread)) {
    kernel_id.reset();
  }
  if (!kernel_id) {
    // Not started yet, or ending.
    if (!track) {
      tracks_.erase(thread.address.value);
    }
    return nullptr;
  }
  if (track) {
    window_.close(log_);  // its samples point to the track that goes
    leave(*track, now);
  }
  track = std::make_unique<ThreadTrack>(memory_, layout_, thread.address,
                                        interpreter.interpreter.gil, process_, *kernel_id);
  track->pthread = thread.state.pthread;
  track->serial = thread.state.serial;
  track->context =
      log_.append(schema::ContextRow{.kind = schema::ContextKind::thread,
                                     .parent = interpreter_context(interpreter.interpreter, now),
                                     .os_id = static_cast<std::uint64_t>(*kernel_id),
                                     .started = log_.time_of(now)});
  log_.note_thread(static_cast<std::uint64_t>(*kernel_id), track->context);
  track->last_sample = now;
  if (const auto times = track->files.schedule_times()) {
    track->cpu_accounted = times->on_cpu;
  }
  names_.met(*track, interpreter.interpreter.address, now);
  return track.get();
}

void StackSampler::leave(const ThreadTrack& track, Nanoseconds now) {
  names_.left(track, now);
  log_.append(schema::ContextEventRow{
      .context = track.context, .time = log_.time_of(now), .change = schema::ContextChange::ended});
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
        leave(*entry.second, now);
      }
      return !entry.second->seen;
    });
  }
}

Faulty<void> StackSampler::sweep(Nanoseconds now) {
  schema::ContextId done;
  if (now - roster_read_ >= kRosterAge) {
    const Faulty<schema::ContextId> refreshed = refresh_roster(now);
    if (!refreshed) {
      lose_sweep(refreshed.error(), now);
      return std::unexpected(refreshed.error());
    }
    done = *refreshed;
  }
  for (const RosterInterpreter& interpreter : roster_.interpreters()) {
    look_at_all(interpreter, done, now);
  }
  counts_.sweeps += std::exchange(skipped_, false) ? 0U : 1U;
  names_.ask_new(now);
  bytecode_.look(now);
  last_sweep_ = now;
  if (window_.is_due(log_.time_of(now))) {
    window_.close(log_);
  }
  return {};
}

// Most often there is one thread to look at, which had the GIL a moment ago: reading the roster
// along with it saves every other call of the kernel.
Faulty<schema::ContextId> StackSampler::refresh_roster(Nanoseconds now) {
  const EarlyLook early = look_at_holder(now);
  if (early.thread.is_none() || !roster_.take_carried()) {
    if (const Faulty<bool> changed = roster_.refresh(); !changed) {
      return std::unexpected(changed.error());
    }
  }
  roster_read_ = now;
  meet_threads(now);
  conclude_early(early, now);
  return early.thread;
}

// Where the thread is still there: another may have its thread state by now.
void StackSampler::conclude_early(const EarlyLook& early, Nanoseconds now) {
  if (early.thread.is_none()) {
    return;
  }
  for (const RosterInterpreter& interpreter : roster_.interpreters()) {
    for (const RosterThread& thread : interpreter.threads) {
      const auto found = tracks_.find(thread.address.value);
      if (found != tracks_.end() && found->second->context == early.thread) {
        found->second->idle_state = thread.state;
        conclude(*found->second, interpreter, early.outcome, early.call, now);
        return;
      }
    }
  }
}

StackSampler::EarlyLook StackSampler::look_at_holder(Nanoseconds now) {
  if (layout_.free_threaded || roster_.to_carry() == nullptr) {
    return {};
  }
  for (const RosterInterpreter& interpreter : roster_.interpreters()) {
    const auto found = tracks_.find(interpreter.gil.last_holder.value);
    if (found == tracks_.end() || found->second->idle_pause.count() > 0) {
      continue;
    }
    ThreadTrack& track = *found->second;
    EarlyLook early{.thread = track.context, .call = track.files.system_call()};
    track.look.carry(roster_.to_carry());
    early.outcome = engine_.look(track, interpreter, early.call, now);
    return early;
  }
  return {};
}

void StackSampler::look_at_all(const RosterInterpreter& interpreter, schema::ContextId done,
                               Nanoseconds now) {
  for (const RosterThread& thread : interpreter.threads) {
    const auto found = tracks_.find(thread.address.value);
    if (found == tracks_.end()) {
      continue;
    }
    ThreadTrack& track = *found->second;
    if (track.context == done) {
      continue;
    }
    const bool is_mover = layout_.free_threaded || interpreter.gil.last_holder == thread.address;
    if (!sleeps_on(track, thread, is_mover, now)) {
      look_at(track, interpreter, now);
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
    row.cpu_share = 0;
    row.held = 0;
    track.last_sample = until;
    ++counts_.samples;
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
    case SystemCall::Where::outside:
      return track.files.is_stopped() ? schema::ThreadState::stopped : schema::ThreadState::blocked;
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

void StackSampler::look_at(ThreadTrack& track, const RosterInterpreter& interpreter,
                           Nanoseconds now) {
  SystemCall call = track.files.system_call();
  const LookOutcome outcome = engine_.look(track, interpreter, call, now);
  conclude(track, interpreter, outcome, call, now);
}

void StackSampler::conclude(ThreadTrack& track, const RosterInterpreter& interpreter,
                            const LookOutcome& outcome, const SystemCall& call, Nanoseconds now) {
  switch (outcome.kind) {
    case LookOutcome::Kind::taken: take_sample(track, interpreter, outcome, call, now); break;
    case LookOutcome::Kind::lost: lose(track, outcome.reason, now); break;
    case LookOutcome::Kind::skipped: skipped_ = true; break;
  }
}

void StackSampler::take_sample(ThreadTrack& track, const RosterInterpreter& interpreter,
                               const LookOutcome& outcome, const SystemCall& call,
                               Nanoseconds now) {
  const python::GilState& gil = track.look.gil_after();
  schema::SampleRow row;
  row.time = log_.time_of(now);
  row.context = track.context;
  row.stack = track.stacks.resolve(track.look.stack(), codes_, log_);
  row.weight = (now - track.last_sample).count();
  row.state = state_of(track, interpreter, call, outcome.has_gil);
  row.look = outcome.how;
  row.held = outcome.held.count();
  row.address = outcome.program_counter.value;
  row.system_call = call.number;
  if (outcome.has_gil) {
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
  ++counts_.samples;
  window_.add(track, row);
  if (row.state != schema::ThreadState::blocked && !track.look.stack().empty()) {
    bytecode_.hit(track.look.stack().front().code);
  }

  const bool idle = row.state == schema::ThreadState::blocked && !outcome.has_gil &&
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
  engine_.resume(now);
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
    if (now > track->last_sample) {
      lose(*track, schema::LossReason::budget, now);
    }
  }
  write_out(now);
}

// Nothing could be read of any thread: the time since the last sweep belongs to no sample.
void StackSampler::lose_sweep(Fault fault, Nanoseconds now) {
  const schema::LossReason reason =
      fault == Fault::changed ? schema::LossReason::changed : schema::LossReason::unreadable;
  if (fault != Fault::gone) {
    losses_.add(process_context_, reason, now - last_sweep_);
  }
  last_sweep_ = now;
  for (const auto& [address, track] : tracks_) {
    track->last_sample = now;
  }
}

void StackSampler::write_out(Nanoseconds now) {
  names_.ask_all(now);
  window_.close(log_);
  losses_.write(log_, now);
}

}  // namespace lancehead::sense
