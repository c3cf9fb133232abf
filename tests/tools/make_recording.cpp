// Writes a recording of as many samples as are asked for, of a program that never ran: two threads,
// calls some 20 deep that change as those of a real program do. For what has to bear the size.
//
//     make_recording FILE SAMPLES [SOURCE]
//
// The text of SOURCE, if one is named, is that of the program's only file.
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "record/writer.h"

namespace lancehead {
namespace {

using record::Writer;
namespace s = schema;

constexpr std::size_t kFunctions = 400;
constexpr std::size_t kMostDeep = 40;
constexpr std::int64_t kPeriod = 1'000'000;

// Calls and returns at random, from functions to few others, so that stacks repeat.
class Walk {
 public:
  Walk(Writer& writer, std::vector<s::FrameId> frames, std::uint64_t seed)
      : writer_(writer), frames_(std::move(frames)), random_(seed) {
    push(0);
  }

  s::StackId step() {
    const std::size_t moves = std::geometric_distribution<std::size_t>(0.4)(random_);
    for (std::size_t move = 0; move < moves; ++move) {
      const bool is_deep = path_.size() >= kMostDeep;
      if (path_.size() > 1 && (is_deep || std::bernoulli_distribution(0.5)(random_))) {
        path_.pop_back();
      } else {
        push((path_.back().function * 7 + 1 + random_() % 4) % kFunctions);
      }
    }
    // Another line of the function on top.
    const std::size_t function = path_.back().function;
    path_.pop_back();
    push(function);
    return path_.back().stack;
  }

 private:
  struct Level {
    std::size_t function = 0;
    s::StackId stack;
  };
  static constexpr std::size_t kLines = 3;

  void push(std::size_t function) {
    const s::StackId parent = path_.empty() ? s::StackId() : path_.back().stack;
    const s::FrameId frame = frames_[function * kLines + random_() % kLines];
    const auto key = std::pair(parent.value, frame.value);
    auto found = known_.find(key);
    if (found == known_.end()) {
      found =
          known_.emplace(key, writer_.append(s::StackRow{.parent = parent, .frame = frame})).first;
    }
    path_.push_back({function, found->second});
  }

  Writer& writer_;
  std::vector<s::FrameId> frames_;
  std::mt19937_64 random_;
  std::vector<Level> path_;
  std::map<std::pair<decltype(s::StackId::value), decltype(s::FrameId::value)>, s::StackId> known_;
};

void write(Writer& writer, std::size_t samples, const std::string& source) {
  const auto text = [&](const std::string& value) {
    return writer.append(s::StringRow{.text = value});
  };
  const auto process = writer.append(s::ContextRow{.kind = s::ContextKind::process, .os_id = 4000});
  std::vector<s::ContextId> threads;
  for (const std::uint64_t id : {4000U, 4001U}) {
    threads.push_back(writer.append(
        s::ContextRow{.kind = s::ContextKind::thread, .parent = process, .os_id = id}));
  }
  const auto session = writer.append(s::SessionRow{.process = process,
                                                   .executable = text("/usr/bin/python3.13"),
                                                   .python_version = 0x030D00F0,
                                                   .period = kPeriod});
  const auto file =
      writer.append(s::SourceRow{.path = text("/home/me/app/large.py"), .text = source});
  std::vector<s::FrameId> frames;
  for (std::size_t i = 0; i < kFunctions; ++i) {
    const auto name = text("function_" + std::to_string(i));
    const auto line = static_cast<std::uint32_t>(i * 4 + 1);
    // Three instructions of a unit each, on the lines behind each other (PEP 626's table).
    constexpr std::string_view kLines("\2\1\2\1\2\1");
    const auto code = writer.append(s::CodeRow{.kind = s::CodeKind::python,
                                               .name = name,
                                               .qualified_name = name,
                                               .source = file,
                                               .first_line = line,
                                               .session = session,
                                               .line_table_kind = s::LineTableKind::linetable,
                                               .line_table = kLines});
    for (const std::int32_t offset : {0, 2, 4}) {
      frames.push_back(writer.append(s::FrameRow{.code = code, .offset = offset}));
    }
  }
  std::vector<Walk> walks;
  for (std::size_t i = 0; i < threads.size(); ++i) {
    walks.emplace_back(writer, frames, i + 1);
  }
  std::mt19937_64 random(7);
  for (std::size_t i = 0; i < samples; ++i) {
    const std::size_t thread = i % threads.size();
    const bool is_blocked = thread == 1 && i / 5000 % 3 == 0;
    writer.append(
        s::SampleRow{.time = static_cast<std::int64_t>(i / threads.size() + 1) * kPeriod +
                             static_cast<std::int64_t>(random() % (kPeriod / 2000)) * 1000,
                     .context = threads[thread],
                     .stack = walks[thread].step(),
                     .weight = kPeriod,
                     .cpu_share = is_blocked ? 0U : 1'000'000U,
                     .state = is_blocked ? s::ThreadState::blocked : s::ThreadState::holds_gil});
    constexpr std::size_t kBatch = 1U << 16U;
    if (i % kBatch == 0) {
      (void)writer.flush();
    }
  }
}

}  // namespace
}  // namespace lancehead

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "make_recording FILE SAMPLES [SOURCE]\n";
    return 2;
  }
  auto writer = lancehead::record::Writer::create(argv[1], {.force = true});
  if (!writer) {
    std::cerr << writer.error().what << '\n';
    return 1;
  }
  std::string source;
  if (argc > 3) {
    std::ifstream file(argv[3], std::ios::binary);
    source.assign(std::istreambuf_iterator<char>(file), {});
  }
  lancehead::write(**writer, std::strtoull(argv[2], nullptr, 10), source);
  return (*writer)->finish() ? 0 : 1;
}
