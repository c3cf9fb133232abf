// Reads interpreters out of hostile memory: whatever a process shows, it must cost neither a crash
// nor unbounded time or memory.
//
// An input is a file of target/recorded_memory.h; tests/data/images has the seeds.
#include <array>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <random>

#include "python/code_object.h"
#include "python/debug_offsets.h"
#include "python/object_reader.h"
#include "python/thread_names.h"
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
  constexpr std::size_t kEnough = 8;
  for (std::size_t i = 0; i < stack.size() && i < kEnough; ++i) {
    (void)testing::frame_in_words(memory, layout, stack[i]);
    python::CodeObject code;
    python::read_code_details(memory, layout, stack[i].code, code);
    python::ObjectReader objects(memory, layout);
    (void)objects.read_text(stack[i].code);
    (void)objects.read_constant(stack[i].code);
  }
}

void read_names(target::Memory& memory, const testing::PythonProcess& process) {
  const auto head =
      memory.read_pointer(process.runtime + process.layout.runtime.interpreters_head.bytes);
  const auto threads =
      head ? python::list_threads(memory, process.layout, *head) : std::unexpected(head.error());
  std::vector<std::uint64_t> pthreads;
  constexpr std::size_t kEnough = 16;
  for (std::size_t i = 0; threads && i < threads->size() && i < kEnough; ++i) {
    const Address at = (*threads)[i] + process.layout.thread.thread_id.bytes;
    pthreads.push_back(memory.read_value<std::uint64_t>(at).value_or(0));
  }
  if (head) {
    (void)python::ThreadNames(memory, process.layout).read(*head, pthreads);
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
  read_names(bounded, *process);
  look_as_sensors_do(memory, *process);
}

target::Address pick_place(const target::MemoryImage& image, std::minstd_rand& random) {
  const auto& segments = image.segments();
  const auto segment =
      std::next(segments.begin(), static_cast<std::ptrdiff_t>(random() % segments.size()));
  const std::uint64_t at = segment->first + random() % segment->second.size();
  return {at / 8 * 8 >= segment->first ? at / 8 * 8 : at};
}

void bend(target::MemoryImage& image, std::minstd_rand& random) {
  constexpr std::array<std::uint64_t, 8> kLies = {
      0, 1, 0xFFFFFFFF, 1ULL << 16U, 1ULL << 20U, 1ULL << 26U, 1ULL << 63U, ~0ULL};
  for (std::uint64_t left = 1 + random() % 4; left > 0; --left) {
    const target::Address at = pick_place(image, random);
    std::uint64_t value = 0;
    switch (random() % 4) {
      case 0: value = kLies[random() % kLies.size()]; break;
      case 1: value = at.value; break;
      default: value = pick_place(image, random).value; break;
    }
    // What reached over the end of its segment would make the image grow without end.
    std::array<std::byte, sizeof value> old{};
    if (image.load(at, old)) {
      image.store_value(at, value);
    }
  }
}

}  // namespace
}  // namespace lancehead

// Bends words of the memory, where chance alone would mostly spoil the frame of the file: to the
// address of something else in the image, near it, or to a number as sizes and lies have it.
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
  std::minstd_rand random(seed);
  auto image = lancehead::target::MemoryImage::decode(std::as_bytes(std::span(data, size)));
  if (!image || image->segments().empty() || random() % 4 == 0) {
    return LLVMFuzzerMutate(data, size, most);
  }
  lancehead::bend(*image, random);
  const lancehead::Bytes file = image->encode();
  if (file.size() > most) {
    return LLVMFuzzerMutate(data, size, most);
  }
  std::memcpy(data, file.data(), file.size());
  return file.size();
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto image = lancehead::target::MemoryImage::decode(std::as_bytes(std::span(data, size)));
  if (image) {
    lancehead::target::RecordedMemory memory(std::move(*image));
    lancehead::read_all(memory);
  }
  return 0;
}
