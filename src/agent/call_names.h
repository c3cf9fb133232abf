// Tells the share what was called, once for each callee.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "agent/call_format.h"
#include "agent/own_memory.h"
#include "agent/python_api.h"
#include "agent/share_writer.h"
#include "python/layout.h"

namespace lancehead::agent {

class CodeCounter;

class CallNames {
 public:
  CallNames(const PythonApi& api, const python::Layout& layout, ShareWriter& share)
      : api_(api), layout_(layout), share_(share) {}

  void hide(const void* key) { numbers_[key] = kNoCallee; }

  void use(const CodeCounter& counter) { counter_ = &counter; }

  // The number of its record; kNoCallee where there is no room. `key` is the address of a code
  // object, which is kept from now on, so that no other ever stands there; or of the definition of
  // `function`. What the interpreter has as its current error stays.
  [[nodiscard]] std::uint32_t number(const void* key, Object* function);

 private:
  [[nodiscard]] std::string name_of(Object* function) const;
  [[nodiscard]] std::string representation(Object* object) const;

  const PythonApi& api_;
  const python::Layout& layout_;
  ShareWriter& share_;
  const CodeCounter* counter_ = nullptr;  // null where no code is rewritten
  OwnMemory memory_;
  std::unordered_map<const void*, std::uint32_t> numbers_;
};

}  // namespace lancehead::agent
