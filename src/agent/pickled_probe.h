// What takes the place of a probe in code that is pickled with its constants.
#pragma once

#include "agent/python_api.h"

namespace lancehead::agent {

// The answer of __reduce__ for `type()` of a built-in type, which does nothing: `~0` for a probe
// that is inverted, `exception in ()` for one that is searched. Null, with an error set, without
// memory.
inline Object* pickled_as(const PythonApi& api, const char* type_name) {
  Object* builtins = api.PyEval_GetBuiltins();
  Object* type = builtins == nullptr ? nullptr : api.PyDict_GetItemString(builtins, type_name);
  Object* pair = api.PyTuple_New(2);
  Object* none = api.PyTuple_New(0);
  if (type == nullptr || pair == nullptr || none == nullptr) {
    return nullptr;
  }
  api.Py_IncRef(type);
  api.PyTuple_SetItem(pair, 0, type);
  api.PyTuple_SetItem(pair, 1, none);
  return pair;
}

}  // namespace lancehead::agent
