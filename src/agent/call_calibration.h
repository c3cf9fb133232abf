// What looking at a call costs, measured in the process itself when it begins: by calls of a
// function that does nothing, and of a small one in C, with and without events.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "agent/call_tracer.h"
#include "agent/code_counter.h"
#include "agent/object_ref.h"

namespace lancehead::agent {

// Counts that are forgotten: they are of the calibration itself.
class ScratchCalls final : public ThreadCalls {
 public:
  ScratchCalls(ShareWriter& share, CallNames& names);

  CallNode* new_node() override;
  std::uint32_t callee(const void* key) override;

 private:
  std::vector<std::byte> memory_;
  std::vector<std::unique_ptr<CallNode>> made_;
};

class CallCalibration {
 public:
  explicit CallCalibration(const CallTracer& tracer);

  // Before there are events, and with them; the thread counts into `scratch` then.
  void measure_plain();
  void measure_watched(const ScratchCalls& scratch);

  // The same for code that tells its calls by probes, which then counts: that is where a program
  // spends its time, and less is taken off where events do it.
  void measure_probed(CodeCounter& counter, const ScratchCalls& scratch);

  // In thousandths of a tick; all 0 where it could not be measured.
  void result(CallsRecord& record) const;

 private:
  // Of one call, in ticks.
  struct Cost {
    double plain = 0;    // without events
    double watched = 0;  // with them
    double within = 0;   // the part that is measured as the call's own
  };

  [[nodiscard]] bool define(CodeCounter* counter);
  [[nodiscard]] double time_calls(Object* function, Object* argument) const;

  const CallTracer& tracer_;
  const PythonApi& api_;
  ObjectRef items_;
  ObjectRef names_;
  Object* python_ = nullptr;  // borrowed, as these: functions that call in a loop
  Object* native_ = nullptr;
  Object* nothing_ = nullptr;
  Object* callee_ = nullptr;
  double loop_ = 0;
  Cost python_cost_, native_cost_;
};

}  // namespace lancehead::agent
