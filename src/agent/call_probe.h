// Calls of C functions as rewritten code reports them itself (3.13 and later): a probe in front of
// each call instruction, which sees what is about to be called, and one behind it.
//
// For short functions that is cheaper by half than an event of sys.monitoring, and leaves the call
// instruction to be specialised.
#pragma once

#include "agent/call_tracer.h"
#include "agent/counted_code.h"

namespace lancehead::agent {

class CallProbes {
 public:
  // Errors leave is_ready() false.
  explicit CallProbes(CallTracer& tracer);

  [[nodiscard]] bool is_ready() const {
    return begin_ != nullptr && end_ != nullptr && enter_ != nullptr;
  }

  // For a code object whose `rewritten` is set before it runs. Null where there is no memory.
  [[nodiscard]] Object* new_begin(const CountedCode& code) const { return make(begin_, code); }
  [[nodiscard]] Object* new_end(const CountedCode& code) const { return make(end_, code); }
  // Where the function begins.
  [[nodiscard]] Object* new_enter(const CountedCode& code) const { return make(enter_, code); }

 private:
  [[nodiscard]] Object* make(Object* type, const CountedCode& code) const;

  const PythonApi& api_;
  Object* begin_ = nullptr;
  Object* end_ = nullptr;
  Object* enter_ = nullptr;
};

}  // namespace lancehead::agent
