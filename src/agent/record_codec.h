// What an agent writes about code, as values and as bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "python/code_object.h"

namespace lancehead::agent {

// A process that takes part. One that was forked goes on counting the code that its parent had
// announced by then: the first `inherited` records of `parent`, its process record not counted.
struct ProcessRecord {
  std::uint32_t process_id = 0;
  std::uint32_t parent = 0;  // kNoProcess: none
  std::uint64_t inherited = 0;
  std::uint32_t python_version = 0;  // PY_VERSION_HEX
};

// Where a run of counters begins.
struct CounterPlace {
  std::uint32_t segment = 0;  // number of the process's counter segment
  std::uint32_t index = 0;    // of its first counter there, in counters of 8 bytes
};

// A code object that is counted. Its counters, in this order: one for each probe of its plan, one
// for each instruction (exceptions raised there).
struct CodeRecord {
  python::CodeObject code;      // as the compiler made it
  std::uint64_t rewritten = 0;  // address of the code object that runs in its place; never freed
  std::uint32_t constant_count = 0;
  std::uint32_t stack_size = 0;
  std::uint32_t probe_count = 0;
  std::uint32_t instruction_count = 0;
  CounterPlace probes;
  CounterPlace raised;
  bool counted = true;        // else it has no counters, and its plan no probes
  bool calls_probed = false;  // it reports its calls
};

// Code of a counted file that is not counted.
struct UncountedRecord {
  std::string filename;
  std::string name;
  std::uint32_t first_line = 0;
  std::string reason;
};

// Where the frames of counted code were at a moment: that of a fork, in the child (`began`), or of
// the end of the process. An exec that failed is taken back by `began`.
struct FramesRecord {
  struct Frame {
    std::uint64_t record = 0;  // of its code, among the records that the process has
    std::uint32_t instruction = 0;
  };

  bool began = false;
  std::vector<Frame> frames;
};

// Code that the program named with `profile`.
struct ChosenRecord {
  std::uint64_t record = 0;  // of the code, among the records that the process has
};

// Something that was called: Python code, or a function of the interpreter or an extension.
struct CalleeRecord {
  std::string function;     // of a function written in C: its name, as the profilers write it
  python::CodeObject code;  // where there is none
};

// How calls are timed. What looking costs a call, in thousandths of a tick: within the time that is
// measured for it, and beside that time, which falls to its caller.
struct CallsRecord {
  struct Cost {
    std::uint64_t inside = 0;
    std::uint64_t outside = 0;
  };

  std::uint32_t clock = 0;  // a TickClock
  std::uint64_t ticks = 0;  // that clock, and CLOCK_MONOTONIC in ns, at one moment
  std::uint64_t monotonic = 0;
  std::uint32_t events = 0;  // where calls are seen: CallEvents
  Cost python, native;
};

enum class CallEvents : std::uint32_t {
  none = 0,
  monitoring = 1,  // sys.monitoring
  profile = 2,     // PyEval_SetProfile
};

[[nodiscard]] Bytes encode(const CalleeRecord& record);
[[nodiscard]] Bytes encode(const CallsRecord& record);
[[nodiscard]] std::optional<CalleeRecord> decode_callee(std::span<const std::byte> bytes);
[[nodiscard]] std::optional<CallsRecord> decode_calls(std::span<const std::byte> bytes);

[[nodiscard]] Bytes encode(const ProcessRecord& record);
[[nodiscard]] Bytes encode(const CodeRecord& record);
[[nodiscard]] Bytes encode(const UncountedRecord& record);
[[nodiscard]] Bytes encode(const FramesRecord& record);
[[nodiscard]] Bytes encode(const ChosenRecord& record);

[[nodiscard]] std::optional<ProcessRecord> decode_process(std::span<const std::byte> bytes);
[[nodiscard]] std::optional<CodeRecord> decode_code(std::span<const std::byte> bytes);
[[nodiscard]] std::optional<UncountedRecord> decode_uncounted(std::span<const std::byte> bytes);
[[nodiscard]] std::optional<FramesRecord> decode_frames(std::span<const std::byte> bytes);
[[nodiscard]] std::optional<ChosenRecord> decode_chosen(std::span<const std::byte> bytes);

}  // namespace lancehead::agent
