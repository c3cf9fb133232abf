// Recordings of one program that never ran: its work is the same in each run, its moments are not.
#pragma once

#include <cstdint>
#include <random>
#include <string_view>
#include <vector>

#include "schema/tables.h"

namespace lancehead::test {

// How two runs of one program differ. Deviations are of logarithms.
struct RunNoise {
  double speed = 0.03;   // of a whole run
  double drift = 0.03;   // of the machine within a run, over some hundred milliseconds
  double place = 0.007;  // of each place in a run: layout, hashes
  double visit = 0.1;    // of each visit of a place
};

// A place of the program: it is visited in turn with the others, each time for so long.
struct SimulatedPlace {
  std::string_view frames;  // as in a text profile
  double visit = 1;         // ms
  int visits = 1;           // in each round
};

class SimulatedProgram {
 public:
  // `head` is what a text profile says before its samples.
  SimulatedProgram(std::string_view head, std::vector<SimulatedPlace> places);

  // Makes a place slower by this factor; it is told by the text of its frames.
  void slow_down(std::string_view frames, double factor);

  // Looked at every millisecond, with the jitter of the sampler's schedule, for so many rounds.
  [[nodiscard]] schema::Tables record(int rounds, const RunNoise& noise,
                                      std::mt19937_64& random) const;
  [[nodiscard]] double round() const;  // ms

 private:
  schema::Tables tables_;
  std::vector<SimulatedPlace> places_;
  std::vector<schema::StackId> stacks_;
  schema::SampleRow sample_;
};

}  // namespace lancehead::test
