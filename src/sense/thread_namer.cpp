#include "sense/thread_namer.h"

#include <algorithm>
#include <map>

namespace lancehead::sense {
namespace {

// How long a thread counts as new, and how often it is asked for while it does.
constexpr Nanoseconds kSettled = std::chrono::milliseconds(50);
constexpr Nanoseconds kAskNewEvery = std::chrono::microseconds(500);

}  // namespace

void ThreadNamer::met(const ThreadTrack& track, target::Address interpreter, Nanoseconds now) {
  threads_.push_back({.track = &track, .interpreter = interpreter, .met = now});
  ++new_count_;
  asked_ = {};
}

void ThreadNamer::left(const ThreadTrack& track, Nanoseconds now) {
  const auto found = std::ranges::find(threads_, &track, &Thread::track);
  if (found == threads_.end()) {
    return;
  }
  if (found->name.empty() && track.kernel_id == process_) {
    note_without_threading(*found, now);
  }
  if (found->is_new) {
    --new_count_;
  }
  threads_.erase(found);
}

void ThreadNamer::note(Thread& thread, const std::string& name, Nanoseconds now) {
  if (name == thread.name) {
    return;
  }
  thread.name = name;
  log_.append(schema::ContextEventRow{.context = thread.track->context,
                                      .time = log_.time_of(now),
                                      .change = schema::ContextChange::named,
                                      .name = log_.text(name)});
}

void ThreadNamer::note_without_threading(Thread& thread, Nanoseconds now) {
  if (thread.track->kernel_id == process_) {
    note(thread, "MainThread", now);
    return;
  }
  const std::string name = thread.track->files.name();
  if (!name.empty() && name != target::ThreadFiles(process_, process_).name()) {
    note(thread, name, now);
  }
}

void ThreadNamer::ask_interpreter(std::vector<Thread*> threads, Nanoseconds now) {
  std::vector<std::uint64_t> pthreads;
  std::ranges::transform(threads, std::back_inserter(pthreads),
                         [](const Thread* thread) { return thread->track->pthread; });
  const auto names = names_.read(threads.front()->interpreter, pthreads);
  for (std::size_t i = 0; names && i < threads.size(); ++i) {
    if (!(*names)[i].empty()) {
      note(*threads[i], (*names)[i], now);
    }
  }
}

template <typename Wanted>
void ThreadNamer::ask(Nanoseconds now, Wanted wanted) {
  std::map<std::uint64_t, std::vector<Thread*>> by_interpreter;
  for (Thread& thread : threads_) {
    if (wanted(thread)) {
      by_interpreter[thread.interpreter.value].push_back(&thread);
    }
  }
  for (auto& [interpreter, threads] : by_interpreter) {
    ask_interpreter(std::move(threads), now);
  }
}

void ThreadNamer::ask_new(Nanoseconds now) {
  if (new_count_ == 0 || now - asked_ < kAskNewEvery) {
    return;
  }
  asked_ = now;
  const auto settled = [now](const Thread& thread) { return now - thread.met >= kSettled; };
  ask(now, [&](const Thread& thread) {
    return thread.is_new && (thread.name.empty() || settled(thread));
  });
  for (Thread& thread : threads_) {
    if (thread.is_new && settled(thread)) {
      thread.is_new = false;
      --new_count_;
      if (thread.name.empty()) {
        note_without_threading(thread, now);
      }
    }
  }
}

void ThreadNamer::ask_all(Nanoseconds now) {
  names_.forget();
  ask(now, [](const Thread&) { return true; });
}

}  // namespace lancehead::sense
