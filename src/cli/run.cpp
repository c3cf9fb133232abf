#include "cli/run.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <csignal>
#include <cstdlib>

#include "cli/exit_code.h"
#include "cli/finish_recording.h"
#include "cli/launch_plan.h"
#include "cli/message.h"
#include "cli/run_report.h"
#include "record/writer.h"
#include "sense/count_sensor.h"
#include "sense/process_recorder.h"
#include "sense/recover_counts.h"
#include "target/launch.h"

namespace lancehead::cli {
namespace {

sense::LookPolicy look_policy(LookChoice choice) {
  switch (choice) {
    case LookChoice::automatic: return sense::LookPolicy::automatic;
    case LookChoice::read: return sense::LookPolicy::read_only;
    case LookChoice::stop: return sense::LookPolicy::always_stop;
  }
  return sense::LookPolicy::automatic;
}

bool is_counting(const RunOptions& run) {
  return run.counts || run.calls || run.builtin_profile;
}

sense::RecorderOptions recorder_options(const RunOptions& run, const LaunchPlan& plan) {
  constexpr double kSecond = 1e9;
  constexpr double kPercent = 0.01;
  sense::RecorderOptions options;
  options.period =
      Nanoseconds(static_cast<Nanoseconds::rep>(run.rate > 0 ? kSecond / run.rate : 0));
  options.duration = run.duration;
  options.alternate = run.alternate;
  options.sampler.look = look_policy(run.look);
  const double percent = is_counting(run) ? Budget::kBesideCounts : Budget::kAlone;
  options.sampler.budget = run.budget.percent.value_or(percent) * kPercent;
  if (run.budget.is_unlimited) {
    options.sampler.budget.reset();
  }
  options.keep_sources = run.keep_sources;
  options.command_code = plan.command_code;
  options.profiler = LANCEHEAD_VERSION;
  return options;
}

std::string counting_configuration(const RunOptions& run) {
  std::string lines = run.builtin_profile ? "builtin profile\n" : "";
  if (!run.setup.empty()) {
    lines += "setup " + run.setup + "\n";
  }
  lines += run.counts || run.builtin_profile ? "counts\n" : "";
  lines += run.calls ? "calls\n" : "";
  for (const std::string& glob : run.included) {
    lines += "include " + glob + "\n";
  }
  for (const std::string& glob : run.excluded) {
    lines += "exclude " + glob + "\n";
  }
  return lines;
}

// Ends as the program ended, so that whoever started us sees no difference.
[[noreturn]] void die_by(int signal) {
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  ::signal(signal, SIG_DFL);
  sigset_t all;
  sigemptyset(&all);
  ::sigprocmask(SIG_SETMASK, &all, nullptr);
  ::raise(signal);
  constexpr int kSignalBase = 128;
  std::_Exit(kSignalBase + signal);
}

// Says why there is nothing to report; the program itself has run as it would have without us.
void explain_missing_python(const sense::RecordedEnd& end, const LaunchPlan& plan) {
  if (end.denied) {
    say_error({ErrorKind::cannot_observe,
               fmt::format("The kernel does not let this user look into '{}'.", plan.arguments[0]),
               "A program that changes its user (sudo, set-user-ID) can be observed by root only; "
               "in a container, the capability SYS_PTRACE is needed."});
  } else if (end.unsupported) {
    say_error(
        {ErrorKind::cannot_observe,
         fmt::format("'{}' is {}, which lancehead cannot read.", end.unsupported->binary,
                     end.unsupported->version.empty() ? std::string("a Python of unknown version")
                                                      : "Python " + end.unsupported->version),
         "CPython 3.8 and later is supported."});
  } else {
    say_error({ErrorKind::cannot_observe,
               fmt::format("No Python interpreter was seen in '{}'.", plan.arguments[0]),
               "If it starts Python in another process, run that one under lancehead; a program "
               "that ends within a millisecond is too short to be seen."});
  }
}

}  // namespace

int run_and(const RunOptions& run, const AfterRun& after) {
  const Result<LaunchPlan> plan = plan_launch(run);
  if (!plan) {
    return say_error(plan.error());
  }
  ::unsetenv(kPythonVariable);
  const std::filesystem::path path = choose_recording(run, plan->title);
  Result<std::unique_ptr<record::Writer>> writer =
      record::Writer::create(path, {.force = run.force});
  if (!writer) {
    return say_error(writer.error());
  }
  const target::SignalGuard signals;
  sense::CaptureLog log(**writer, monotonic_now());
  if (!run.quiet && !plan->interpreter.empty()) {
    say(fmt::format("recording {} with {}", plan->title, plan->interpreter));
  }
  std::optional<sense::CountSensor> counts;
  if (is_counting(run) || !run.setup.empty()) {
    auto sensor = sense::CountSensor::create(sense::live_folder(path), counting_configuration(run));
    if (!sensor) {
      return say_error(sensor.error());
    }
    counts.emplace(std::move(*sensor));
  }
  const Result<pid_t> process = target::launch(
      plan->arguments, signals, counts ? counts->environment() : std::vector<std::string>());
  if (!process) {
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
    return say_error(process.error());
  }
  sense::RecordedEnd end;
  {
    sense::ProcessRecorder recorder(*process, log, recorder_options(run, *plan), signals.fetched(),
                                    counts ? &*counts : nullptr);
    end = recorder.run();
  }
  if (counts) {
    std::error_code ignored;
    std::filesystem::remove_all(sense::live_folder(path), ignored);
  }
  if (counts && !counts->was_loaded() && end.found_python) {
    say("Nothing was counted: lancehead's agent was not loaded into the program. Programs that "
        "change "
        "their user, or their root to one without /proc, do not load it.");
  }
  Result<FinishedRecording> finished = finish_recording(**writer, path, end.owner);
  if (!finished) {
    say_error(finished.error());
  }
  if (!end.warning.empty()) {
    say(end.warning);
  }
  if (!end.found_python) {
    explain_missing_python(end, *plan);
    std::error_code ignored;
    std::filesystem::remove(path, ignored);  // nothing is in it
  }
  if (finished && end.found_python) {
    after(std::move(*finished), path);
  }
  if (end.signal != 0) {
    signals.restore();
    die_by(end.signal);
  }
  if (end.exit_code == kSuccess && !finished) {
    return kIncomplete;
  }
  return end.exit_code == kSuccess && !end.found_python ? kCannotObserve : end.exit_code;
}

int run_program(std::span<const Verb> /*verbs*/, const Options& options) {
  return run_and(options.run, [&](FinishedRecording finished, const std::filesystem::path& path) {
    if (!options.run.quiet) {
      print_run_report(std::move(finished), options.run, path);
    }
  });
}

}  // namespace lancehead::cli
