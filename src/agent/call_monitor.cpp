#include "agent/call_monitor.h"

#include <array>
#include <cstddef>

#include "agent/object_ref.h"
#include "code/callee_places.h"

namespace lancehead::agent {
namespace {

// typeslots.h, object.h and descrobject.h.
constexpr int kCall = 50;
constexpr int kMembers = 72;
constexpr unsigned kDefaultFlags = 1U << 18U;
constexpr unsigned kHasVectorcall = 1U << 11U;
constexpr int kSize = 19;     // Py_T_PYSSIZET
constexpr int kReadOnly = 1;  // Py_READONLY

// PyMemberDef.
struct MemberDefinition {
  const char* name;
  int type;
  std::ptrdiff_t offset;
  int flags;
  const char* doc;
};

// A callable of ours: the interpreter calls the function in it, and there is nothing in between.
// Behind the head of an object, whose size is known when the process runs.
using Vectorcall = Object* (*)(Object*, Object* const*, std::size_t, Object*);

// What the callbacks need: they get nothing of ours. Set before there is an event.
struct MonitorRoot {
  CallTracer* tracer = nullptr;
  Object* none = nullptr;
  Object* disable = nullptr;
  CFunctionShape shape;
  TypeObject* method_descriptor = nullptr;
  int (*is_subtype)(TypeObject*, TypeObject*) = nullptr;
};
constinit MonitorRoot root;

struct ProcessorClock {
  std::uint64_t operator()() const { return processor_ticks(); }
};
struct MonotonicClock {
  std::uint64_t operator()() const { return monotonic_ticks(); }
};

// As cProfile, not for a method of a type that is given something else.
const void* definition_of(Object* callee, Object* argument) {
  const void* key = root.tracer->definition_of(callee);
  if (key != nullptr && root.shape.type_of(callee) == root.method_descriptor) {
    TypeObject* owner = root.shape.owner(callee);
    TypeObject* given = root.shape.type_of(argument);
    if (given != owner && root.is_subtype(given, owner) == 0) {
      return nullptr;
    }
  }
  return key;
}

// Of code that has a probe where it begins, the event is wanted no more once that is known.
template <typename Clock>
Object* on_start(Object* /*self*/, Object* const* arguments, std::size_t /*count*/,
                 Object* /*keywords*/) {
  if (ThreadCalls* calls = root.tracer->this_thread()) {
    if (root.tracer->has_entry_probe(arguments[0])) {
      calls->begun = nullptr;
      return root.disable;
    }
    calls->function = nullptr;
    calls->probed = nullptr;
    calls->begun = arguments[0];
    enter(*calls->thread, *calls, arguments[0], Clock());
  }
  return root.none;
}

template <typename Clock>
Object* on_begin(Object* /*self*/, Object* const* arguments, std::size_t /*count*/,
                 Object* /*keywords*/) {
  if (ThreadCalls* calls = root.tracer->this_thread()) {
    calls->function = nullptr;
    calls->probed = nullptr;
    enter(*calls->thread, *calls, arguments[0], Clock());
  }
  return root.none;
}

template <typename Clock>
Object* on_end(Object* /*self*/, Object* const* arguments, std::size_t /*count*/,
               Object* /*keywords*/) {
  const std::uint64_t now = Clock()();
  if (const ThreadCalls* calls = root.tracer->this_thread()) {
    leave(*calls->thread, arguments[0], now);
  }
  return root.none;
}

template <typename Clock>
Object* on_call(Object* /*self*/, Object* const* arguments, std::size_t /*count*/,
                Object* /*keywords*/) {
  ThreadCalls* calls = root.tracer->this_thread();
  if (calls == nullptr) {
    return root.none;
  }
  if (calls->probed == arguments[0]) {
    calls->probed = nullptr;
    return root.disable;  // of this call instruction
  }
  CallThread& thread = *calls->thread;
  // Code that runs here is innermost: what is open above it has ended unseen.
  if (thread.top->node->key != arguments[0] && thread.overflow == 0) [[unlikely]] {
    drop_down_to(thread, arguments[0], Clock()());
  }
  if (const void* key = definition_of(arguments[2], arguments[3])) {
    calls->function = arguments[2];
    enter(thread, *calls, key, Clock());
  }
  return root.none;
}

template <typename Clock>
Object* on_c_end(Object* /*self*/, Object* const* arguments, std::size_t /*count*/,
                 Object* /*keywords*/) {
  const std::uint64_t now = Clock()();
  const ThreadCalls* calls = root.tracer->this_thread();
  if (calls == nullptr) {
    return root.none;
  }
  if (const void* key = definition_of(arguments[2], arguments[3])) {
    leave(*calls->thread, key, now);
  }
  return root.none;
}

// A function in C that raised has no probe behind it.
template <typename Clock>
Object* on_raise(Object* /*self*/, Object* const* arguments, std::size_t /*count*/,
                 Object* /*keywords*/) {
  ThreadCalls* calls = root.tracer->this_thread();
  if (calls != nullptr) {
    calls->probed = nullptr;
    if (calls->thread->top->node->key != arguments[0]) {
      end_native(*calls->thread, arguments[0], Clock()());
    }
  }
  return root.none;
}

}  // namespace

CallMonitor::CallMonitor(CallTracer& tracer) : api_(tracer.api()) {
  root = {.tracer = &tracer,
          .none = api_.none,
          .shape = tracer.shape(),
          .method_descriptor = api_.method_descriptor_type,
          .is_subtype = api_.PyType_IsSubtype};
}

// The interpreter's functions, called with whole numbers and objects; a new reference or null.
template <typename... Arguments>
Object* CallMonitor::ask(const char* function, Arguments... arguments) {
  const ObjectRef callee(api_, api_.PyObject_GetAttrString(monitoring_, function));
  const ObjectRef tuple(api_, api_.PyTuple_New(sizeof...(arguments)));
  if (!callee || !tuple) {
    return nullptr;
  }
  std::ptrdiff_t index = 0;
  const auto put = [&](auto argument) {
    Object* object = nullptr;
    if constexpr (std::is_same_v<decltype(argument), long>) {
      object = api_.PyLong_FromLong(argument);
    } else {
      object = argument;
      api_.Py_IncRef(object);
    }
    api_.PyTuple_SetItem(tuple.get(), index++, object);
  };
  (put(arguments), ...);
  return api_.PyObject_Call(callee.get(), tuple.get(), nullptr);
}

// 0, 1 and 2 are those of debuggers, coverage tools and profilers, which may come later.
bool CallMonitor::take_tool_id() {
  const ObjectRef name(api_, api_.PyUnicode_FromString("lancehead"));
  for (const long id : {4L, 3L, 5L}) {
    if (const ObjectRef taken(api_, ask("use_tool_id", id, name.get())); taken) {
      tool_ = id;
      return true;
    }
    api_.PyErr_Clear();
  }
  return false;
}

bool CallMonitor::make_type() {
  const auto head = static_cast<std::ptrdiff_t>(root.shape.head);
  MemberDefinition members[] = {{"__vectorcalloffset__", kSize, head, kReadOnly, nullptr},
                                {nullptr, 0, 0, 0, nullptr}};
  TypeSlot slots[] = {
      {kCall, reinterpret_cast<void*>(api_.PyVectorcall_Call)}, {kMembers, members}, {0, nullptr}};
  TypeSpec spec{"lancehead.CallProbe", static_cast<int>(root.shape.head + sizeof(Vectorcall)), 0,
                kDefaultFlags | kHasVectorcall, slots};
  type_ = api_.PyType_FromSpec(&spec);
  return type_ != nullptr;
}

bool CallMonitor::watch(const char* event, Callback callback, long& events) {
  const ObjectRef names(api_, api_.PyObject_GetAttrString(monitoring_, "events"));
  const ObjectRef number(api_, names ? api_.PyObject_GetAttrString(names.get(), event) : nullptr);
  const ObjectRef probe(api_, api_.PyType_GenericAlloc(type_, 0));
  if (!number || !probe) {
    return false;
  }
  std::memcpy(reinterpret_cast<char*>(probe.get()) + root.shape.head, &callback, sizeof callback);
  events |= api_.PyLong_AsLong(number.get());
  return static_cast<bool>(
      ObjectRef(api_, ask("register_callback", tool_, number.get(), probe.get())));
}

bool CallMonitor::set_events(long events) {
  return static_cast<bool>(ObjectRef(api_, ask("set_events", tool_, events)));
}

template <typename Clock>
bool CallMonitor::watch_all(long& events) {
  long with_call = 0;  // these two come with CALL and cannot be asked for
  if (!watch("PY_START", &on_start<Clock>, events)) {
    return false;
  }
  for (const char* event : {"PY_RESUME", "PY_THROW"}) {
    if (!watch(event, &on_begin<Clock>, events)) {
      return false;
    }
  }
  for (const char* event : {"PY_RETURN", "PY_YIELD", "PY_UNWIND"}) {
    if (!watch(event, &on_end<Clock>, events)) {
      return false;
    }
  }
  if (code::can_find_callees(api_.version) && !watch("RAISE", &on_raise<Clock>, events)) {
    return false;
  }
  return watch("CALL", &on_call<Clock>, events) && watch("C_RETURN", &on_c_end<Clock>, with_call) &&
         watch("C_RAISE", &on_c_end<Clock>, with_call);
}

bool CallMonitor::begin() {
  monitoring_ = api_.PySys_GetObject("monitoring");
  if (monitoring_ == nullptr || root.is_subtype == nullptr || !make_type() || !take_tool_id()) {
    return false;
  }
  root.disable = api_.PyObject_GetAttrString(monitoring_, "DISABLE");  // kept
  if (root.disable == nullptr) {
    return false;
  }
  long events = 0;
  const bool watched = root.tracer->clock() == TickClock::processor
                           ? watch_all<ProcessorClock>(events)
                           : watch_all<MonotonicClock>(events);
  return watched && set_events(events);
}

void CallMonitor::end() {
  if (tool_ >= 0) {
    (void)set_events(0);
    const ObjectRef freed(api_, ask("free_tool_id", tool_));
    tool_ = -1;
  }
}

}  // namespace lancehead::agent
