#include "sense/count_sensor.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>
#include <system_error>

#include "code/flow_record.h"
#include "code/instructions.h"
#include "code/opcodes.h"
#include "code/rewrite.h"

namespace lancehead::sense {
namespace {

constexpr const char* kLibrary = "lancehead-agent.so";
constexpr const char* kShare = "share";  // in the folder beside the recording

std::vector<std::uint8_t> as_bytes(const std::string& text) {
  return {text.begin(), text.end()};
}

// What the agent made of a code object, made again from the same code object.
struct Planned {
  code::CodeText text;
  code::FlowGraph graph;
  code::ProbePlan plan;
};

std::optional<Planned> plan_again(const agent::CodeRecord& record, code::PythonVersion version) {
  const code::OpcodeTable* opcodes = code::opcodes_of(version);
  if (opcodes == nullptr) {
    return std::nullopt;
  }
  code::CodeText text{.version = version,
                      .bytecode = code::deopt(*opcodes, as_bytes(record.code.bytecode)).bytes,
                      .line_table = as_bytes(record.code.line_table),
                      .exception_table = as_bytes(record.code.exception_table),
                      .first_line = record.code.first_line};
  auto graph = code::FlowGraph::build(text);
  if (!graph || graph->instructions().size() != record.instruction_count) {
    return std::nullopt;
  }
  code::ProbePlan plan;
  if (record.counted) {
    plan = code::plan_probes(*graph, version);
  }
  if (plan.probes.size() != record.probe_count) {
    return std::nullopt;
  }
  return Planned{std::move(text), std::move(*graph), std::move(plan)};
}

// Beside our own executable, or where it was installed from there.
UniqueFd open_library() {
  std::error_code error;
  const std::filesystem::path own = std::filesystem::read_symlink("/proc/self/exe", error);
  for (const char* folder : {"../lib", "../libexec/lancehead", "."}) {
    const std::filesystem::path path = own.parent_path() / folder / kLibrary;
    UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file) {
      return file;
    }
  }
  return UniqueFd();
}

void add(std::vector<std::uint64_t>& sum, const std::vector<std::uint64_t>& more) {
  sum.resize(more.size());
  for (std::size_t i = 0; i < more.size(); ++i) {
    sum[i] += more[i];
  }
}

}  // namespace

std::int32_t StandIn::original_offset(std::int32_t offset) const {
  const auto unit = static_cast<std::size_t>(offset / 2);
  if (offset < 0 || unit >= origin.size() || origin[unit] == code::RewrittenCode::kNoOrigin) {
    return -1;
  }
  return static_cast<std::int32_t>(origin[unit]);
}

std::string StandIn::restored(std::string_view running) const {
  std::string bytes = code.bytecode;
  for (std::size_t unit = 0; unit < place.size() && 2 * unit + 1 < bytes.size(); ++unit) {
    const std::size_t from = std::size_t{place[unit]} * 2;
    if (place[unit] == code::RewrittenCode::kNoOrigin || from + 1 >= running.size()) {
      continue;
    }
    // Of an instruction only the opcode: jumps go another distance. Caches are taken whole.
    const bool is_cache = unit > 0 && place[unit - 1] + 1 == place[unit] &&
                          origin[place[unit]] == origin[place[unit - 1]];
    bytes[2 * unit] = running[from];
    if (is_cache) {
      bytes[2 * unit + 1] = running[from + 1];
    }
  }
  return bytes;
}

namespace {

schema::CodeId callee_id(const agent::CalleeRecord& record, CaptureLog& log,
                         schema::SessionId session, code::PythonVersion version,
                         const SourceFiles& files) {
  return record.function.empty() ? log.code(record.code, session, version, files)
                                 : log.builtin(record.function, session);
}

}  // namespace

Result<CountSensor> CountSensor::create(const std::filesystem::path& live,
                                        const std::string& configuration) {
  std::error_code error;
  std::filesystem::create_directory(live, error);
  if (error) {
    return fail(ErrorKind::io,
                fmt::format("Cannot make `{}`: {}.", live.string(), error.message()));
  }
  auto share = agent::ShareReader::create(live / kShare, configuration);
  if (!share) {
    return std::unexpected(share.error());
  }
  CountSensor sensor(std::move(*share));
  sensor.library_ = open_library();
  if (!sensor.library_) {
    return fail(ErrorKind::io, fmt::format("`{}` is not beside lancehead.", kLibrary),
                "Install lancehead again: exact counts need it.");
  }
  return sensor;
}

Result<CountSensor> CountSensor::open(const std::filesystem::path& live) {
  auto share = agent::ShareReader::open(live / kShare);
  if (!share) {
    return std::unexpected(share.error());
  }
  return CountSensor(std::move(*share));
}

// By our own descriptors: an interpreter in another root, too, finds these.
std::vector<std::string> CountSensor::environment() const {
  const std::string library = fmt::format("/proc/{}/fd/{}", ::getpid(), library_.get());
  const char* before = std::getenv("LD_PRELOAD");
  const bool none = before == nullptr || *before == '\0';
  return {fmt::format("LANCEHEAD_SHARE=/proc/{}/fd/{}", ::getpid(), share_.file()),
          fmt::format("LANCEHEAD_AGENT={}", library),
          fmt::format("LD_PRELOAD={}{}{}", library, none ? "" : ":", none ? "" : before)};
}

const StandIn* CountSensor::stand_in(std::uint64_t address, code::PythonVersion version) {
  if (const auto found = stand_ins_.find(address); found != stand_ins_.end()) {
    return &found->second;
  }
  if (!by_address_.contains(address)) {
    share_.poll();
  }
  for (; indexed_ < share_.records().size(); ++indexed_) {
    if (const auto& record = share_.records()[indexed_].code) {
      by_address_.emplace(record->rewritten, indexed_);
    }
  }
  const auto found = by_address_.find(address);
  if (found == by_address_.end()) {
    return nullptr;
  }
  const agent::CodeRecord& record = *share_.records()[found->second].code;
  const auto planned = plan_again(record, version);
  if (!planned) {
    return nullptr;
  }
  const auto rewritten = code::rewrite(
      planned->text, planned->graph, planned->plan, record.constant_count, record.stack_size,
      record.calls_probed ? code::CallProbing::calls : code::CallProbing::none);
  if (!rewritten) {
    return nullptr;
  }
  return &stand_ins_.emplace(address, StandIn{record.code, rewritten->origin, rewritten->place})
              .first->second;
}

void CountSensor::announce(CaptureLog& log, schema::SessionId session, code::PythonVersion version,
                           const SourceFiles& files) {
  share_.poll();
  for (; announced_ < share_.records().size(); ++announced_) {
    const auto& record = share_.records()[announced_];
    ids_.push_back(record.code     ? log.code(record.code->code, session, version, files)
                   : record.callee ? callee_id(*record.callee, log, session, version, files)
                                   : schema::CodeId());
    if (record.uncounted) {
      log.append(schema::UncountedRow{.source = log.source(record.uncounted->filename, files),
                                      .name = log.text(record.uncounted->name),
                                      .first_line = record.uncounted->first_line,
                                      .reason = log.text(record.uncounted->reason)});
    }
  }
}

// What all processes counted of each record's code. Flow is linear: a frame that began in one
// process and ended in its fork is whole in the sum.
std::map<std::size_t, code::FlowCounts> CountSensor::sum_counts() const {
  std::map<std::size_t, code::FlowCounts> sums;
  for (const agent::ShareReader::Process& process : share_.processes()) {
    bool ran = process.record.parent == agent::kNoProcess;
    for (const std::size_t index : process.lineage) {
      const auto& record = share_.records()[index].code;
      if (record && !record->counted) {
        continue;
      }
      const auto probes =
          record ? share_.counters(process, record->probes, record->probe_count) : std::nullopt;
      const auto raised = record
                              ? share_.counters(process, record->raised, record->instruction_count)
                              : std::nullopt;
      if (!probes || !raised) {
        continue;
      }
      add(sums[index].probes, *probes);
      add(sums[index].raised, *raised);
      ran = ran || std::ranges::any_of(*probes, [](std::uint64_t count) { return count != 0; });
    }
    // A fork that only became another program ran no code of ours, and did not end in it.
    const bool ended = std::ranges::any_of(
        process.frames, [](const agent::FramesRecord& frames) { return !frames.began; });
    if (ran || ended) {
      add_frames(process, sums);
    }
  }
  return sums;
}

void CountSensor::add_frames(const agent::ShareReader::Process& process,
                             std::map<std::size_t, code::FlowCounts>& sums) const {
  for (const agent::FramesRecord& moment : process.frames) {
    for (const agent::FramesRecord::Frame& frame : moment.frames) {
      if (frame.record >= process.lineage.size()) {
        continue;
      }
      const std::size_t index = process.lineage[frame.record];
      const auto& record = share_.records()[index].code;
      if (!record || frame.instruction >= record->instruction_count) {
        continue;
      }
      code::FlowCounts& counts = sums[index];
      std::vector<std::uint64_t>& column = moment.began ? counts.begun : counts.ended;
      column.resize(record->instruction_count);
      ++column[frame.instruction];
    }
  }
}

std::set<std::uint32_t> CountSensor::chosen_codes() const {
  std::set<std::uint32_t> codes;
  for (const agent::ShareReader::Process& process : share_.processes()) {
    for (const std::size_t index : process.chosen) {
      if (index < ids_.size() && !ids_[index].is_none()) {
        codes.insert(ids_[index].value);
      }
    }
  }
  return codes;
}

void CountSensor::cut(const RunningFrame& frame, code::PythonVersion version,
                      std::map<std::size_t, code::FlowCounts>& sums) {
  const StandIn* runs = stand_in(frame.code, version);
  if (runs == nullptr) {
    return;
  }
  const std::size_t index = by_address_.at(frame.code);
  const auto planned = plan_again(*share_.records()[index].code, version);
  const std::int32_t offset = runs->original_offset(frame.offset);
  if (!planned || offset < 0) {
    return;
  }
  const std::uint32_t instruction = planned->graph.raising_instruction(
      planned->graph.instruction_at(static_cast<std::uint32_t>(offset)));
  if (instruction < planned->graph.instructions().size()) {
    sums[index].ended.resize(planned->graph.instructions().size());
    ++sums[index].ended[instruction];
  }
}

void CountSensor::write(CaptureLog& log, code::PythonVersion version,
                        const std::vector<RunningFrame>& cut_off) {
  std::map<std::size_t, code::FlowCounts> counted = sum_counts();
  for (const RunningFrame& frame : cut_off) {
    cut(frame, version, counted);
  }
  std::map<std::uint32_t, code::FlowRecord> sums;  // by row of the code
  for (const auto& [index, counts] : counted) {
    const auto& record = share_.records()[index].code;
    const auto planned =
        record && index < ids_.size() ? plan_again(*record, version) : std::nullopt;
    if (!planned || counts.probes.size() != record->probe_count) {
      continue;
    }
    const code::FlowSolution solution = code::solve_flow(planned->graph, planned->plan, counts);
    for (const auto& [key, value] : code::to_record(planned->graph, solution)) {
      sums[ids_[index].value][key] += value;
    }
  }
  for (const std::uint32_t code : chosen_codes()) {
    log.append(schema::ChosenRow{.code = schema::CodeId(code)});
  }
  std::map<code::FlowMetric, schema::MetricId> metrics;
  for (const code::FlowMetric metric : code::kFlowMetrics) {
    metrics[metric] = log.append(schema::MetricRow{.name = log.text(to_string(metric)),
                                                   .unit = log.text("times"),
                                                   .kind = schema::MetricKind::exact});
  }
  for (const auto& [code, counts] : sums) {
    for (const auto& [key, value] : counts) {
      log.append(schema::CountRow{.code = schema::CodeId(code),
                                  .offset = static_cast<std::int32_t>(key.second),
                                  .metric = metrics.at(key.first),
                                  .value = value});
    }
  }
}

}  // namespace lancehead::sense
