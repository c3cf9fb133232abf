// Reads interpreters out of hostile memory: whatever a process shows, it must cost neither a crash
// nor unbounded time or memory.
//
// An input is a file of target/recorded_memory.h; tests/data/images has the seeds.
#include <cstdlib>

#include "python/code_object.h"
#include "python/debug_offsets.h"
#include "python/object_reader.h"
#include "python/thread_state.h"
#include "sense/roster.h"
#include "sense/thread_look.h"
#include "support/recorded_process.h"
#include "target/recorded_memory.h"

namespace lancehead {
namespace {

using target::Address;

// Ends the test where a reader asks for more than an honest process could ever make it ask for.
class BoundedMemory final : public target::Memory {
 public:
  explicit BoundedMemory(target::Memory& source) : source_(source) {}

  Faulty<std::size_t> read_many(std::span<const target::ReadRequest> requests) override {
    for (const target::ReadRequest& request : requests) {
      bytes_ += request.into.size();
    }
    calls_ += 1;
    if (calls_ > kMostCalls || bytes_ > kMostBytes) {
      std::abort();
    }
    return source_.read_many(requests);
  }

 private:
  // An input has some thousand words at most, so that no honest list in it is longer.
  static constexpr std::uint64_t kMostCalls = 2'000'000;
  static constexpr std::uint64_t kMostBytes = 4ULL << 30U;

  target::Memory& source_;
  std::uint64_t calls_ = 0;
  std::uint64_t bytes_ = 0;
};

void read_frames(target::Memory& memory, const python::Layout& layout,
                 const python::RawStack& stack) {
  constexpr std::size_t kEnough = 32;
  for (std::size_t i = 0; i < stack.size() && i < kEnough; ++i) {
    (void)testing::frame_in_words(memory, layout, stack[i]);
    python::CodeObject code;
    python::read_code_details(memory, layout, stack[i].code, code);
    python::ObjectReader objects(memory, layout);
    (void)objects.read_text(stack[i].code);
    (void)objects.read_constant(stack[i].code);
  }
}

void look_as_sensors_do(target::RecordedMemory& memory, const testing::PythonProcess& process) {
  BoundedMemory for_roster(memory);
  sense::Roster roster(for_roster, process.layout, process.runtime);
  (void)roster.refresh();
  std::size_t looked = 0;
  constexpr std::size_t kEnough = 8;
  for (const sense::RosterInterpreter& interpreter : roster.interpreters()) {
    for (const sense::RosterThread& thread : interpreter.threads) {
      if (++looked > kEnough) {
        return;
      }
      BoundedMemory for_look(memory);
      sense::ThreadLook look(for_look, process.layout, thread.address, interpreter.interpreter.gil);
      if (look.look_twice() == sense::Stillness::moved && !look.look_once()) {
        continue;
      }
      read_frames(for_look, process.layout, look.stack());
    }
  }
}

void read_all(target::RecordedMemory& memory) {
  const auto process = testing::describe_recorded(memory);
  if (!process) {
    return;
  }
  BoundedMemory bounded(memory);
  (void)python::is_consistent(bounded, process->layout, process->runtime);
  look_as_sensors_do(memory, *process);
}

}  // namespace
}  // namespace lancehead

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto image = lancehead::target::MemoryImage::decode(std::as_bytes(std::span(data, size)));
  if (image) {
    lancehead::target::RecordedMemory memory(std::move(*image));
    lancehead::read_all(memory);
  }
  return 0;
}
