#include "unit/analyze/simulated_run.h"

#include <cmath>
#include <string>
#include <utility>

#include "support/text_profile.h"

namespace lancehead::test {
namespace {

constexpr double kMillisecond = 1e6;
constexpr double kDriftTime = 200;  // ms in which the machine's speed forgets what it was

}  // namespace

SimulatedProgram::SimulatedProgram(std::string_view head, std::vector<SimulatedPlace> places)
    : places_(std::move(places)) {
  std::string text(head);
  for (const SimulatedPlace& place : places_) {
    text += "\nsample MainThread holds_gil : " + std::string(place.frames);
  }
  tables_ = tables_from_text(text);
  for (std::size_t row = 0; row < tables_.samples.size(); ++row) {
    stacks_.push_back(tables_.samples.stack[row]);
  }
  sample_ = tables_.samples.row(std::size_t{0});
  tables_.samples.clear();
}

void SimulatedProgram::slow_down(std::string_view frames, double factor) {
  for (SimulatedPlace& place : places_) {
    place.visit *= place.frames == frames ? factor : 1;
  }
}

double SimulatedProgram::round() const {
  double sum = 0;
  for (const SimulatedPlace& place : places_) {
    sum += place.visit * place.visits;
  }
  return sum;
}

schema::Tables SimulatedProgram::record(int rounds, const RunNoise& noise,
                                        std::mt19937_64& random) const {
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> jitter(0.5, 1.5);
  const double speed = std::exp(noise.speed * normal(random));
  std::vector<double> durations;
  for (const SimulatedPlace& place : places_) {
    durations.push_back(place.visit * speed * std::exp(noise.place * normal(random)));
  }
  schema::Tables tables = tables_;
  double now = 0;
  double drift = noise.drift * normal(random);
  double last_look = 0;
  double next_look = jitter(random);
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t place = 0; place < places_.size(); ++place) {
      for (int visit = 0; visit < places_[place].visits; ++visit) {
        const double length =
            durations[place] * std::exp(drift) * std::exp(noise.visit * normal(random));
        now += length;
        const double kept = std::exp(-length / kDriftTime);
        drift = kept * drift + std::sqrt(1 - kept * kept) * noise.drift * normal(random);
        for (; next_look < now; next_look += jitter(random)) {
          schema::SampleRow row = sample_;
          row.stack = stacks_[place];
          row.time = static_cast<std::int64_t>(next_look * kMillisecond);
          row.weight = static_cast<std::int64_t>((next_look - last_look) * kMillisecond);
          tables.append(row);
          last_look = next_look;
        }
      }
    }
  }
  return tables;
}

}  // namespace lancehead::test
