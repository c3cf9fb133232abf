// Records one process from its start to its end: finds the interpreter as soon as there is one,
// samples it, follows it through exec, and writes what it cost.
#pragma once

#include <sys/types.h>

#include <csignal>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "python/runtime.h"
#include "sense/capture_log.h"
#include "sense/count_sensor.h"
#include "sense/schedule.h"
#include "sense/source_files.h"
#include "sense/stack_sampler.h"
#include "target/image_watch.h"
#include "target/process_memory.h"
#include "target/thread_files.h"
#include "target/tracer.h"

namespace lancehead::sense {

struct RecorderOptions {
  Nanoseconds period = std::chrono::milliseconds(1);
  std::optional<Nanoseconds> duration;   // none: until the process ends
  std::optional<Nanoseconds> alternate;  // sample only in every other stretch of this length
  SamplerOptions sampler;
  bool keep_sources = true;
  std::string command_code;  // what the program runs under the name <string>
  std::string profiler;      // our own version
};

// The user that a process runs as.
struct Owner {
  uid_t user = 0;
  gid_t group = 0;
};

// How the observed program ended and what was seen of it.
struct RecordedEnd {
  int exit_code = -1;  // -1: ended by a signal
  int signal = 0;
  bool found_python = false;
  Owner owner;  // when Python was found
  std::optional<python::UnsupportedRuntime> unsupported;
  bool denied = false;  // the kernel refused to let us look
  std::string warning;
  bool write_failed = false;
};

class ProcessRecorder {
 public:
  // `counts` is null where nothing is counted.
  ProcessRecorder(pid_t process, CaptureLog& log, RecorderOptions options,
                  const sigset_t& fetched_signals, CountSensor* counts);

  // Returns when the process has ended and been reaped.
  [[nodiscard]] RecordedEnd run();

 private:
  struct NativeThread {
    schema::ContextId context;
    std::unique_ptr<target::ThreadFiles> files;
  };

  void look_for_python(Nanoseconds now);
  void begin_session(Nanoseconds now);
  void end_session(Nanoseconds now, const target::ProcessEnd* end);
  void sweep(Nanoseconds now);
  void check_image(Nanoseconds now);
  void write_out(Nanoseconds now);
  void note_native_threads(Nanoseconds now);
  // Waits for signals until `moment`.
  void wait_until(Nanoseconds moment);
  [[nodiscard]] Nanoseconds next_look(Nanoseconds now);
  [[nodiscard]] bool is_off(Nanoseconds now) const;
  void finish_observing(Nanoseconds now);
  void announce_counted();
  void write_counted();
  [[nodiscard]] code::PythonVersion counted_version() const;

  pid_t process_;
  CaptureLog& log_;
  RecorderOptions options_;
  sigset_t signals_;
  CountSensor* counts_;
  std::vector<RunningFrame> cut_off_;  // of a program that was killed while it slept

  target::ProcessMemory memory_;
  target::Tracer tracer_;
  target::ImageWatch image_;
  python::RuntimeFinder finder_;
  SourceFiles sources_;
  Schedule schedule_;
  std::optional<python::Runtime> runtime_;
  std::unique_ptr<StackSampler> sampler_;
  schema::ContextId process_context_;
  schema::SessionId session_;
  schema::MetricId cpu_metric_;
  std::map<pid_t, NativeThread> native_threads_;

  Nanoseconds began_;
  Nanoseconds image_began_;
  Nanoseconds image_checked_{};
  Nanoseconds written_{};
  Nanoseconds signals_fetched_{};
  Nanoseconds first_sweep_{};
  Nanoseconds last_sweep_{};
  bool observing_ = true;
  bool was_off_ = false;
  RecordedEnd result_;
};

}  // namespace lancehead::sense
