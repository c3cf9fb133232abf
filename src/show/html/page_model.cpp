#include "show/html/page_model.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "analyze/compiled.h"
#include "analyze/hits.h"
#include "analyze/instructions.h"
#include "show/diff_answer.h"
#include "show/hits_json.h"
#include "show/html/modules.h"
#include "show/html/page_comparison.h"
#include "show/html/page_samples.h"
#include "show/json_parts.h"
#include "show/selection.h"

namespace lancehead::show {
namespace {

using profile::FunctionId;
using profile::Position;
using profile::Profile;

template <typename Number>
Json deltas(const std::vector<Number>& values) {
  Json column = Json::array();
  Number last = 0;
  for (const Number value : values) {
    column.push_back(value - last);
    last = value;
  }
  return column;
}

Json signed_column(std::uint32_t value, std::uint32_t none) {
  return value == none ? Json(kNoRow) : Json(value);
}

// Numbers what the stacks of the recording refer to, each thing once and in the order in which it
// is first met.
class Numbering {
 public:
  explicit Numbering(const Profile& profile) : profile_(&profile) {}

  // A row of the page's stacks for each stack of the recording. Stacks that differ by instructions
  // of one place only are one.
  std::vector<std::int32_t> number_stacks() {
    const auto& stacks = profile_->tables().stacks;
    std::vector<std::int32_t> rows(stacks.size(), kNoRow);
    for (std::size_t row = 0; row < stacks.size(); ++row) {
      const schema::StackId parent = stacks.parent[row];
      const bool has_parent = !parent.is_none() && parent.row() < row;
      rows[row] = stack(has_parent ? rows[parent.row()] : kNoRow, place_of(stacks.frame[row]));
    }
    return rows;
  }

  std::int32_t function(FunctionId id) {
    if (id.is_none()) {
      return kNoRow;
    }
    const auto [found, is_new] = functions_.try_emplace(id.row(), row_count(function_rows_));
    if (is_new) {
      function_rows_.push_back(id);
      file(id);
    }
    return found->second;
  }

  std::int32_t place(FunctionId id, const Position& position) {
    const std::int32_t function_row = function(id);
    const auto [found, is_new] =
        places_.try_emplace({function_row, position}, row_count(place_rows_));
    if (is_new) {
      place_rows_.emplace_back(function_row, position);
    }
    return found->second;
  }

  [[nodiscard]] const std::vector<FunctionId>& function_rows() const { return function_rows_; }

  [[nodiscard]] std::int32_t file_row(std::string_view path) const {
    const auto found = files_.find(path);
    return found == files_.end() ? kNoRow : found->second;
  }

  [[nodiscard]] Json files() const {
    Json rows = Json::array();
    for (const FunctionId id : file_rows_) {
      const profile::Function& first = profile_->function(id);
      const Module module = module_of(first.file);
      rows.push_back({{"path", first.file},
                      {"module", module.name},
                      {"own", module.is_own},
                      {"text", text_of(first.source)}});
    }
    return rows;
  }

  [[nodiscard]] Json functions() const {
    Json names = Json::array();
    Json files = Json::array();
    Json lines = Json::array();
    Json kinds = Json::array();
    Json compiled = Json::array();
    const std::set<FunctionId> traced = analyze::compiled_functions(*profile_);
    for (const FunctionId id : function_rows_) {
      const profile::Function& row = profile_->function(id);
      names.push_back(row.name);
      files.push_back(file_row(row.file));
      lines.push_back(row.first_line);
      kinds.push_back(static_cast<int>(row.kind));
      compiled.push_back(traced.contains(id) ? 1 : 0);
    }
    return {{"name", names},
            {"file", files},
            {"first_line", lines},
            {"kind", kinds},
            {"compiled", compiled}};
  }

  [[nodiscard]] Json places() const {
    Json functions = Json::array();
    Json lines = Json::array();
    Json end_lines = Json::array();
    Json columns = Json::array();
    Json end_columns = Json::array();
    for (const auto& [function, position] : place_rows_) {
      functions.push_back(function);
      lines.push_back(position.line);
      end_lines.push_back(position.end_line);
      columns.push_back(signed_column(position.column, profile::kNoColumn));
      end_columns.push_back(signed_column(position.end_column, profile::kNoColumn));
    }
    return {{"function", functions},
            {"line", lines},
            {"end_line", end_lines},
            {"column", columns},
            {"end_column", end_columns}};
  }

  [[nodiscard]] Json stacks() const {
    Json parents = Json::array();
    Json places = Json::array();
    for (const auto& [parent, place] : stack_rows_) {
      parents.push_back(parent);
      places.push_back(place);
    }
    return {{"parent", parents}, {"place", places}};
  }

 private:
  template <typename Rows>
  static std::int32_t row_count(const Rows& rows) {
    return static_cast<std::int32_t>(rows.size());
  }

  std::int32_t place_of(schema::FrameId frame) {
    return frame.is_none() ? place(FunctionId(), Position())
                           : place(profile_->function_of(frame), profile_->position_of(frame));
  }

  std::int32_t stack(std::int32_t parent, std::int32_t place) {
    const auto [found, is_new] = stacks_.try_emplace({parent, place}, row_count(stack_rows_));
    if (is_new) {
      stack_rows_.emplace_back(parent, place);
    }
    return found->second;
  }

  void file(FunctionId id) {
    const std::string_view path = profile_->function(id).file;
    if (!path.empty() && files_.try_emplace(path, row_count(file_rows_)).second) {
      file_rows_.push_back(id);
    }
  }

  [[nodiscard]] Json text_of(schema::SourceId source) const {
    if (source.is_none()) {
      return nullptr;
    }
    const auto& sources = profile_->tables().sources;
    const auto bytes = sources.row(source).text;
    if (bytes.empty()) {
      return nullptr;
    }
    return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }

  const Profile* profile_;
  std::unordered_map<std::size_t, std::int32_t> functions_;
  std::vector<FunctionId> function_rows_;
  std::map<std::string_view, std::int32_t> files_;
  std::vector<FunctionId> file_rows_;  // a function of each file
  std::map<std::pair<std::int32_t, Position>, std::int32_t> places_;
  std::vector<std::pair<std::int32_t, Position>> place_rows_;
  std::map<std::pair<std::int32_t, std::int32_t>, std::int32_t> stacks_;
  std::vector<std::pair<std::int32_t, std::int32_t>> stack_rows_;
};

// Processes and the threads that were looked at.
class Contexts {
 public:
  Contexts(const Profile& profile, const PageSamples& samples) : profile_(profile) {
    for (const PageSample& sample : samples.rows) {
      if (!sample.thread.is_none()) {
        thread(sample.thread, sample.time - static_cast<std::int64_t>(sample.wall), sample.time);
      }
      if (!sample.holder.is_none()) {
        thread(sample.holder, sample.time, sample.time);
      }
    }
  }

  [[nodiscard]] std::int32_t row(schema::ContextId context) const {
    const auto found = numbers_.find(context.is_none() ? kNone : context.row());
    return found == numbers_.end() ? kNoRow : found->second;
  }

  [[nodiscard]] Json json() const {
    Json rows = Json::array();
    for (const Row& row : rows_) {
      rows.push_back({{"kind", row.is_process ? "process" : "thread"},
                      {"parent", row.parent},
                      {"os_id", row.os_id},
                      {"name", row.name.empty() ? Json(nullptr) : Json(row.name)},
                      {"begin_ns", row.begin},
                      {"end_ns", row.end}});
    }
    return rows;
  }

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  struct Row {
    bool is_process = false;
    std::int32_t parent = kNoRow;
    std::uint64_t os_id = 0;
    std::string_view name;
    std::int64_t begin = 0;
    std::int64_t end = 0;
  };

  std::int32_t process(schema::ContextId context, std::int64_t begin, std::int64_t end) {
    if (context.is_none()) {
      return kNoRow;
    }
    const auto [found, is_new] =
        numbers_.try_emplace(context.row(), static_cast<std::int32_t>(rows_.size()));
    if (is_new) {
      const auto& contexts = profile_.tables().contexts;
      rows_.push_back({.is_process = true,
                       .os_id = contexts.os_id[context.row()],
                       .name = program_of(context),
                       .begin = begin,
                       .end = end});
    }
    extend(found->second, begin, end);
    return found->second;
  }

  void thread(schema::ContextId context, std::int64_t begin, std::int64_t end) {
    if (const auto found = numbers_.find(context.row()); found != numbers_.end()) {
      extend(found->second, begin, end);
      extend(rows_[static_cast<std::size_t>(found->second)].parent, begin, end);
      return;
    }
    const profile::Thread* thread = profile_.thread_of(context);
    const std::int32_t parent = thread == nullptr ? kNoRow : process(thread->process, begin, end);
    numbers_[context.row()] = static_cast<std::int32_t>(rows_.size());
    rows_.push_back({.parent = parent,
                     .os_id = thread == nullptr ? 0 : thread->os_id,
                     .name = thread == nullptr ? std::string_view() : thread->name,
                     .begin = begin,
                     .end = end});
  }

  void extend(std::int32_t row, std::int64_t begin, std::int64_t end) {
    if (row != kNoRow) {
      Row& extended = rows_[static_cast<std::size_t>(row)];
      extended.begin = std::min(extended.begin, begin);
      extended.end = std::max(extended.end, end);
    }
  }

  // What the process ran last.
  [[nodiscard]] std::string_view program_of(schema::ContextId context) const {
    const auto& sessions = profile_.tables().sessions;
    std::string_view name;
    for (std::size_t row = 0; row < sessions.size(); ++row) {
      if (sessions.process[row] == context) {
        name = profile_.text(sessions.executable[row]);
      }
    }
    return name;
  }

  const Profile& profile_;
  std::unordered_map<std::size_t, std::int32_t> numbers_;
  std::vector<Row> rows_;
};

int flags_of(const PageSample& sample) {
  return (sample.collecting ? 1 : 0) + (sample.with_gil ? 2 : 0);
}

Json samples_json(const PageSamples& samples, const Contexts& contexts) {
  std::vector<std::int32_t> threads;
  std::vector<std::int64_t> times;
  std::vector<std::int32_t> stacks;
  Json wall = Json::array();
  Json cpu = Json::array();
  Json states = Json::array();
  Json flags = Json::array();
  Json counts = Json::array();
  Json held = Json::array();
  for (const PageSample& sample : samples.rows) {
    threads.push_back(contexts.row(sample.thread));
    times.push_back(sample.time);
    stacks.push_back(sample.stack);
    wall.push_back(time_json(sample.wall));
    cpu.push_back(time_json(sample.cpu));
    states.push_back(static_cast<int>(sample.state));
    flags.push_back(flags_of(sample));
    counts.push_back(sample.count);
    held.push_back(sample.held);
  }
  return {{"thread", deltas(threads)}, {"time", deltas(times)},      {"wall", std::move(wall)},
          {"cpu", std::move(cpu)},     {"stack", deltas(stacks)},    {"state", std::move(states)},
          {"flags", std::move(flags)}, {"count", std::move(counts)}, {"held", std::move(held)}};
}

Json waits_json(const PageSamples& samples, const Contexts& contexts) {
  Json rows = Json::array();
  Json holders = Json::array();
  for (std::size_t row = 0; row < samples.rows.size(); ++row) {
    if (const std::int32_t holder = contexts.row(samples.rows[row].holder); holder != kNoRow) {
      rows.push_back(row);
      holders.push_back(holder);
    }
  }
  return {{"sample", std::move(rows)}, {"holder", std::move(holders)}};
}

Json counted_json(const Profile& profile, const analyze::Selection& selection,
                  Numbering& numbering) {
  if (!analyze::has_counts(profile)) {
    return nullptr;
  }
  Json rows = Json::array();
  for (const analyze::CountedFunction& counted : analyze::hits(profile, selection).functions) {
    Json lines = Json::array();
    for (const analyze::HitLine& line : counted.lines) {
      lines.push_back({line.line, line.hits});
    }
    rows.push_back({{"function", numbering.function(counted.function)},
                    {"calls", counted.calls},
                    {"lines", std::move(lines)},
                    {"branches", branches_json(counted)},
                    {"call_sites", call_sites_json(counted)}});
  }
  return rows;
}

// The form that an instruction had for most of its time; empty where none has a meaning for speed.
std::string_view form_of(const analyze::InstructionRow& row) {
  const auto longest = std::ranges::max_element(row.forms, {}, &analyze::FormRow::time);
  if (longest == row.forms.end() || !row.can_specialise) {
    return {};
  }
  switch (longest->form) {
    case code::Form::specialised: return "specialised";
    case code::Form::adaptive: return "adaptive";
    case code::Form::gave_up: return "gave up";
    default: return {};
  }
}

Json instructions_json(const Profile& profile, const analyze::Selection& selection,
                       Numbering& numbering) {
  Json places = Json::array();
  Json texts = Json::array();
  Json forms = Json::array();
  for (const analyze::CodeListing& listing : analyze::code_listings(profile, selection)) {
    for (const analyze::InstructionRow& row : listing.rows) {
      if (row.self.time <= 0 || !row.position.has_line()) {
        continue;
      }
      const auto longest = std::ranges::max_element(row.forms, {}, &analyze::FormRow::time);
      std::string text(longest == row.forms.end() ? row.opcode : longest->opcode);
      if (!row.argument_text.empty()) {
        text += " " + row.argument_text;
      }
      places.push_back(numbering.place(listing.function, row.position));
      texts.push_back(std::move(text));
      forms.push_back(form_of(row));
    }
  }
  if (places.empty()) {
    return nullptr;
  }
  return {{"place", std::move(places)}, {"text", std::move(texts)}, {"form", std::move(forms)}};
}

// A recording with its things numbered; the numbers are final when json() is made.
class Recording {
 public:
  static Result<Recording> make(const PageSource& source) {
    auto selection = select_for(source.profile, {});
    if (!selection) {
      return std::unexpected(selection.error());
    }
    return Recording(source, std::move(*selection));
  }

  [[nodiscard]] Numbering& numbering() { return numbering_; }

  [[nodiscard]] Json json() const {
    const PageSamples samples = page_samples(source_->profile, stacks_, source_->most_samples);
    const Contexts contexts(source_->profile, samples);
    return {{"name", source_->name},
            {"summary", summary_json(source_->profile)},
            {"unseen_share", selection_.unseen},
            {"clock", clock_name(selection_.clock)},
            {"growing", source_->growing},
            {"resolution_ns", samples.resolution},
            {"files", numbering_.files()},
            {"functions", numbering_.functions()},
            {"places", numbering_.places()},
            {"stacks", numbering_.stacks()},
            {"contexts", contexts.json()},
            {"samples", samples_json(samples, contexts)},
            {"waits", waits_json(samples, contexts)},
            {"counted", counted_},
            {"instructions", instructions_}};
  }

 private:
  Recording(const PageSource& source, analyze::Selection selection)
      : source_(&source),
        selection_(std::move(selection)),
        numbering_(source.profile),
        stacks_(numbering_.number_stacks()),
        counted_(counted_json(source.profile, selection_, numbering_)),
        instructions_(instructions_json(source.profile, selection_, numbering_)) {}

  const PageSource* source_;
  analyze::Selection selection_;
  Numbering numbering_;
  std::vector<std::int32_t> stacks_;
  Json counted_;
  Json instructions_;
};

PageIds ids_of(Numbering& numbering) {
  return {
      .function = [&numbering](FunctionId id) { return numbering.function(id); },
      .place = [&numbering](FunctionId id, const Position& at) { return numbering.place(id, at); },
      .file = [&numbering](std::string_view path) { return numbering.file_row(path); },
      .functions = [&numbering] { return numbering.function_rows(); }};
}

Json page_of(Json recordings) {
  Json page = {{"format", "lancehead-page"}, {"version", kPageVersion}};
  page["recordings"] = std::move(recordings);
  return page;
}

std::string dumped(const Json& page) {
  return page.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

Result<std::string> page_model(const PageSource& source) {
  const auto recording = Recording::make(source);
  if (!recording) {
    return std::unexpected(recording.error());
  }
  return dumped(page_of(Json::array({recording->json()})));
}

Result<std::string> page_model(const PageSource& before, const PageSource& after) {
  auto first = Recording::make(before);
  auto second = Recording::make(after);
  if (!first || !second) {
    return std::unexpected(first ? second.error() : first.error());
  }
  const auto answer = answer_diff(before.profile, after.profile, {});
  if (!answer) {
    return std::unexpected(answer.error());
  }
  Json comparison =
      comparison_json(*answer, ids_of(first->numbering()), ids_of(second->numbering()));
  Json page = page_of(Json::array({first->json(), second->json()}));
  page["comparison"] = std::move(comparison);
  return dumped(page);
}

}  // namespace lancehead::show
