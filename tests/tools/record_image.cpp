// Writes an image of what lancehead reads of a waiting Python process, and shows it in words.
//
//     record_image PID IMAGE      (run by tests/tools/record_images.py)
#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <string>
#include <string_view>

#include "python/runtime.h"
#include "python/thread_state.h"
#include "sense/roster.h"
#include "sense/thread_look.h"
#include "support/recorded_process.h"
#include "target/process_memory.h"
#include "target/recorded_memory.h"

namespace lancehead::testing {
namespace {

using target::Address;

// What the sensors read goes beyond what is needed to tell the stacks: whole thread states, the
// chunks of the data stack, the GIL.
bool read_as_sensors_do(target::Memory& memory, const PythonProcess& process) {
  sense::Roster roster(memory, process.layout, process.runtime);
  if (!roster.refresh()) {
    return false;
  }
  for (const sense::RosterInterpreter& interpreter : roster.interpreters()) {
    for (const sense::RosterThread& thread : interpreter.threads) {
      std::vector<std::byte> whole(process.layout.thread.size);
      sense::ThreadLook look(memory, process.layout, thread.address, interpreter.interpreter.gil);
      if (!memory.read(thread.address, whole) || look.look_twice() != sense::Stillness::proven) {
        return false;
      }
      for (const python::RawFrame& frame : look.stack()) {
        std::array<std::byte, python::kCodeHead> head{};
        std::array<std::byte, python::kNameHead> name{};
        if (!memory.read(frame.code, head) ||
            !memory.read(python::decode_code_name(process.layout, head), name)) {
          return false;
        }
      }
    }
  }
  return true;
}

// The kernel's ids of threads are other ones each time and nobody's business.
void make_anonymous(target::MemoryImage& image, target::Memory& memory,
                    const PythonProcess& process) {
  const python::Offset id = process.layout.thread.native_thread_id;
  sense::Roster roster(memory, process.layout, process.runtime);
  if (!id.present() || !roster.refresh()) {
    return;
  }
  std::uint64_t number = 1000;
  for (const sense::RosterInterpreter& interpreter : roster.interpreters()) {
    for (const sense::RosterThread& thread : interpreter.threads) {
      image.store_value(thread.address + id.bytes, number++);
    }
  }
}

int record(pid_t pid, const char* path) {
  target::ProcessMemory process_memory(pid);
  target::RecordingMemory memory(process_memory);
  python::RuntimeFinder finder(pid, memory);
  const auto search = finder.search();
  if (!search || !search->found) {
    fmt::print(stderr, "There is no interpreter to be found in process {}.\n", pid);
    return 1;
  }
  const PythonProcess process{search->found->address, search->found->layout};
  const Faulty<std::string> words = describe_in_words(memory, process);
  if (!words || !read_as_sensors_do(memory, process)) {
    fmt::print(stderr, "Process {} could not be read: {}.\n", pid,
               words ? "its threads do not wait" : to_string(words.error()));
    return 1;
  }
  make_anonymous(memory.image, process_memory, process);
  memory.image.marks[kRuntimeMark] = process.runtime.value;
  memory.image.marks[kVersionMark] = process.layout.version.to_hex();
  const Bytes file = memory.image.encode();
  std::ofstream out(path, std::ios::binary);
  out.write(as_text(file).data(), static_cast<std::streamsize>(file.size()));
  fmt::print("{}", *words);
  return out.good() ? 0 : 1;
}

}  // namespace
}  // namespace lancehead::testing

int main(int argc, char** argv) {
  const std::string_view number(argc == 3 ? argv[1] : "");
  pid_t pid = 0;
  if (std::from_chars(number.data(), number.data() + number.size(), pid).ec != std::errc{}) {
    fmt::print(stderr, "usage: record_image PID IMAGE\n");
    return 2;
  }
  return lancehead::testing::record(pid, argv[2]);
}
