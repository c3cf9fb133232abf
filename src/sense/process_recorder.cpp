#include "sense/process_recorder.h"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include "python/thread_state.h"
#include "sense/call_rows.h"
#include "sense/host_facts.h"

namespace lancehead::sense {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Nanoseconds kWriteEvery = milliseconds(900);
constexpr Nanoseconds kCheckImageEvery = milliseconds(20);
constexpr Nanoseconds kReleaseAfter = seconds(1);
constexpr Nanoseconds kFetchSignalsEvery = milliseconds(1);
constexpr Nanoseconds kShortestSleep = microseconds(5);  // falling asleep and waking takes longer

// How often to look for an interpreter: a Python program maps it within the first milliseconds; a
// shell script may start it at any time.
Nanoseconds search_pause(Nanoseconds since_start) {
  if (since_start < milliseconds(200)) {
    return microseconds(500);
  }
  return since_start < seconds(5) ? milliseconds(4) : milliseconds(20);
}

timespec to_timespec(Nanoseconds duration) {
  const auto whole = std::chrono::duration_cast<seconds>(duration);
  return {.tv_sec = whole.count(), .tv_nsec = (duration - whole).count()};
}

Nanoseconds to_duration(const timeval& value) {
  return seconds(value.tv_sec) + microseconds(value.tv_usec);
}

Owner owner_of(pid_t process) {
  struct stat status{};
  return ::stat(fmt::format("/proc/{}", process).c_str(), &status) == 0
             ? Owner{status.st_uid, status.st_gid}
             : Owner{::geteuid(), ::getegid()};
}

std::uint32_t to_ppm(double share) {
  constexpr double kMillion = 1e6;
  return static_cast<std::uint32_t>(share * kMillion);
}

}  // namespace

ProcessRecorder::ProcessRecorder(pid_t process, CaptureLog& log, RecorderOptions options,
                                 const sigset_t& fetched_signals, CountSensor* counts)
    : process_(process),
      log_(log),
      options_(std::move(options)),
      signals_(fetched_signals),
      counts_(counts),
      memory_(process),
      tracer_(process),
      image_(process),
      finder_(process, memory_),
      sources_(process, options_.keep_sources, options_.command_code),
      schedule_(options_.period, static_cast<std::uint64_t>(monotonic_now().count())),
      began_(log_.now()),
      image_began_(began_) {
  process_context_ = log_.append(schema::ContextRow{.kind = schema::ContextKind::process,
                                                    .os_id = static_cast<std::uint64_t>(process),
                                                    .started = log_.time_of(began_)});
  cpu_metric_ = log_.append(schema::MetricRow{
      .name = log_.text("cpu"), .unit = log_.text("ns"), .kind = schema::MetricKind::gauge});
  // The default lets the kernel wake us 50 µs late.
  ::prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
}

RecordedEnd ProcessRecorder::run() {
  while (!tracer_.end()) {
    const Nanoseconds now = log_.now();
    if (observing_ && options_.duration && now - began_ >= *options_.duration) {
      finish_observing(now);
    }
    if (observing_) {
      check_image(now);
      if (sampler_) {
        sweep(now);
      } else {
        look_for_python(now);
      }
      if (now - written_ >= kWriteEvery) {
        write_out(now);
      }
    }
    wait_until(next_look(monotonic_now()));
  }
  const target::ProcessEnd end = *tracer_.end();
  if (observing_) {
    end_session(log_.now(), &end);
  }
  write_counted();
  if (WIFEXITED(end.status)) {
    result_.exit_code = WEXITSTATUS(end.status);
  } else {
    result_.signal = WTERMSIG(end.status);
  }
  return result_;
}

Nanoseconds ProcessRecorder::next_look(Nanoseconds now) {
  if (!observing_) {
    return now + seconds(1);
  }
  return sampler_ ? schedule_.next(now) : now + search_pause(now - image_began_);
}

void ProcessRecorder::wait_until(Nanoseconds moment) {
  const Nanoseconds called = monotonic_now();
  if (moment - called < kShortestSleep && called - signals_fetched_ < kFetchSignalsEvery) {
    return;  // flat out
  }
  signals_fetched_ = called;
  for (;;) {
    const Nanoseconds left = std::max(moment - monotonic_now(), Nanoseconds(0));
    const timespec timeout = to_timespec(left);
    const int signal = ::sigtimedwait(&signals_, nullptr, &timeout);
    if (signal == SIGTERM) {
      ::kill(process_, SIGTERM);
    } else if (signal == SIGCHLD) {
      tracer_.handle_events();
      if (tracer_.end()) {
        return;
      }
    } else {
      return;
    }
  }
}

void ProcessRecorder::check_image(Nanoseconds now) {
  if (!sampler_ || (now - image_checked_ < kCheckImageEvery && !tracer_.take_exec())) {
    return;
  }
  image_checked_ = now;
  if (image_.changed()) {
    log_.append(schema::ContextEventRow{.context = process_context_,
                                        .time = log_.time_of(now),
                                        .change = schema::ContextChange::executed});
    end_session(now, nullptr);
    finder_.reset();
    runtime_.reset();
    image_began_ = now;
  }
}

void ProcessRecorder::look_for_python(Nanoseconds now) {
  if (image_.changed()) {
    finder_.reset();
    runtime_.reset();
    image_began_ = now;
  }
  if (!runtime_) {
    const Faulty<python::RuntimeSearch> search = finder_.search();
    if (!search) {
      result_.denied = result_.denied || search.error() == Fault::denied;
      return;
    }
    if (search->unsupported) {
      result_.unsupported = search->unsupported;
    }
    if (!search->found) {
      return;
    }
    runtime_ = search->found;
    result_.warning = runtime_->warning;
  }
  if (python::is_consistent(memory_, runtime_->layout, runtime_->address)) {
    begin_session(now);
  }
}

void ProcessRecorder::begin_session(Nanoseconds now) {
  sources_.remember_folders();
  const HostFacts host = read_host_facts();
  const ProcessFacts process = read_process_facts(process_);
  std::vector<schema::StringId> arguments;
  for (const std::string& argument : process.arguments) {
    arguments.push_back(log_.text(argument));
  }
  schema::SessionFlags flags;
  if (runtime_->layout.free_threaded) {
    flags |= schema::SessionFlags::free_threaded;
  }
  if (options_.sampler.look != LookPolicy::read_only) {
    flags |= schema::SessionFlags::may_stop;
  }
  constexpr std::uint32_t kNoBudget = 0xFFFFFFFF;
  session_ = log_.append(schema::SessionRow{
      .process = process_context_,
      .started = log_.time_of(now),
      .wall_clock = wall_clock_now().count(),
      .host = log_.text(host.host),
      .boot_id = log_.text(host.boot_id),
      .cpu_model = log_.text(host.cpu_model),
      .cpu_count = process.cpu_count,
      .cgroup_cpu = process.cgroup_cpu_ppm,
      .cgroup_memory = process.cgroup_memory_bytes,
      .executable = log_.text(process.executable),
      .arguments = arguments,
      .directory = log_.text(process.directory),
      .python_version = runtime_->layout.version.to_hex(),
      .flags = flags,
      .period = options_.period.count(),
      .budget = options_.sampler.budget ? to_ppm(*options_.sampler.budget) : kNoBudget,
      .profiler = log_.text(options_.profiler)});
  sampler_ =
      std::make_unique<StackSampler>(process_, memory_, *runtime_, tracer_, log_, process_context_,
                                     session_, sources_, counts_, options_.sampler);
  result_.found_python = true;
  result_.owner = owner_of(process_);
  first_sweep_ = now;
  written_ = now;
}

bool ProcessRecorder::is_off(Nanoseconds now) const {
  return options_.alternate && (now / *options_.alternate) % 2 != 0;
}

void ProcessRecorder::sweep(Nanoseconds now) {
  if (is_off(now)) {
    was_off_ = true;
    return;
  }
  if (std::exchange(was_off_, false)) {
    sampler_->resume(now);
  }
  if (const Faulty<void> swept = sampler_->sweep(now); !swept) {
    result_.denied = result_.denied || swept.error() == Fault::denied;
    image_checked_ = {};  // it may have replaced its program
    return;
  }
  last_sweep_ = now;
}

void ProcessRecorder::note_native_threads(Nanoseconds now) {
  const auto threads = target::list_kernel_threads(process_);
  if (!threads) {
    return;
  }
  for (const pid_t thread : *threads) {
    if (sampler_->knows_thread(thread)) {
      continue;
    }
    NativeThread& native = native_threads_[thread];
    if (!native.files) {
      native.files = std::make_unique<target::ThreadFiles>(process_, thread);
      native.context = log_.append(schema::ContextRow{.kind = schema::ContextKind::native_thread,
                                                      .parent = process_context_,
                                                      .os_id = static_cast<std::uint64_t>(thread),
                                                      .started = log_.time_of(now)});
      log_.append(schema::ContextEventRow{.context = native.context,
                                          .time = log_.time_of(now),
                                          .change = schema::ContextChange::named,
                                          .name = log_.text(native.files->name())});
    }
    if (const auto times = native.files->schedule_times()) {
      log_.append(schema::CounterSampleRow{.time = log_.time_of(now),
                                           .context = native.context,
                                           .metric = cpu_metric_,
                                           .value = times->on_cpu.count()});
    }
  }
}

void ProcessRecorder::write_out(Nanoseconds now) {
  written_ = now;
  if (sampler_) {
    announce_counted();
    sampler_->write_out(now);
    note_native_threads(now);
    tracer_.release_idle(now - kReleaseAfter);
  }
  if (const Result<void> flushed = log_.writer().flush(); !flushed) {
    result_.write_failed = true;
  }
}

void ProcessRecorder::announce_counted() {
  if (counts_ != nullptr) {
    counts_->announce(log_, session_, counted_version(), sources_);
  }
}

// A program may be over before its interpreter was seen; the agent has been in it from the
// beginning.
code::PythonVersion ProcessRecorder::counted_version() const {
  return runtime_ ? runtime_->layout.version : counts_->python_version();
}

void ProcessRecorder::write_counted() {
  if (counts_ == nullptr) {
    return;
  }
  counts_->poll();
  if (!result_.found_python && counts_->was_loaded()) {
    session_ = log_.append(schema::SessionRow{.process = process_context_,
                                              .started = log_.time_of(began_),
                                              .wall_clock = wall_clock_now().count(),
                                              .python_version = counted_version().to_hex(),
                                              .period = options_.period.count(),
                                              .profiler = log_.text(options_.profiler)});
    result_.found_python = true;
  }
  if (result_.found_python) {
    announce_counted();
    counts_->write(log_, counted_version(), cut_off_);
    write_calls(log_, counts_->share(), counts_->codes(), process_context_, log_.now());
  }
}

void ProcessRecorder::end_session(Nanoseconds now, const target::ProcessEnd* end) {
  if (!sampler_) {
    return;
  }
  if (end != nullptr && WIFSIGNALED(end->status)) {
    cut_off_ = sampler_->frames_asleep();
  }
  sampler_->finish(last_sweep_);
  announce_counted();
  const LookCost cost = sampler_->cost();
  schema::SessionEndRow row{.session = session_,
                            .time = log_.time_of(now),
                            .exit_code = -1,
                            .profiler_cpu = own_cpu_time().count(),
                            .stops = cost.stops,
                            .held = cost.held.count(),
                            .stop_cost = cost.per_stop.count(),
                            .sweeps = sampler_->counts().sweeps,
                            .sweep_time = (last_sweep_ - first_sweep_).count()};
  if (end != nullptr) {
    row.exit_code = WIFEXITED(end->status) ? WEXITSTATUS(end->status) : -1;
    row.signal = WIFSIGNALED(end->status) ? WTERMSIG(end->status) : 0;
    row.user_cpu = to_duration(end->usage.ru_utime).count();
    row.system_cpu = to_duration(end->usage.ru_stime).count();
    constexpr std::uint64_t kKibibyte = 1024;
    row.max_resident = static_cast<std::uint64_t>(end->usage.ru_maxrss) * kKibibyte;
  }
  log_.append(row);
  sampler_.reset();
}

void ProcessRecorder::finish_observing(Nanoseconds now) {
  end_session(now, nullptr);
  tracer_.release_all();
  observing_ = false;
}

}  // namespace lancehead::sense
