// Calls as sys.monitoring reports them (3.12 and later), under a tool id of our own.
#pragma once

#include <cstdint>

#include "agent/call_tracer.h"

namespace lancehead::agent {

class CallMonitor final : public CallEventSource {
 public:
  explicit CallMonitor(CallTracer& tracer);

  // False where no tool id is free, or this Python has no sys.monitoring.
  [[nodiscard]] bool begin() override;
  void end() override;
  [[nodiscard]] CallEvents kind() const override { return CallEvents::monitoring; }

 private:
  using Callback = Object* (*)(Object* self, Object* const* arguments, std::size_t count,
                               Object* keywords);

  [[nodiscard]] bool take_tool_id();
  [[nodiscard]] bool make_type();
  [[nodiscard]] bool watch(const char* event, Callback callback, long& events);
  [[nodiscard]] bool set_events(long events);
  template <typename... Arguments>
  [[nodiscard]] Object* ask(const char* function, Arguments... arguments);
  template <typename Clock>
  [[nodiscard]] bool watch_all(long& events);

  const PythonApi& api_;
  Object* monitoring_ = nullptr;  // borrowed
  Object* type_ = nullptr;
  long tool_ = -1;
};

}  // namespace lancehead::agent
