// Calls as the interpreter's profile function is told of them: up to 3.11, and where sys.monitoring
// has no tool id left.
//
// Each thread has room for one such function. Where the program sets one, ours stands in its place
// and hands on to it, and sys.getprofile() shows the program its own.
#pragma once

#include <array>
#include <cstddef>
#include <unordered_map>

#include "agent/call_tracer.h"
#include "agent/own_memory.h"

namespace lancehead::agent {

class CallProfileHook final : public CallEventSource {
 public:
  explicit CallProfileHook(CallTracer& tracer);

  [[nodiscard]] bool begin() override;
  void end() override;
  void check() override;
  [[nodiscard]] CallEvents kind() const override { return CallEvents::profile; }

  using Function = int (*)(Object* own, Object* frame, int what, Object* argument);

 private:
  template <typename Clock>
  static int on_event(Object* own, Object* frame, int what, Object* argument);
  template <typename Clock>
  void count(Object* frame, int what, Object* argument);
  int hand_on(Object* own, Object* frame, int what, Object* argument);

  void set(void* thread, Function function);
  void set_everywhere();
  [[nodiscard]] Object* code_of(const Object* frame) const;
  [[nodiscard]] bool find_field();

  CallTracer& tracer_;
  const PythonApi& api_;
  OwnMemory memory_;
  Function own_ = nullptr;
  std::size_t field_ = 0;  // of a thread state: its profile function
  std::array<const MethodDefinition*, 2> starts_thread_{};  // functions that start threads
  std::unordered_map<void*, Function> program_s_;  // by thread state: the program's own functions
  bool setting_ = false;
};

}  // namespace lancehead::agent
