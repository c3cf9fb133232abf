// A counted reference to a Python object. Only to be used while the GIL is held.
#pragma once

#include <utility>

#include "agent/python_api.h"

namespace lancehead::agent {

class ObjectRef {
 public:
  // Takes over a new reference; null stands for a failed call.
  ObjectRef(const PythonApi& api, Object* owned) : api_(&api), object_(owned) {}
  ObjectRef(ObjectRef&& other) noexcept
      : api_(other.api_), object_(std::exchange(other.object_, nullptr)) {}
  ObjectRef& operator=(ObjectRef&& other) noexcept {
    std::swap(api_, other.api_);
    std::swap(object_, other.object_);
    return *this;
  }
  ObjectRef(const ObjectRef&) = delete;
  ObjectRef& operator=(const ObjectRef&) = delete;
  ~ObjectRef() {
    if (object_ != nullptr) {
      api_->Py_DecRef(object_);
    }
  }

  [[nodiscard]] explicit operator bool() const { return object_ != nullptr; }
  [[nodiscard]] Object* get() const { return object_; }
  [[nodiscard]] Object* release() { return std::exchange(object_, nullptr); }

 private:
  const PythonApi* api_;
  Object* object_;
};

}  // namespace lancehead::agent
