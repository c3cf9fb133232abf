// Puts probes into the bytecode of a code object, and moves everything that depends on offsets.
//
// A probe is a constant of the code object whose type belongs to the agent. Code that runs over it
// does so by instructions that call a slot of that type and leave the stack as it was:
//
//     LOAD_CONST probe; FOR_ITER                      counts (and up to 3.10 takes an exception's
//                                                     traceback where a handler begins)
//     LOAD_CONST probe; UNARY_INVERT; POP_TOP         counts, from 3.14 on
//     COPY 1; LOAD_CONST probe; CONTAINS_OP; POP_TOP  gets the exception on top of the stack
//                                                     (3.11 on)
//
// The first is the cheapest: an iterator that is at its end is dropped, and FOR_ITER alone calls
// its slot without a function in between. From 3.12 on it goes on behind an END_FOR, which must
// be there; from 3.14 on it leaves dropping to instructions of its own.
//
// With call probes, the third form with another depth stands in front of each call and gets what
// is about to be called, and the second behind it (3.13 on, where that has a fixed place on the
// stack).
#pragma once

#include <cstdint>
#include <expected>
#include <string_view>
#include <vector>

#include "code/flow_graph.h"
#include "code/probe_plan.h"

namespace lancehead::code {

struct RewrittenCode {
  std::vector<std::uint8_t> bytecode, line_table, exception_table;
  std::uint32_t stack_size = 0;
  // By unit of two bytes of the new bytecode: the offset in the old one that it stands for.
  std::vector<std::uint32_t> origin;

  // By unit of the old bytecode: the unit of the new one where the same instruction (or cache) is.
  // kNoOrigin for EXTENDED_ARGs.
  std::vector<std::uint32_t> place;

  static constexpr std::uint32_t kNoOrigin = 0xFFFFFFFF;
};

enum class RewriteFault : std::uint8_t {
  no_room,  // a probe would have to stand between instructions that belong together
};

[[nodiscard]] std::string_view to_string(RewriteFault fault);

enum class CounterForm : std::uint8_t { next, invert };

// The slot by which code of the version runs over a counter.
[[nodiscard]] constexpr CounterForm counter_form(PythonVersion version) {
  return version.at_least(14) ? CounterForm::invert : CounterForm::next;
}

enum class CallProbing : std::uint8_t { none, calls };

// The constant of the plan's probe number n is number `constant_count` + n; behind them come those
// of the probes in front of calls, behind them, and where the function begins.
[[nodiscard]] std::expected<RewrittenCode, RewriteFault> rewrite(
    const CodeText& code, const FlowGraph& graph, const ProbePlan& plan,
    std::uint32_t constant_count, std::uint32_t stack_size, CallProbing calls = CallProbing::none);

}  // namespace lancehead::code
