// Exact counts: what the agent in the target counts, joined to the recording's code.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "agent/share_reader.h"
#include "base/result.h"
#include "code/flow_solution.h"
#include "sense/capture_log.h"

namespace lancehead::sense {

// A code object that runs in the place of the one that the program was compiled to.
struct StandIn {
  python::CodeObject code;            // as it was compiled
  std::vector<std::uint32_t> origin;  // by unit of what runs: the offset in `code`

  std::vector<std::uint32_t> place;  // by unit of `code`: the unit of what runs

  // The bytecode as it would be if what runs were `code`: with the opcodes and caches of what runs.
  [[nodiscard]] std::string restored(std::string_view running) const;

  // For an offset in what runs; -1 where it stands for none.
  [[nodiscard]] std::int32_t original_offset(std::int32_t offset) const;
};

// A frame of the target: the address of the code that runs, and a byte offset into it.
struct RunningFrame {
  std::uint64_t code = 0;
  std::int32_t offset = 0;
};

class CountSensor {
 public:
  // Makes the share in the folder `live`, which is made. Errors: io (also where the agent's file is
  // missing), usage.
  [[nodiscard]] static Result<CountSensor> create(const std::filesystem::path& live,
                                                  const std::string& configuration);

  // The share in a folder that create() made, to be read only. Errors: io.
  [[nodiscard]] static Result<CountSensor> open(const std::filesystem::path& live);

  // What the launched program's environment must hold for the agent to be loaded: NAME=VALUE.
  [[nodiscard]] std::vector<std::string> environment() const;

  // Learns what the agent announced.
  void poll() { share_.poll(); }

  // What runs at this address of the target instead of compiled code; null for all other code.
  [[nodiscard]] const StandIn* stand_in(std::uint64_t address, code::PythonVersion version);

  // Makes the rows of code that was announced: at once, while its source can be read.
  void announce(CaptureLog& log, schema::SessionId session, code::PythonVersion version,
                const SourceFiles& files);

  // Adds up all processes' counts and writes them. `cut_off` are the frames in which the program
  // was killed, as far as that is known: agents tell of those that end otherwise.
  void write(CaptureLog& log, code::PythonVersion version,
             const std::vector<RunningFrame>& cut_off);

  // Of the interpreter that took part first; 0.0 where none did.
  [[nodiscard]] code::PythonVersion python_version() const {
    return share_.processes().empty()
               ? code::PythonVersion()
               : code::PythonVersion::from_hex(share_.processes().front().record.python_version);
  }

  // What agents shared, and the rows of its records' code.
  [[nodiscard]] const agent::ShareReader& share() const { return share_; }
  [[nodiscard]] std::span<const schema::CodeId> codes() const { return ids_; }

  // Whether an agent took part at all.
  [[nodiscard]] bool was_loaded() const { return !share_.processes().empty(); }

 private:
  explicit CountSensor(agent::ShareReader share) : share_(std::move(share)) {}

  [[nodiscard]] std::map<std::size_t, code::FlowCounts> sum_counts() const;
  [[nodiscard]] std::set<std::uint32_t> chosen_codes() const;  // rows of `codes`
  void cut(const RunningFrame& frame, code::PythonVersion version,
           std::map<std::size_t, code::FlowCounts>& sums);
  void add_frames(const agent::ShareReader::Process& process,
                  std::map<std::size_t, code::FlowCounts>& sums) const;

  agent::ShareReader share_;
  UniqueFd library_;
  std::size_t announced_ = 0;        // records
  std::size_t indexed_ = 0;          // records
  std::vector<schema::CodeId> ids_;  // by record
  std::unordered_map<std::uint64_t, std::size_t> by_address_;
  std::unordered_map<std::uint64_t, StandIn> stand_ins_;
};

}  // namespace lancehead::sense
