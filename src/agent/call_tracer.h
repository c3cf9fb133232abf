// Counts and times every call of the process, along its path.
#pragma once

#include <pthread.h>

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "agent/c_function.h"
#include "agent/call_names.h"
#include "agent/call_tree.h"
#include "agent/python_api.h"
#include "agent/share_writer.h"
#include "python/layout.h"

namespace lancehead::agent {

// What one thread counts into.
class ThreadCalls : public CallSource {
 public:
  ThreadCalls(ShareWriter& share, CallNames& names, std::uint32_t number)
      : share_(share), names_(names), number_(number) {}

  // False where there is no room.
  [[nodiscard]] bool begin(std::uint64_t now);
  // The thread is over: its memory is only the share's from now on.
  void end();

  CallNode* new_node() override;
  std::uint32_t callee(const void* key) override;

  CallThread* thread = nullptr;
  Object* function = nullptr;    // whose definition the key is; null where it is code
  const void* begun = nullptr;   // code whose beginning an event has just told
  const void* probed = nullptr;  // code whose probes report the call that it is about to make

 private:
  ShareWriter& share_;
  CallNames& names_;
  std::uint32_t number_;
  SegmentHeader* nodes_ = nullptr;  // the last of them
  std::vector<SegmentHeader*> segments_;
};

// Where the events of calls come from.
class CallEventSource {
 public:
  CallEventSource() = default;
  CallEventSource(const CallEventSource&) = delete;
  CallEventSource& operator=(const CallEventSource&) = delete;
  virtual ~CallEventSource() = default;

  // False where it cannot.
  [[nodiscard]] virtual bool begin() = 0;
  virtual void end() = 0;
  // The program is about to change what profiles it.
  virtual void check() {}
  [[nodiscard]] virtual CallEvents kind() const = 0;
};

class CallCalibration;

class CallTracer {
 public:
  ~CallTracer();
  CallTracer(const CallTracer&) = delete;
  CallTracer& operator=(const CallTracer&) = delete;

  CallTracer(const PythonApi& api, const python::Layout& layout, ShareWriter& share);

  // Again, with code that tells its calls by probes.
  void calibrate_probed(CodeCounter& counter);

  // Code that runs in place of what was compiled is named as what was.
  void use_names_of(const CodeCounter& counter) { names_.use(counter); }

  // Errors of the interpreter are cleared. Returns whether events come from sys.monitoring.
  bool begin();

  // The process is about to end, or (`began`) was not able to.
  void tell_end(bool began) {
    if (own_ != nullptr) {
      own_->thread->ended = began ? 0 : ticks(clock_);
    }
  }

  // In the child, right after a fork and after the share: what was open goes on, counted from now.
  void begin_child();

  // The program is about to change what profiles it.
  void check() {
    if (events_ != nullptr) {
      events_->check();
    }
  }

  [[nodiscard]] TickClock clock() const { return clock_; }
  [[nodiscard]] const CFunctionShape& shape() const { return shape_; }
  [[nodiscard]] const PythonApi& api() const { return api_; }
  [[nodiscard]] const python::Layout& layout() const { return layout_; }

  // Calls of this code are none of the program's.
  void hide(const Object* code) { names_.hide(code); }

  // What a function written in C is known by, or a method of a type; null for all else that can be
  // called. What counts as one is as cProfile has it: a type is none.
  [[nodiscard]] const void* definition_of(const Object* callee) const {
    const TypeObject* type = shape_.type_of(callee);
    if (type == c_function_ || type == c_method_) {
      return shape_.definition(callee);
    }
    return type == method_descriptor_ ? shape_.method(callee) : nullptr;
  }

  // Code that tells its beginning by itself, as far as that has been noted: one of several that
  // share a place may be forgotten, and is noted again.
  void note_entry_probe(const void* code) { entry_probes_[place_of(code)] = code; }
  [[nodiscard]] bool has_entry_probe(const void* code) const {
    return entry_probes_[place_of(code)] == code;
  }

  // What this thread counts into; null where there is no room.
  [[nodiscard]] ThreadCalls* this_thread() { return own_ != nullptr ? own_ : new_thread(); }

 private:
  [[nodiscard]] ThreadCalls* new_thread();
  static void end_thread(void* data);

  // The agent is loaded when the process begins, so that this costs no call.
  [[gnu::tls_model("initial-exec")]] static constinit thread_local ThreadCalls* own_;
  static constinit TickClock the_clock_;  // for threads that end

  const PythonApi& api_;
  const python::Layout& layout_;
  ShareWriter& share_;
  CallNames names_;
  CFunctionShape shape_;
  static std::size_t place_of(const void* code) {
    return (reinterpret_cast<std::uintptr_t>(code) >> 4U) % kEntryProbes;
  }

  static constexpr std::size_t kEntryProbes = 1024;
  std::array<const void*, kEntryProbes> entry_probes_{};
  const TypeObject* c_function_;
  const TypeObject* c_method_;
  const TypeObject* method_descriptor_;
  TickClock clock_ = TickClock::monotonic;
  std::uint32_t thread_count_ = 0;
  pthread_key_t at_end_ = 0;  // tells when a thread ends
  bool failed_ = false;       // there was no room once
  std::unique_ptr<CallEventSource> events_;
  std::unique_ptr<CallCalibration> calibration_;
  CallsRecord record_;
};

}  // namespace lancehead::agent
