// What a sample costs in the file.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "unit/record/support.h"

namespace lancehead::record {
namespace {

using testing::Folder;

// One thread at 1 kHz, jittered by half a period, on 30 stacks of which few are hot; the wall time
// in nanoseconds, as a clock gives it.
class JuliaLikeSamples {
 public:
  schema::SampleRow next() {
    const std::int64_t step = 500'000 + static_cast<std::int64_t>(random_() % 1'000'000);
    time_ += step;
    if (count_++ % 20 == 0) {
      cpu_share_ = 800'000 + static_cast<std::uint32_t>(random_() % 400'000);
    }
    return {.time = time_,
            .context = schema::ContextId(2),
            .stack = schema::StackId(std::min<std::size_t>(stacks_(random_), 29)),
            .weight = step,
            .cpu_share = cpu_share_,
            .state = schema::ThreadState::holds_gil,
            .look = schema::Look::read};
  }

 private:
  std::mt19937_64 random_{5};
  std::geometric_distribution<std::size_t> stacks_{0.15};
  std::int64_t time_ = 0;
  std::uint32_t cpu_share_ = 0;
  std::size_t count_ = 0;
};

double bytes_per_sample(int seconds) {
  const Folder folder;
  const auto path = folder / "a.lancehead";
  auto writer = Writer::create(path);
  EXPECT_TRUE(writer);
  JuliaLikeSamples samples;
  for (int second = 0; second < seconds; ++second) {
    for (int i = 0; i < 1000; ++i) {
      (*writer)->append(samples.next());
    }
    EXPECT_TRUE((*writer)->flush());
  }
  EXPECT_TRUE((*writer)->finish());
  return static_cast<double>(std::filesystem::file_size(path)) / (seconds * 1000.0);
}

TEST(Size, ASampleTakesAtMostFourBytes) {
  for (const int seconds : {5, 60}) {
    const double bytes = bytes_per_sample(seconds);
    RecordProperty("bytes_per_sample", std::to_string(bytes));
    EXPECT_LE(bytes, 4.0) << seconds << " seconds";
    EXPECT_GE(bytes, 1.5) << "less than the randomness in them: something is not kept";
  }
}

}  // namespace
}  // namespace lancehead::record
