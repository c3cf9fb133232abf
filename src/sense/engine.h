// The one interface behind which there are different ways to look at a thread.
#pragma once

#include <cstdint>

#include "base/clock.h"
#include "schema/tables.h"
#include "sense/roster.h"
#include "sense/thread_track.h"
#include "target/thread_files.h"

namespace lancehead::sense {

// What came of one look. Where it was taken, `track.look` holds the stack, and the code of its
// frames is in the cache.
struct LookOutcome {
  enum class Kind : std::uint8_t {
    taken,
    skipped,  // on purpose: the time goes to the thread's next sample
    lost,     // the time has no sample, for `reason`
  };
  Kind kind = Kind::lost;
  schema::LossReason reason = schema::LossReason::changed;
  schema::Look how = schema::Look::read;
  Nanoseconds held{};               // how long the thread was held still
  target::Address program_counter;  // where it was taken; null is none
  bool has_gil = false;

  [[nodiscard]] static LookOutcome lost(schema::LossReason reason) { return {.reason = reason}; }
  [[nodiscard]] static LookOutcome skipped() { return {.kind = Kind::skipped}; }
};

// What looking cost the target so far.
struct LookCost {
  std::uint64_t stops = 0;
  Nanoseconds held{};      // for which threads were held, or delayed by readings
  Nanoseconds per_stop{};  // what a stop costs beyond the held time, as calibrated
};

class Engine {
 public:
  Engine() = default;
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  virtual ~Engine() = default;

  // Looks at one thread. `call` says where the kernel saw it just before, and afterwards where the
  // kernel saw it before the attempt that succeeded.
  [[nodiscard]] virtual LookOutcome look(ThreadTrack& track, const RosterInterpreter& interpreter,
                                         target::SystemCall& call, Nanoseconds now) = 0;

  [[nodiscard]] virtual LookCost cost() const = 0;

  // Looking begins anew after a pause, which earns no budget.
  virtual void resume(Nanoseconds now) = 0;
};

}  // namespace lancehead::sense
