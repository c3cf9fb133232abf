// The root of everything that the agent keeps in a process.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "agent/call_tracer.h"
#include "agent/code_counter.h"
#include "agent/python_api.h"
#include "agent/share_writer.h"

namespace lancehead::agent {

class Agent {
 public:
  // Asks the interpreter to be told when it begins to run a program. `share` is the path of the
  // share. Returns false where there is no interpreter in this process.
  [[nodiscard]] static bool install(std::string share);

  // The process is about to end without coming back to the interpreter, or (`began`) was not able
  // to.
  static void tell_end(bool began);

 private:
  explicit Agent(std::string share) : share_path_(std::move(share)) {}

  static int on_audit(const char* event, Object* arguments, void* data);
  static Object* on_exec(Object* module, Object* const* arguments, std::ptrdiff_t count,
                         Object* keywords);
  static Object* on_eval(Object* module, Object* const* arguments, std::ptrdiff_t count,
                         Object* keywords);
  static Object* on_dump(Object* module, Object* const* arguments, std::ptrdiff_t count,
                         Object* keywords);
  static Object* on_dumps(Object* module, Object* const* arguments, std::ptrdiff_t count,
                          Object* keywords);
  static Object* on_frame(void* thread, void* frame, int throws);
  static Object* on_frame_3_8(void* frame, int throws);

  // What stands in for a built-in function written in C.
  struct Replaced {
    MethodDefinition before{};
    MethodDefinition now{};
  };

  // Returns -1, with an exception set, where the program must not run.
  int begin();
  void begin_measuring();
  void begin_rewriting(bool counts);
  void begin_child();
  int run_main(Object* code);
  void watch_frames();
  void offer_profile();
  [[nodiscard]] int run_setup(const std::string& path);
  [[nodiscard]] ObjectRef run_text(const std::string& text, const char* filename, const char* name);
  using Function = Object* (*)(Object*, Object* const*, std::ptrdiff_t, Object*);
  void replace(const char* module, const char* name, Function with, Replaced& replaced);
  // Calls what was replaced, with `first` in place of the first argument.
  [[nodiscard]] Object* call(const Replaced& replaced, Object* first, Object* module,
                             Object* const* arguments, std::ptrdiff_t count, Object* keywords);
  [[nodiscard]] Object* run_counted(const Replaced& replaced, Object* module,
                                    Object* const* arguments, std::ptrdiff_t count,
                                    Object* keywords);
  [[nodiscard]] Object* dump_original(const Replaced& replaced, Object* module,
                                      Object* const* arguments, std::ptrdiff_t count,
                                      Object* keywords);
  void check_escape(void* frame);
  static void die_as_interrupted();

  PythonApi api_;
  std::string share_path_;
  std::unique_ptr<ShareWriter> share_;
  std::unique_ptr<CodeCounter> counter_;
  std::unique_ptr<CallTracer> tracer_;
  std::unique_ptr<CallProbes> call_probes_;
  std::optional<python::Layout> layout_;
  Replaced exec_, eval_, dump_, dumps_;
  bool begun_ = false;
  bool main_pending_ = false;  // the main program is about to be compiled and run
};

}  // namespace lancehead::agent
