// Turns code objects into counted ones.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "agent/call_probe.h"
#include "agent/code_filter.h"
#include "agent/counted_code.h"
#include "agent/object_ref.h"
#include "agent/own_memory.h"
#include "agent/probe_types.h"
#include "agent/python_api.h"
#include "agent/share_writer.h"
#include "code/probe_plan.h"
#include "code/rewrite.h"
#include "python/code_object.h"
#include "python/layout.h"

namespace lancehead::agent {

class CodeCounter {
 public:
  // The children of a fork count for themselves: in the child, after the share.
  void begin_child();

  // `counts`: how often things run. `calls` is null where code does not report its calls.
  CodeCounter(const PythonApi& api, const python::Layout& layout, ShareWriter& share,
              CodeFilter filter, bool counts, const CallProbes* calls);

  [[nodiscard]] bool is_ready() const { return probes_.is_ready(); }

  // The code object to run in place of `code`, with all functions inside it: borrowed, kept for
  // ever. It is `code` itself where the file is not to be counted, or where it cannot be. Errors of
  // the interpreter are cleared. Never fails.
  [[nodiscard]] Object* counted(Object* code);

  // The program named this function with `profile`. Where its file is not counted, it is from now
  // on.
  void choose(Object* function);

  // The compiled code that `code` runs in place of; `code` itself for all other code. Borrowed.
  [[nodiscard]] Object* original(Object* code) const;

  // As counted(), whatever its file is.
  [[nodiscard]] Object* counted_always(Object* code) {
    always_ = true;
    Object* result = counted(code);
    always_ = false;
    return result;
  }

  // Puts what counted() made into `code` itself, which must not have run yet. Up to 3.10 only,
  // where a code object points to all its parts.
  void count_in_place(Object* code);

  // An exception left a frame of `code` at a byte offset (up to 3.10, from the frame's evaluation).
  void escaped(Object* code, std::int64_t offset);

  // Tells the share where all frames of counted code are now: of this thread, or of all.
  void tell_frames(bool began, bool all_threads);

  // For the main program of 3.11 and later, which was run in place of `code`: lets that one do
  // nothing.
  void disarm(Object* code);

  // The number of the record of what was compiled, for code that runs in its place.
  [[nodiscard]] std::optional<std::uint64_t> record_of(Object* code) const {
    const auto found = by_rewritten_.find(code);
    return found == by_rewritten_.end() ? std::nullopt : std::optional(found->second->record);
  }

  [[nodiscard]] bool is_code(Object* object) const;
  [[nodiscard]] std::string filename_of(Object* code);
  [[nodiscard]] const python::Layout& layout() const { return layout_; }

 private:
  struct Parts;

  [[nodiscard]] Object* replacement_of(Object* code);
  [[nodiscard]] ObjectRef rewritten(Object* code, Object* in_place);
  [[nodiscard]] std::optional<Parts> read_parts(Object* code);
  [[nodiscard]] bool count_parts(Parts& parts);
  [[nodiscard]] bool add_counters(Parts& parts);
  [[nodiscard]] ObjectRef make_code(Object* code, Parts& parts);
  [[nodiscard]] ObjectRef make_constants(Object* code, Parts& parts);
  [[nodiscard]] Object* make_probe(const Parts& parts, std::size_t number);
  void add_frames(target::Address thread, FramesRecord& record);
  void refuse(const python::CodeObject& code, std::string_view reason);

  const PythonApi& api_;
  python::Layout layout_;
  OwnMemory memory_;
  ShareWriter& share_;
  CodeFilter filter_;
  bool counts_;
  bool always_ = false;
  const CallProbes* calls_;
  ProbeTypes probes_;
  std::deque<CountedCode> codes_;                      // their addresses stay
  std::unordered_map<Object*, Object*> replacements_;  // both with a reference
  std::unordered_map<Object*, Object*> originals_;     // the other way round
  std::unordered_map<Object*, const CountedCode*> by_rewritten_;
  std::unordered_set<Object*> chosen_;  // of what runs
};

}  // namespace lancehead::agent
