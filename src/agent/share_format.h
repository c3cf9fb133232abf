// The file through which agents hand over what they counted: `share` in the folder that stands
// beside a growing recording. Memory of the observed processes, mapped from this file; the kernel
// keeps it when a process is killed.
//
// A header, then segments, each claimed by adding its size to the header's `end`. A segment belongs
// to one process and has one kind: records (what was counted, as bytes), or counters. Processes
// that are forked claim segments of their own. Readers must take all of it for hostile.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace lancehead::agent {

inline constexpr std::uint64_t kShareMagic = 0x316572616873686cULL;     // "lhshare1"
inline constexpr std::uint64_t kSegmentMagic = 0x31676573'6873686cULL;  // "lhshseg1"
inline constexpr std::size_t kSharePage = 4096;
inline constexpr std::size_t kMostConfiguration = 64U << 10U;

struct ShareHeader {
  std::uint64_t magic = kShareMagic;
  std::atomic<std::uint64_t> end;            // where the next segment goes; a multiple of a page
  std::atomic<std::uint32_t> process_count;  // processes that took part so far
  std::uint32_t configuration_size = 0;      // bytes behind this header
};

inline constexpr std::size_t kShareStart = sizeof(ShareHeader) + kMostConfiguration;

enum class SegmentKind : std::uint32_t {
  records = 1,
  counters = 2,
  call_thread = 3,  // call_format.h; `number` is the thread's, among the process's
  call_nodes = 4,   // of the thread of that `number`
};

struct SegmentHeader {
  std::uint64_t magic = kSegmentMagic;
  std::uint64_t size = 0;  // with this header; a multiple of a page
  SegmentKind kind = SegmentKind::records;
  std::uint32_t process = 0;  // by the order of taking part
  std::uint32_t number = 0;   // among the process's segments of this kind
  std::uint32_t unused = 0;
  std::atomic<std::uint64_t> used;  // of records: bytes that are whole
  std::uint64_t base = 0;           // where the process mapped it
};

enum class RecordKind : std::uint32_t {
  process = 1,    // ProcessRecord, the first of each process
  code = 2,       // a code object that is counted
  uncounted = 3,  // code that is not, and why
  frames = 4,     // where frames were when the process began as a copy, or ended
  chosen = 7,     // code that the program named with `profile`
  callee = 5,     // what was called
  calls = 6,      // how calls are counted, once they are
};

// In front of each record.
struct RecordHeader {
  std::uint32_t size = 0;  // behind this header
  RecordKind kind = RecordKind::process;
};

inline constexpr std::uint32_t kNoProcess = 0xFFFFFFFF;

}  // namespace lancehead::agent
