#include "agent/call_profile_hook.h"

#include <cstring>

#include "python/runtime.h"
#include "python/thread_state.h"

namespace lancehead::agent {
namespace {

// PyTrace_*.
constexpr int kCall = 0;
constexpr int kReturn = 3;
constexpr int kCCall = 4;
constexpr int kCException = 5;
constexpr int kCReturn = 6;

constinit CallProfileHook* the_hook = nullptr;

struct ProcessorClock {
  std::uint64_t operator()() const { return processor_ticks(); }
};
struct MonotonicClock {
  std::uint64_t operator()() const { return monotonic_ticks(); }
};

template <typename Field>
Field field_at(const void* base, std::size_t offset) {
  Field value{};
  std::memcpy(&value, static_cast<const char*>(base) + offset, sizeof value);
  return value;
}

}  // namespace

CallProfileHook::CallProfileHook(CallTracer& tracer) : tracer_(tracer), api_(tracer.api()) {
  the_hook = this;
}

// Since 3.11 a frame object points to the frame proper, behind its link to the caller's.
Object* CallProfileHook::code_of(const Object* frame) const {
  const python::Layout& layout = tracer_.layout();
  const void* proper = frame;
  if (!layout.frames_are_objects()) {
    proper = field_at<const void*>(frame, tracer_.shape().head + sizeof(void*));
  }
  // From 3.14 on the lowest bits of such a field are marks.
  constexpr std::uintptr_t kMarks = 7;
  const auto code = field_at<std::uintptr_t>(proper, layout.frame.code.bytes);
  return reinterpret_cast<Object*>(code & ~kMarks);
}

template <typename Clock>
int CallProfileHook::on_event(Object* own, Object* frame, int what, Object* argument) {
  CallProfileHook& hook = *the_hook;
  if (own == nullptr) {
    hook.count<Clock>(frame, what, argument);
    return 0;
  }
  const bool begins = what == kCall || what == kCCall;
  if (!begins) {
    hook.count<Clock>(frame, what, argument);
  }
  const int result = hook.hand_on(own, frame, what, argument);
  if (begins) {
    hook.count<Clock>(frame, what, argument);
  }
  return result;
}

int CallProfileHook::hand_on(Object* own, Object* frame, int what, Object* argument) {
  const auto found = program_s_.find(api_.current_thread());
  return found == program_s_.end() ? 0 : found->second(own, frame, what, argument);
}

template <typename Clock>
void CallProfileHook::count(Object* frame, int what, Object* argument) {
  const std::uint64_t now = what == kCall || what == kCCall ? 0 : Clock()();
  ThreadCalls* calls = tracer_.this_thread();
  if (calls == nullptr) {
    return;
  }
  CallThread& thread = *calls->thread;
  const Object* code = code_of(frame);
  switch (what) {
    case kCall:
      calls->function = nullptr;
      enter(thread, *calls, code, Clock());
      break;
    case kReturn: leave(thread, code, now); break;
    case kCCall:
      if (thread.top->node->key != code && thread.overflow == 0) [[unlikely]] {
        drop_down_to(thread, code, Clock()());
      }
      calls->function = argument;
      enter(thread, *calls, tracer_.shape().definition(argument), Clock());
      break;
    case kCReturn:
    case kCException: {
      const MethodDefinition* key = tracer_.shape().definition(argument);
      leave(thread, key, now);
      if (key == starts_thread_[0] || key == starts_thread_[1]) [[unlikely]] {
        set_everywhere();  // it has a state, and cannot have run yet
      }
      break;
    }
    default: break;
  }
}

void CallProfileHook::set(void* thread, Function function) {
  setting_ = true;
  auto* pointer = reinterpret_cast<void*>(function);
  if (thread == api_.current_thread()) {
    api_.PyEval_SetProfile(pointer, nullptr);
  } else if (api_._PyEval_SetProfile != nullptr) {
    api_._PyEval_SetProfile(thread, pointer, nullptr);
  } else if (api_.PyThreadState_Swap != nullptr) {
    void* current = api_.PyThreadState_Swap(thread);
    api_.PyEval_SetProfile(pointer, nullptr);
    api_.PyThreadState_Swap(current);
  }
  setting_ = false;
}

// Where the thread state has its profile function: it is looked for once ours is in it.
bool CallProfileHook::find_field() {
  const char* thread = static_cast<const char*>(api_.current_thread());
  for (std::size_t at = 0; at + sizeof(void*) <= tracer_.layout().thread.size;
       at += sizeof(void*)) {
    if (field_at<Function>(thread, at) == own_) {
      field_ = at;
      return true;
    }
  }
  return false;
}

void CallProfileHook::set_everywhere() {
  const python::Layout& layout = tracer_.layout();
  const auto interpreters = python::list_interpreters(memory_, layout, address_of(api_.runtime));
  if (!interpreters || field_ == 0) {
    return;
  }
  for (const python::Interpreter& interpreter : *interpreters) {
    const auto threads = python::list_threads(memory_, layout, interpreter.address);
    for (const target::Address address : threads.value_or(std::vector<target::Address>())) {
      auto* thread = reinterpret_cast<char*>(address.value);
      const auto function = field_at<Function>(thread, field_);
      if (function == nullptr) {
        program_s_.erase(thread);
        set(thread, own_);
      } else if (function != own_) {
        program_s_[thread] = function;
        std::memcpy(thread + field_, &own_, sizeof own_);
      }
    }
  }
}

// The program is about to set a function of its own: look again when it has.
void CallProfileHook::check() {
  if (!setting_ && api_.Py_AddPendingCall != nullptr) {
    api_.Py_AddPendingCall(
        [](void* hook) {
          static_cast<CallProfileHook*>(hook)->set_everywhere();
          return 0;
        },
        this);
  }
}

bool CallProfileHook::begin() {
  if (api_.PyEval_SetProfile == nullptr || api_.current_thread() == nullptr) {
    return false;
  }
  own_ = tracer_.clock() == TickClock::processor ? &on_event<ProcessorClock>
                                                 : &on_event<MonotonicClock>;
  if (Object* module = api_.PyImport_AddModule("_thread")) {
    Object* names = api_.PyModule_GetDict(module);
    std::size_t found = 0;
    for (const char* name : {"start_new_thread", "start_joinable_thread"}) {  // that from 3.13 on
      if (const Object* starts = api_.PyDict_GetItemString(names, name)) {
        starts_thread_[found++] = tracer_.shape().definition(starts);
      }
    }
  }
  set(api_.current_thread(), own_);
  if (find_field()) {
    set_everywhere();
  }
  return true;
}

void CallProfileHook::end() {
  set(api_.current_thread(), nullptr);
}

}  // namespace lancehead::agent
