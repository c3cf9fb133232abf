// What takes the place of a probe in code that is pickled with its constants.
#pragma once

#include "agent/python_api.h"

namespace lancehead::agent {

// The answer of __reduce__ for the call of a built-in function with `arguments`, a tuple, which it
// takes. Null, with an error set, without memory.
inline Object* pickled_as(const PythonApi& api, const char* function_name, Object* arguments) {
  Object* builtins = api.PyEval_GetBuiltins();
  Object* function =
      builtins == nullptr ? nullptr : api.PyDict_GetItemString(builtins, function_name);
  Object* pair = api.PyTuple_New(2);
  if (function == nullptr || pair == nullptr || arguments == nullptr) {
    return nullptr;
  }
  api.Py_IncRef(function);
  api.PyTuple_SetItem(pair, 0, function);
  api.PyTuple_SetItem(pair, 1, arguments);
  return pair;
}

// `exception in ()`, for a probe that is searched.
inline Object* pickled_as_empty(const PythonApi& api) {
  return pickled_as(api, "tuple", api.PyTuple_New(0));
}

// `~0`, for a probe that is inverted.
inline Object* pickled_as_zero(const PythonApi& api) {
  return pickled_as(api, "int", api.PyTuple_New(0));
}

// `iter(())`, for a probe that is asked for its next item.
inline Object* pickled_as_exhausted(const PythonApi& api) {
  Object* arguments = api.PyTuple_New(1);
  if (arguments != nullptr) {
    api.PyTuple_SetItem(arguments, 0, api.PyTuple_New(0));
  }
  return pickled_as(api, "iter", arguments);
}

}  // namespace lancehead::agent
