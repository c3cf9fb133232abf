#include "agent/call_probe.h"

#include <cstring>

#include "agent/pickled_probe.h"

namespace lancehead::agent {
namespace {

// typeslots.h and object.h.
constexpr int kInvert = 27;
constexpr int kContains = 41;
constexpr int kMethods = 64;
constexpr int kNoArguments = 4;
constexpr unsigned kDefaultFlags = 1U << 18U;

// What the slots need: they get nothing of ours. Set before there is a probe.
struct ProbeRoot {
  CallTracer* tracer = nullptr;
  Object* none = nullptr;
  std::size_t head = 0;
};
constinit ProbeRoot root;

struct ProcessorClock {
  std::uint64_t operator()() const { return processor_ticks(); }
};
struct MonotonicClock {
  std::uint64_t operator()() const { return monotonic_ticks(); }
};

const void* code_of(const Object* probe) {
  const CountedCode* code = nullptr;
  std::memcpy(&code, reinterpret_cast<const char*>(probe) + root.head, sizeof code);
  return code->rewritten;
}

// `callee in probe`, right before the call. False, and never an error.
template <typename Clock>
int on_begin(Object* self, Object* callee) {
  ThreadCalls* calls = root.tracer->this_thread();
  if (calls == nullptr) {
    return 0;
  }
  CallThread& thread = *calls->thread;
  const void* code = code_of(self);
  calls->probed = code;
  if (thread.top->node->key != code && thread.overflow == 0) [[unlikely]] {
    drop_down_to(thread, code, Clock()());
  }
  if (const void* key = root.tracer->definition_of(callee)) {
    calls->function = callee;
    enter(thread, *calls, key, Clock());
  }
  return 0;
}

// `~probe`, right behind the call. Python code that was called has left by itself.
template <typename Clock>
Object* on_end(Object* self) {
  ThreadCalls* calls = root.tracer->this_thread();
  if (calls != nullptr) {
    CallThread& thread = *calls->thread;
    const void* code = code_of(self);
    calls->probed = nullptr;
    if (thread.top->node->key != code) {
      end_native(thread, code, Clock()());
    }
  }
  return root.none;
}

// `~probe`, where the function begins. While the event of its beginning comes, too, that has
// counted it.
template <typename Clock>
Object* on_enter(Object* self) {
  ThreadCalls* calls = root.tracer->this_thread();
  if (calls != nullptr) {
    const void* code = code_of(self);
    calls->probed = nullptr;
    if (calls->begun == code) {
      calls->begun = nullptr;
      root.tracer->note_entry_probe(code);
    } else {
      calls->function = nullptr;
      enter(*calls->thread, *calls, code, Clock());
    }
  }
  return root.none;
}

Object* reduce_begin(Object* /*self*/, Object* /*unused*/) {
  return pickled_as_empty(root.tracer->api());
}
Object* reduce_end(Object* /*self*/, Object* /*unused*/) {
  return pickled_as_zero(root.tracer->api());
}

MethodDefinition begin_methods[] = {
    {"__reduce__", reinterpret_cast<void*>(&reduce_begin), kNoArguments, nullptr},
    {nullptr, nullptr, 0, nullptr}};
MethodDefinition end_methods[] = {
    {"__reduce__", reinterpret_cast<void*>(&reduce_end), kNoArguments, nullptr},
    {nullptr, nullptr, 0, nullptr}};

Object* make_type(const PythonApi& api, const char* name, int slot, void* function,
                  MethodDefinition* methods) {
  TypeSlot slots[] = {{slot, function}, {kMethods, methods}, {0, nullptr}};
  TypeSpec spec{name, static_cast<int>(root.head + sizeof(const CountedCode*)), 0, kDefaultFlags,
                slots};
  return api.PyType_FromSpec(&spec);
}

}  // namespace

CallProbes::CallProbes(CallTracer& tracer) : api_(tracer.api()) {
  root = {.tracer = &tracer, .none = api_.none, .head = tracer.shape().head};
  const bool quick = tracer.clock() == TickClock::processor;
  auto* contains = quick ? &on_begin<ProcessorClock> : &on_begin<MonotonicClock>;
  auto* invert = quick ? &on_end<ProcessorClock> : &on_end<MonotonicClock>;
  begin_ = make_type(api_, "lancehead.CallBegin", kContains, reinterpret_cast<void*>(contains),
                     begin_methods);
  end_ =
      make_type(api_, "lancehead.CallEnd", kInvert, reinterpret_cast<void*>(invert), end_methods);
  auto* entry = quick ? &on_enter<ProcessorClock> : &on_enter<MonotonicClock>;
  enter_ =
      make_type(api_, "lancehead.CallEnter", kInvert, reinterpret_cast<void*>(entry), end_methods);
}

Object* CallProbes::make(Object* type, const CountedCode& code) const {
  Object* probe = api_.PyType_GenericAlloc(type, 0);
  if (probe != nullptr) {
    const CountedCode* pointer = &code;
    std::memcpy(reinterpret_cast<char*>(probe) + root.head, &pointer, sizeof pointer);
  }
  return probe;
}

}  // namespace lancehead::agent
