// Adds up time without samples by thread and reason, so that a recording holds one row for each
// second and not one for each failure.
#pragma once

#include <map>
#include <utility>

#include "base/clock.h"
#include "schema/tables.h"
#include "sense/capture_log.h"

namespace lancehead::sense {

class Losses {
 public:
  void add(schema::ContextId context, schema::LossReason reason, Nanoseconds weight) {
    Loss& loss = losses_[{context, reason}];
    ++loss.count;
    loss.weight += weight;
  }

  void write(CaptureLog& log, Nanoseconds now) {
    for (const auto& [key, loss] : losses_) {
      log.append(schema::LossRow{.time = log.time_of(now),
                                 .context = key.first,
                                 .reason = key.second,
                                 .count = loss.count,
                                 .weight = loss.weight.count()});
    }
    losses_.clear();
  }

 private:
  struct Loss {
    std::uint32_t count = 0;
    Nanoseconds weight{};
  };
  std::map<std::pair<schema::ContextId, schema::LossReason>, Loss> losses_;
};

}  // namespace lancehead::sense
