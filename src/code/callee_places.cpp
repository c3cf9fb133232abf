#include "code/callee_places.h"

#include <string_view>

#include "code/opcodes.h"

namespace lancehead::code {
namespace {

// What lies beneath a callee: from 3.13 on a place of its own, always; on 3.12 nothing (a null), or
// else the callee itself, above which its self stands.
constexpr std::uint32_t kCalleeAndSelf = 2;

// The top of the stack while one block of 3.12 runs, as far as the block itself made it.
class MarkedStack {
 public:
  void push(bool is_null = false) { marks_.push_back(is_null); }
  void pop(std::uint32_t count) {
    marks_.resize(count < marks_.size() ? marks_.size() - count : 0);
  }
  void forget() { marks_.clear(); }
  // From 1.
  [[nodiscard]] bool is_null(std::uint32_t depth) const {
    return depth <= marks_.size() && marks_[marks_.size() - depth];
  }

  void run(std::string_view name, std::uint32_t arg) {
    if (name == "PUSH_NULL") {
      push(true);
    } else if (name == "LOAD_GLOBAL") {
      if ((arg & 1U) != 0) {
        push(true);
      }
      push();
    } else if (name == "LOAD_FAST" || name == "LOAD_FAST_CHECK" || name == "LOAD_CONST" ||
               name == "LOAD_DEREF" || name == "LOAD_NAME") {
      push();
    } else if (name == "LOAD_ATTR") {
      pop(1);
      push();
      if ((arg & 1U) != 0) {
        push();  // a method and its self, or a null and a callee
      }
    } else if (name == "BINARY_OP" || name == "BINARY_SUBSCR" || name == "COMPARE_OP" ||
               name == "CONTAINS_OP" || name == "IS_OP") {
      pop(2);
      push();
    } else if (name == "BUILD_TUPLE" || name == "BUILD_LIST" || name == "BUILD_SET" ||
               name == "BUILD_STRING") {
      pop(arg);
      push();
    } else if (name == "CALL") {
      pop(arg + kCalleeAndSelf);
      push();
    } else if (name == "POP_TOP" || name == "STORE_FAST" || name == "STORE_NAME" ||
               name == "STORE_GLOBAL" || name == "STORE_DEREF") {
      pop(1);
    } else if (name != "NOP" && name != "RESUME" && name != "KW_NAMES" &&
               !name.starts_with("UNARY_")) {
      forget();
    }
  }

 private:
  std::vector<bool> marks_;
};

void find_by_nulls(const FlowGraph& graph, const OpcodeTable& opcodes,
                   std::vector<std::uint32_t>& depths) {
  for (const FlowBlock& block : graph.blocks()) {
    MarkedStack stack;
    bool has_keywords = false;  // KW_NAMES and its CALL belong together
    for (std::uint32_t i = block.first; i <= block.last; ++i) {
      const Instruction& one = graph.instructions()[i];
      const std::string_view name = opcodes[one.base].name;
      if (name == "CALL" && !has_keywords && stack.is_null(one.arg + kCalleeAndSelf)) {
        depths[i] = one.arg + 1;
      }
      has_keywords = name == "KW_NAMES";
      stack.run(name, one.arg);
    }
  }
}

}  // namespace

std::vector<std::uint32_t> callee_depths(const FlowGraph& graph, PythonVersion version) {
  std::vector<std::uint32_t> depths(graph.instructions().size());
  const OpcodeTable* opcodes = opcodes_of(version);
  if (opcodes == nullptr || !can_find_callees(version)) {
    return depths;
  }
  if (!version.at_least(13)) {
    find_by_nulls(graph, *opcodes, depths);
    return depths;
  }
  for (std::size_t i = 0; i < depths.size(); ++i) {
    const Instruction& one = graph.instructions()[i];
    const std::string_view name = (*opcodes)[one.base].name;
    if (name == "CALL") {
      depths[i] = one.arg + kCalleeAndSelf;
    } else if (name == "CALL_KW") {
      depths[i] = one.arg + kCalleeAndSelf + 1;  // the names lie on top
    }
  }
  return depths;
}

}  // namespace lancehead::code
