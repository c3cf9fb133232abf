// The constants that rewritten code runs over: their types, and making them.
#pragma once

#include <cstdint>

#include "agent/counted_code.h"
#include "agent/python_api.h"

namespace lancehead::agent {

class ProbeTypes {
 public:
  // Errors leave is_ready() false.
  ProbeTypes(const PythonApi& api, bool free_threaded);

  [[nodiscard]] bool is_ready() const { return counter_ != nullptr && exception_ != nullptr; }

  // Adds one to `counter` each time. Null where there is no memory.
  [[nodiscard]] Object* new_counter(std::uint64_t* counter) const;

  // Counts which exceptions come to `handler` of the code (none: they leave the function); those
  // that were passed on are added to `passed_on`, if it is not null.
  [[nodiscard]] Object* new_exception_probe(const CountedCode& code, code::BlockId handler,
                                            std::uint64_t* passed_on) const;

 private:
  void make_immortal(Object* probe) const;

  const PythonApi& api_;
  Object* counter_ = nullptr;
  Object* exception_ = nullptr;
  bool free_threaded_ = false;
};

}  // namespace lancehead::agent
