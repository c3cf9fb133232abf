#include "analyze/time_split.h"

#include "profile/sample_time.h"

namespace lancehead::analyze {

void TimeSplit::add(const schema::SampleTable& samples, std::size_t row) {
  const auto weight = static_cast<double>(samples.weight[row]);
  wall += weight;
  cpu += profile::cpu_time(samples, row);
  switch (samples.state[row]) {
    case schema::ThreadState::unknown: unknown += weight; break;
    case schema::ThreadState::holds_gil:
      able_to_run += weight;
      with_gil += weight;
      break;
    case schema::ThreadState::waits_for_gil: waiting += weight; break;
    case schema::ThreadState::without_gil: able_to_run += weight; break;
    case schema::ThreadState::blocked: blocked += weight; break;
    case schema::ThreadState::stopped: stopped += weight; break;
  }
  if (samples.flags[row].has(schema::SampleFlags::collecting)) {
    collecting += weight;
  }
}

}  // namespace lancehead::analyze
