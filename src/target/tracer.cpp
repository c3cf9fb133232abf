#include "target/tracer.h"

#include <fmt/format.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <string>
#include <tuple>
#include <utility>

#include "target/registers.h"
#include "target/text_file.h"

namespace lancehead::target {
namespace {

// Looking for the stop without sleeping pays for this long; after that sleeping is cheaper. Most
// stops on a virtual machine come after 20 to 35 µs, and who sleeps is woken 30 µs late.
constexpr Nanoseconds kPoll = std::chrono::microseconds(50);

Fault fault_of_errno(int error) {
  return error == ESRCH ? Fault::gone : Fault::denied;
}

// The kernel answers "not permitted" also where the thread has ended and nobody has taken note yet.
bool has_ended(pid_t process, pid_t thread) {
  const std::string text =
      read_text_file(fmt::format("/proc/{}/task/{}/stat", process, thread)).value_or("");
  const std::size_t name_end = text.rfind(") ");
  return name_end == std::string::npos || text[name_end + 2] == 'Z' || text[name_end + 2] == 'X';
}

bool is_group_stop_signal(int signal) {
  return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

void continue_with(pid_t thread, int signal) {
  ::ptrace(PTRACE_CONT, thread, nullptr, static_cast<long>(signal));
}

}  // namespace

Tracer::~Tracer() {
  release_all();
}

Faulty<Tracer::Traced*> Tracer::seize(pid_t thread) {
  if (const auto found = threads_.find(thread); found != threads_.end()) {
    return &found->second;
  }
  // TRACEEXEC: an exec is told at once instead of being found out by reads that fail.
  if (::ptrace(PTRACE_SEIZE, thread, nullptr, PTRACE_O_TRACEEXEC) != 0) {
    const Fault fault = fault_of_errno(errno);
    return std::unexpected(has_ended(process_, thread) ? Fault::gone : fault);
  }
  return &threads_[thread];
}

Faulty<StopResult> Tracer::stop(pid_t thread, bool may_poll) {
  const Faulty<Traced*> traced = seize(thread);
  if (!traced) {
    return std::unexpected(traced.error());
  }
  if ((*traced)->group_stopped || (*traced)->stopped) {
    return std::unexpected(Fault::changed);
  }
  StopResult result{.requested = monotonic_now()};
  if (!(*traced)->interrupt_outstanding) {
    if (::ptrace(PTRACE_INTERRUPT, thread, nullptr, nullptr) != 0) {
      const int error = errno;
      threads_.erase(thread);
      return std::unexpected(fault_of_errno(error));
    }
    (*traced)->interrupt_outstanding = true;
  }
  for (;;) {
    const bool poll = may_poll && monotonic_now() - result.requested < kPoll;
    switch (take_event(thread, !poll)) {
      case Event::our_stop:
        threads_[thread].last_stop = result.requested;
        repair_interrupted_call(thread);
        return result;
      case Event::none: break;
      case Event::gone: return std::unexpected(Fault::gone);
      case Event::other:
        // A signal was forwarded or a group-stop began; our interrupt is still to come, and is
        // taken by handle_events() or by the next stop().
        return std::unexpected(Fault::changed);
    }
  }
}

// An interrupt that met the thread in a system call ends that call. Most calls are started again by
// the kernel; those that would return EINTR (epoll_wait, recv with a time-out, …) are not.
void Tracer::repair_interrupted_call(pid_t thread) {
  const Faulty<Registers> registers = read_registers(thread);
  if (registers && registers->system_call >= 0 && registers->result == -EINTR) {
    // Where this fails the thread is gone, and with it whoever would see the EINTR.
    std::ignore = restart_system_call(thread);
  }
}

void Tracer::resume(pid_t thread) {
  const auto found = threads_.find(thread);
  if (found != threads_.end() && found->second.stopped) {
    found->second.stopped = false;
    continue_with(thread, 0);
  }
}

Tracer::Event Tracer::take_event(pid_t thread, bool wait) {
  for (;;) {
    int status = 0;
    rusage usage{};
    // Whoever sleeps here wakes for every thread: one that calls exec goes on only when the others,
    // which die by it, have been reaped.
    const pid_t got = wait ? ::wait4(-1, &status, __WALL, &usage)
                           : ::wait4(thread, &status, __WALL | WNOHANG, &usage);
    if (got == 0) {
      return Event::none;
    }
    if (got < 0 && errno == EINTR) {
      return Event::none;
    }
    if (got < 0) {
      threads_.erase(thread);
      return Event::gone;
    }
    const Event event = handle_status(got, status, usage);
    if (got == thread) {
      return event;
    }
    if (event == Event::our_stop) {
      resume(got);
    }
    if (!threads_.contains(thread)) {
      return Event::gone;
    }
  }
}

Tracer::Event Tracer::handle_status(pid_t thread, int status, const rusage& usage) {
  if (WIFEXITED(status) || WIFSIGNALED(status)) {
    threads_.erase(thread);
    if (thread == process_) {
      end_ = ProcessEnd{status, usage};
    }
    return Event::gone;
  }
  if (!WIFSTOPPED(status)) {
    return Event::other;
  }
  // A thread that we do not know under this id is one that took over the id of the process by exec.
  Traced& traced = threads_[thread];
  const int signal = WSTOPSIG(status);
  const int event = status >> 16;
  if (event == PTRACE_EVENT_EXEC) {
    // All other threads are gone, and this one has the id of the process.
    executed_ = true;
    forget_former_id(thread);
    traced.interrupt_outstanding = false;
    continue_with(thread, 0);
    return Event::other;
  }
  if (event == PTRACE_EVENT_STOP) {
    if (is_group_stop_signal(signal)) {
      traced.group_stopped = true;
      traced.interrupt_outstanding = false;
      ::ptrace(PTRACE_LISTEN, thread, nullptr, nullptr);
      return Event::other;
    }
    if (traced.group_stopped) {
      // SIGCONT ended the group-stop.
      traced.group_stopped = false;
      continue_with(thread, 0);
      return Event::other;
    }
    if (!traced.interrupt_outstanding) {
      continue_with(thread, 0);
      return Event::other;
    }
    traced.interrupt_outstanding = false;
    traced.stopped = true;
    return Event::our_stop;
  }
  continue_with(thread, signal);
  return Event::other;
}

void Tracer::forget_former_id(pid_t thread) {
  unsigned long former = 0;
  ::ptrace(PTRACE_GETEVENTMSG, thread, nullptr, &former);
  if (static_cast<pid_t>(former) != thread) {
    threads_.erase(static_cast<pid_t>(former));
  }
}

void Tracer::handle_events() {
  std::vector<pid_t> threads;
  threads.reserve(threads_.size());
  for (const auto& [thread, traced] : threads_) {
    threads.push_back(thread);
  }
  for (const pid_t thread : threads) {
    for (;;) {
      const Event event = take_event(thread, false);
      if (event == Event::our_stop || event == Event::other) {
        resume(thread);
        if (threads_.contains(thread)) {
          continue;
        }
      }
      break;
    }
  }
  if (!end_ && !threads_.contains(process_)) {
    (void)take_event(process_, false);
  }
}

void Tracer::detach(pid_t thread, Traced& traced) {
  if (traced.group_stopped) {
    // A detached thread in a group-stop stays stopped, as it should.
    ::ptrace(PTRACE_INTERRUPT, thread, nullptr, nullptr);
    int status = 0;
    ::waitpid(thread, &status, __WALL);
    ::ptrace(PTRACE_DETACH, thread, nullptr, nullptr);
    return;
  }
  // Detaching needs a stopped thread.
  if (!traced.stopped) {
    if (!traced.interrupt_outstanding &&
        ::ptrace(PTRACE_INTERRUPT, thread, nullptr, nullptr) != 0) {
      return;
    }
    traced.interrupt_outstanding = true;
    for (;;) {
      const Event event = take_event(thread, true);
      if (event == Event::our_stop) {
        break;
      }
      const auto found = threads_.find(thread);
      if (event == Event::gone || found == threads_.end() || found->second.group_stopped) {
        return;
      }
    }
    repair_interrupted_call(thread);
  }
  ::ptrace(PTRACE_DETACH, thread, nullptr, nullptr);
}

void Tracer::release_idle(Nanoseconds before) {
  std::vector<pid_t> idle;
  for (const auto& [thread, traced] : threads_) {
    if (traced.last_stop < before && !traced.group_stopped) {
      idle.push_back(thread);
    }
  }
  for (const pid_t thread : idle) {
    if (const auto found = threads_.find(thread); found != threads_.end()) {
      detach(thread, found->second);
      threads_.erase(thread);
    }
  }
}

void Tracer::release_all() {
  while (!threads_.empty()) {
    const auto found = threads_.begin();
    const pid_t thread = found->first;
    detach(thread, found->second);
    threads_.erase(thread);
  }
}

}  // namespace lancehead::target
