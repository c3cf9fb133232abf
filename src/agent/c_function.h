// How functions written in C look in memory: PyCFunctionObject and PyMethodDescrObject, the same in
// every version.
#pragma once

#include <cstring>

#include "agent/python_api.h"

namespace lancehead::agent {

// `head` is the size of what begins every object.
struct CFunctionShape {
  std::size_t type = 0;  // where an object's type stands
  std::size_t head = 0;

  [[nodiscard]] TypeObject* type_of(const Object* object) const {
    return field<TypeObject*>(object, type);
  }

  // Of a function.
  [[nodiscard]] const MethodDefinition* definition(const Object* function) const {
    return field<const MethodDefinition*>(function, head);
  }
  [[nodiscard]] Object* self(const Object* function) const {
    return field<Object*>(function, head + sizeof(void*));
  }
  [[nodiscard]] Object* module(const Object* function) const {
    return field<Object*>(function, head + 2 * sizeof(void*));
  }

  // Of a method of a type: the type that it needs, and what it is.
  [[nodiscard]] TypeObject* owner(const Object* descriptor) const {
    return field<TypeObject*>(descriptor, head);
  }
  [[nodiscard]] const MethodDefinition* method(const Object* descriptor) const {
    return field<const MethodDefinition*>(descriptor, head + 3 * sizeof(void*));
  }

 private:
  template <typename Field>
  [[nodiscard]] static Field field(const Object* object, std::size_t offset) {
    Field value{};
    std::memcpy(&value, reinterpret_cast<const char*>(object) + offset, sizeof value);
    return value;
  }
};

}  // namespace lancehead::agent
