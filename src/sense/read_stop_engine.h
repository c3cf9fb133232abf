// Looks by reading memory from outside, and by stopping a thread where reading would not be true.
//
// How a thread is looked at is chosen before the look (docs/how-it-works.md):
//   - on a GIL build only the thread that has the GIL can change Python frames; all others are
//     read once, and believed if the GIL did not change hands meanwhile;
//   - the holder is read twice and compared while it is known to be still, and stopped for the read
//     where it is known to move, as often as the budget allows.
#pragma once

#include <optional>

#include "python/layout.h"
#include "sense/code_cache.h"
#include "sense/engine.h"
#include "sense/loss_budget.h"
#include "target/tracer.h"

namespace lancehead::sense {

enum class LookPolicy : std::uint8_t {
  automatic,
  read_only,    // never stop a thread
  always_stop,  // stop the thread with the GIL at every look
};

class ReadStopEngine final : public Engine {
 public:
  // `budget` is the share of the time that may be lost; none: no limit.
  ReadStopEngine(const python::Layout& layout, target::Tracer& tracer, CodeCache& codes,
                 LookPolicy policy, std::optional<double> budget);

  [[nodiscard]] LookOutcome look(ThreadTrack& track, const RosterInterpreter& interpreter,
                                 target::SystemCall& call, Nanoseconds now) override;

  [[nodiscard]] LookCost cost() const override { return cost_; }
  void resume(Nanoseconds now) override { budget_.resume(now); }

 private:
  [[nodiscard]] LookOutcome look_at_mover(ThreadTrack& track, target::SystemCall& call,
                                          Nanoseconds now);
  [[nodiscard]] LookOutcome look_at_other(ThreadTrack& track, target::SystemCall& call,
                                          Nanoseconds now);
  [[nodiscard]] bool read_mover(ThreadTrack& track);
  void refresh_codes(ThreadTrack& track, Nanoseconds now);
  [[nodiscard]] std::optional<LookOutcome> stop_and_look(ThreadTrack& track, Nanoseconds now);
  [[nodiscard]] LookOutcome taken(ThreadTrack& track, schema::Look how);
  [[nodiscard]] bool has_gil(const ThreadTrack& track) const;

  const python::Layout& layout_;
  target::Tracer& tracer_;
  CodeCache& codes_;
  LookPolicy policy_;
  LossBudget budget_;
  LookCost cost_;
  bool may_stop_;
};

}  // namespace lancehead::sense
