#include "support/text_profile.h"

#include <sys/syscall.h>

#include <charconv>
#include <cstdint>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "code/opcodes.h"
#include "code/python_version.h"

namespace lancehead::test {
namespace {

using namespace schema;

constexpr std::int64_t kMillisecond = 1'000'000;

[[noreturn]] void complain(const std::string& what) {
  throw std::invalid_argument("text profile: " + what);
}

std::vector<std::string> words_of(std::string_view text) {
  std::istringstream stream{std::string(text)};
  std::vector<std::string> words;
  for (std::string word; stream >> word;) {
    words.push_back(word);
  }
  return words;
}

std::vector<std::string> split(std::string_view text, std::string_view separator) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t at = text.find(separator);
    parts.emplace_back(text.substr(0, at));
    if (at == std::string_view::npos) {
      return parts;
    }
    text.remove_prefix(at + separator.size());
  }
}

std::int64_t number_of(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    complain("no number: " + std::string(text));
  }
  return value;
}

std::int64_t time_of(std::string_view text) {
  for (const auto& [unit, factor] : {std::pair<std::string_view, std::int64_t>{"ms", 1'000'000},
                                     {"us", 1'000},
                                     {"ns", 1},
                                     {"s", 1'000'000'000}}) {
    if (text.ends_with(unit)) {
      return number_of(text.substr(0, text.size() - unit.size())) * factor;
    }
  }
  complain("no time: " + std::string(text));
}

template <typename Enumeration, std::size_t kCount>
Enumeration value_of(std::string_view word, const std::array<Enumeration, kCount>& values) {
  for (const Enumeration value : values) {
    if (to_string(value) == word) {
      return value;
    }
  }
  complain("no such word: " + std::string(word));
}

std::int32_t system_call(std::string_view name) {
  if (name == "read") {
    return SYS_read;
  }
  if (name == "nanosleep") {
    return SYS_clock_nanosleep;
  }
  return static_cast<std::int32_t>(number_of(name));
}

// `key=value` words.
class Settings {
 public:
  explicit Settings(const std::vector<std::string>& words, std::size_t first) {
    for (std::size_t i = first; i < words.size(); ++i) {
      const std::size_t equals = words[i].find('=');
      values_[words[i].substr(0, equals)] =
          equals == std::string::npos ? "" : words[i].substr(equals + 1);
    }
  }
  [[nodiscard]] bool has(const std::string& key) const { return values_.contains(key); }
  [[nodiscard]] std::string at(const std::string& key) const {
    const auto found = values_.find(key);
    return found == values_.end() ? std::string() : found->second;
  }
  [[nodiscard]] std::int64_t time(const std::string& key, std::int64_t otherwise = 0) const {
    return has(key) ? time_of(at(key)) : otherwise;
  }
  [[nodiscard]] std::uint64_t count(const std::string& key) const {
    return has(key) ? static_cast<std::uint64_t>(number_of(at(key))) : 0;
  }
  // N of the word xN.
  [[nodiscard]] std::int64_t times() const {
    for (const auto& [key, value] : values_) {
      if (key.size() > 1 && key[0] == 'x' && key[1] >= '0' && key[1] <= '9') {
        return number_of(std::string_view(key).substr(1));
      }
    }
    return 1;
  }

 private:
  std::map<std::string, std::string> values_;
};

class Builder {
 public:
  Builder() {
    process_ = tables_.append(ContextRow{.kind = ContextKind::process, .parent = {}, .os_id = 40});
    tables_.append(
        SessionRow{.process = process_, .python_version = 0x030D00F0, .period = kMillisecond});
    add_thread("MainThread", ContextKind::thread);
  }

  Tables build(std::string_view text) {
    for (const std::string& line : split(text, "\n")) {
      const std::size_t start = line.find_first_not_of(' ');
      if (start != std::string::npos) {
        read_line(line.substr(start));
      }
    }
    end_source();
    return std::move(tables_);
  }

 private:
  void read_line(const std::string& line) {
    if (line.starts_with('|')) {
      source_text_ += line.substr(std::min<std::size_t>(2, line.size())) + "\n";
      return;
    }
    end_source();
    const auto words = words_of(line);
    const std::string& verb = words[0];
    if (verb == "source") {
      source_name_ = words.at(1);
    } else if (verb == "def") {
      first_lines_[{words.at(1), words.at(2)}] = static_cast<std::uint32_t>(number_of(words.at(3)));
    } else if (verb == "names" || verb == "variables" || verb == "constants") {
      details_[{words.at(1), words.at(2)}].texts[verb] = strings_of(words, 3);
    } else if (verb == "bytecode") {
      details_[{words.at(1), words.at(2)}].bytecode = assemble(words, 3);
    } else if (verb == "lines") {
      encode_lines(words);
    } else if (verb == "state") {
      tables_.append(BytecodeStateRow{.time = Settings({words.at(3)}, 0).time("t"),
                                      .code = code(words.at(1), words.at(2)),
                                      .bytecode = assemble(words, 4)});
    } else if (verb == "thread") {
      add_thread(words.at(1), ContextKind::thread);
    } else if (verb == "native") {
      add_native(words.at(1), Settings(words, 2));
    } else if (verb == "python") {
      set_version(words.at(1));
    } else if (verb == "arguments") {
      set_arguments(words);
    } else if (verb == "sample") {
      add_samples(line, words);
    } else if (verb == "call") {
      add_calls(line, words);
    } else if (verb == "call_cost") {
      add_call_costs(Settings(words, 1));
    } else if (verb == "lost") {
      tables_.append(LossRow{.context = threads_.at("MainThread"),
                             .reason = value_of(words.at(1), kLossReasonValues),
                             .count = static_cast<std::uint32_t>(number_of(words.at(2)))});
    } else if (verb == "end") {
      add_end(Settings(words, 1));
    } else {
      complain("no such line: " + line);
    }
  }

  StringId string(const std::string& text) {
    const auto [entry, is_new] = strings_.try_emplace(text);
    if (is_new) {
      entry->second = tables_.append(StringRow{.text = text});
    }
    return entry->second;
  }

  std::vector<StringId> strings_of(const std::vector<std::string>& words, std::size_t first) {
    std::vector<StringId> ids;
    for (std::size_t i = first; i < words.size(); ++i) {
      ids.push_back(string(words[i]));
    }
    return ids;
  }

  // "LOAD_FAST 0 / COMPARE_OP 18 ~12"
  std::string assemble(const std::vector<std::string>& words, std::size_t first) {
    const auto version = code::PythonVersion::from_hex(tables_.sessions.python_version[0]);
    const code::OpcodeTable& opcodes = *code::opcodes_of(version);
    std::string bytes;
    for (std::size_t i = first; i < words.size(); ++i) {
      if (words[i] == "/") {
        continue;
      }
      if (words[i].starts_with('~')) {
        const std::size_t caches = opcodes[static_cast<std::uint8_t>(bytes[last_])].caches;
        bytes[bytes.size() - 2 * caches] =
            static_cast<char>(number_of(std::string_view(words[i]).substr(1)));
        continue;
      }
      if (words[i].find_first_not_of("0123456789") == std::string::npos) {
        bytes[last_ + 1] = static_cast<char>(number_of(words[i]));
        continue;
      }
      const auto opcode = opcode_of(opcodes, words[i]);
      last_ = bytes.size();
      bytes += static_cast<char>(opcode);
      bytes.append(1 + 2 * std::size_t{opcodes[opcode].caches}, '\0');
    }
    return bytes;
  }

  static std::uint8_t opcode_of(const code::OpcodeTable& opcodes, const std::string& name) {
    for (unsigned opcode = 0; opcode < 256; ++opcode) {
      if (opcodes[static_cast<std::uint8_t>(opcode)].name == name) {
        return static_cast<std::uint8_t>(opcode);
      }
    }
    complain("no opcode " + name);
  }

  // Entries without columns (code 13) of at most eight units each.
  void encode_lines(const std::vector<std::string>& words) {
    Details& details = details_[{words.at(1), words.at(2)}];
    std::int64_t line =
        first_lines_.contains({words[1], words[2]}) ? first_lines_[{words[1], words[2]}] : 1;
    for (std::size_t i = 3; i < words.size(); ++i) {
      const auto place = split(words[i], ":");
      const std::int64_t begin = number_of(place.at(0));
      const std::int64_t end = i + 1 < words.size()
                                   ? number_of(split(words[i + 1], ":").at(0))
                                   : static_cast<std::int64_t>(details.bytecode.size());
      for (std::int64_t units = (end - begin) / 2; units > 0; units -= 8) {
        const std::int64_t delta = number_of(place.at(1)) - line;
        const std::int64_t zigzag = delta < 0 ? -2 * delta + 1 : 2 * delta;
        details.line_table +=
            static_cast<char>(0x80 | (13 << 3) | (std::min<std::int64_t>(units, 8) - 1));
        details.line_table += static_cast<char>(zigzag);  // below 64 it is one byte
        line += delta;
      }
    }
  }

  void end_source() {
    if (source_name_.empty()) {
      return;
    }
    texts_[source_name_] = source_text_;
    sources_[source_name_] = tables_.append(SourceRow{.path = string(source_name_),
                                                      .status = SourceStatus::kept,
                                                      .modified = 0,
                                                      .text = source_text_});
    source_name_.clear();
    source_text_.clear();
  }

  SourceId source(const std::string& name) {
    const auto [entry, is_new] = sources_.try_emplace(name);
    if (is_new) {
      entry->second = tables_.append(SourceRow{
          .path = string(name), .status = SourceStatus::missing, .modified = 0, .text = {}});
    }
    return entry->second;
  }

  ContextId add_thread(const std::string& name, ContextKind kind) {
    const ContextId id =
        tables_.append(ContextRow{.kind = kind, .parent = process_, .os_id = 40 + threads_.size()});
    tables_.append(ContextEventRow{
        .context = id, .time = 0, .change = ContextChange::named, .name = string(name)});
    threads_[name] = id;
    return id;
  }

  void add_native(const std::string& name, const Settings& settings) {
    const ContextId id = add_thread(name, ContextKind::native_thread);
    const MetricId metric = tables_.append(
        MetricRow{.name = string("cpu"), .unit = string("ns"), .kind = MetricKind::gauge});
    tables_.append(CounterSampleRow{
        .time = 0, .context = id, .metric = metric, .value = settings.time("cpu")});
  }

  void set_version(const std::string& text) {
    const auto parts = split(text, ".");
    tables_.sessions.python_version[0] =
        code::PythonVersion{.major = static_cast<std::uint8_t>(number_of(parts.at(0))),
                            .minor = static_cast<std::uint8_t>(number_of(parts.at(1))),
                            .micro = static_cast<std::uint8_t>(number_of(parts.at(2))),
                            .level = 0xF,
                            .serial = 0}
            .to_hex();
  }

  void set_arguments(const std::vector<std::string>& words) {
    SessionRow row = tables_.sessions.row(std::size_t{0});
    std::vector<StringId> arguments;
    for (std::size_t i = 1; i < words.size(); ++i) {
      arguments.push_back(string(words[i]));
    }
    row.arguments = arguments;
    tables_.sessions.clear();
    tables_.append(row);
  }

  CodeId code(const std::string& name, const std::string& file) {
    const auto [entry, is_new] = codes_.try_emplace({name, file});
    if (is_new) {
      const auto line = first_lines_.find({name, file});
      const bool is_marker = file == "-";
      Details& details = details_[{name, file}];
      const bool is_builtin = file == "~";
      const CodeKind kind = is_marker    ? CodeKind::marker
                            : is_builtin ? CodeKind::builtin
                                         : CodeKind::python;
      entry->second = tables_.append(
          CodeRow{.kind = kind,
                  .name = string(name),
                  .qualified_name = string(name),
                  .source = is_marker || is_builtin ? SourceId() : source(file),
                  .first_line = is_builtin                   ? 0
                                : line == first_lines_.end() ? 1
                                                             : line->second,
                  .session = SessionId(std::size_t{0}),
                  .line_table_kind =
                      details.line_table.empty() ? LineTableKind::none : LineTableKind::locations,
                  .line_table = details.line_table,
                  .bytecode = details.bytecode,
                  .names = details.texts["names"],
                  .variables = details.texts["variables"],
                  .constants = details.texts["constants"]});
    }
    return entry->second;
  }

  // "name file:line {expression}"
  FrameId frame(const std::string& text) {
    const auto [known, is_new] = frames_.try_emplace(text);
    if (!is_new) {
      return known->second;
    }
    const std::size_t brace = text.find(" {");
    const auto words = words_of(text.substr(0, brace));
    const bool has_offset = words.size() > 2 && words[2].starts_with('@');
    const auto offset =
        has_offset ? static_cast<std::uint32_t>(number_of(std::string_view(words[2]).substr(1)))
                   : next_offset_;
    const std::size_t colon = words.at(1).rfind(':');
    const std::string file = words[1].substr(0, colon);
    const CodeId id = code(words[0], file);
    PositionRow position{.code = id, .offset = offset};
    if (colon != std::string::npos) {
      position.line = static_cast<std::uint32_t>(number_of(words[1].substr(colon + 1)));
      position.end_line = position.line;
      position.column = profile::kNoColumn;
      position.end_column = profile::kNoColumn;
      if (brace != std::string::npos) {
        const std::size_t end = text.rfind('}');
        find_columns(file, text.substr(brace + 2, end - brace - 2), position);
      }
      tables_.append(position);
    }
    known->second = tables_.append(
        FrameRow{.code = id, .offset = static_cast<std::int32_t>(offset), .address = 0});
    next_offset_ += 2;
    return known->second;
  }

  void find_columns(const std::string& file, std::string expression, PositionRow& position) {
    int which = 1;
    if (expression.starts_with('#')) {
      which = expression[1] - '0';
      expression = expression.substr(3);
    }
    const std::string line = split(texts_[file], "\n").at(position.line - 1);
    std::size_t at = line.find(expression);
    for (; which > 1 && at != std::string::npos; --which) {
      at = line.find(expression, at + 1);
    }
    if (at == std::string::npos) {
      complain("line has no " + expression);
    }
    position.column = static_cast<std::uint32_t>(at);
    position.end_column = static_cast<std::uint32_t>(at + expression.size());
  }

  StackId stack(const std::string& text) {
    StackId stack;
    for (const std::string& part : split(text, " ; ")) {
      const FrameId top = frame(part);
      const auto [entry, is_new] = stacks_.try_emplace({stack, top});
      if (is_new) {
        entry->second = tables_.append(StackRow{.parent = stack, .frame = top});
      }
      stack = entry->second;
    }
    return stack;
  }

  void add_samples(const std::string& line, const std::vector<std::string>& words) {
    const std::size_t colon = line.find(" : ");
    const Settings settings(words_of(line.substr(0, colon)), 3);
    SampleRow row;
    row.context = threads_.at(words.at(1));
    row.state = value_of(words.at(2), kThreadStateValues);
    row.weight = settings.time("w", kMillisecond);
    const bool runs = row.state == ThreadState::holds_gil || row.state == ThreadState::without_gil;
    constexpr std::int64_t kMillion = 1'000'000;
    const std::int64_t cpu = settings.time("cpu", runs ? row.weight : 0);
    row.cpu_share = row.weight > 0 ? static_cast<std::uint32_t>(cpu * kMillion / row.weight) : 0;
    row.look = settings.has("stop") ? Look::stop : Look::read;
    row.system_call = settings.has("call") ? system_call(settings.at("call")) : -1;
    if (settings.has("holder")) {
      row.gil_holder = threads_.at(settings.at("holder"));
    }
    row.flags |= settings.has("gc") ? SampleFlags(SampleFlags::collecting) : SampleFlags();
    row.flags |= settings.has("jit") ? SampleFlags(SampleFlags::compiled_trace) : SampleFlags();
    if (colon != std::string::npos) {
      row.stack = stack(line.substr(colon + 3));
    }
    std::int64_t& clock = clocks_[row.context];
    clock = settings.time("t", clock);
    for (std::int64_t i = 0; i < settings.times(); ++i) {
      row.time = clock;
      tables_.append(row);
      clock += row.weight;
    }
  }

  void add_calls(const std::string& line, const std::vector<std::string>& words) {
    const std::size_t colon = line.find(" : ");
    const Settings settings(words_of(line.substr(0, colon)), 2);
    StackId caller;
    const auto path = split(line.substr(colon + 3), " ; ");
    for (std::size_t i = 0; i + 1 < path.size(); ++i) {
      const auto parts = words_of(path[i]);
      const auto [frame, frame_is_new] = frames_.try_emplace("call of " + path[i]);
      if (frame_is_new) {
        frame->second = tables_.append(
            FrameRow{.code = code(parts.at(0), parts.at(1)), .offset = -1, .address = 0});
      }
      const auto [entry, is_new] = stacks_.try_emplace({caller, frame->second});
      if (is_new) {
        entry->second = tables_.append(StackRow{.parent = caller, .frame = frame->second});
      }
      caller = entry->second;
    }
    const auto callee = words_of(path.back());
    tables_.append(CallRow{.context = threads_.at(words.at(1)),
                           .caller = caller,
                           .callee = code(callee.at(0), callee.at(1)),
                           .count = static_cast<std::uint64_t>(settings.times()),
                           .primitive = 0,
                           .total = settings.time("total"),
                           .self = settings.time("self")});
  }

  void add_call_costs(const Settings& settings) {
    constexpr std::int64_t kPicoseconds = 1000;
    const std::pair<const char*, const char*> costs[] = {
        {"call cost, Python, inside", "python_inside"},
        {"call cost, Python, outside", "python_outside"},
        {"call cost, C, inside", "c_inside"},
        {"call cost, C, outside", "c_outside"}};
    for (const auto& [name, setting] : costs) {
      const MetricId metric = tables_.append(
          MetricRow{.name = string(name), .unit = string("ps"), .kind = MetricKind::gauge});
      tables_.append(CounterSampleRow{
          .time = 0,
          .context = process_,
          .metric = metric,
          .value = static_cast<std::int64_t>(settings.count(setting)) * kPicoseconds});
    }
  }

  void add_end(const Settings& settings) {
    std::int64_t last = 0;
    for (const auto& [thread, clock] : clocks_) {
      last = std::max(last, clock);
    }
    tables_.append(SessionEndRow{.session = SessionId(std::size_t{0}),
                                 .time = last,
                                 .exit_code = 0,
                                 .signal = 0,
                                 .user_cpu = settings.time("user"),
                                 .system_cpu = settings.time("system"),
                                 .max_resident = 0,
                                 .profiler_cpu = settings.time("profiler"),
                                 .stops = settings.count("stops"),
                                 .held = settings.time("held"),
                                 .stop_cost = settings.time("stop_cost"),
                                 .sweeps = settings.count("sweeps"),
                                 .sweep_time = last});
  }

  // What is said of a function's code before it is used.
  struct Details {
    std::map<std::string, std::vector<StringId>> texts;
    std::string bytecode;
    std::string line_table;
  };

  Tables tables_;
  ContextId process_;
  std::map<std::string, StringId> strings_;
  std::map<std::string, ContextId> threads_;
  std::map<std::string, SourceId> sources_;
  std::map<std::string, std::string> texts_;
  std::map<std::pair<std::string, std::string>, std::uint32_t> first_lines_;
  std::map<std::pair<std::string, std::string>, CodeId> codes_;
  std::map<std::pair<std::string, std::string>, Details> details_;
  std::map<std::string, FrameId> frames_;
  std::map<std::pair<StackId, FrameId>, StackId> stacks_;
  std::map<ContextId, std::int64_t> clocks_;
  std::string source_name_;
  std::string source_text_;
  std::uint32_t next_offset_ = 0;
  std::size_t last_ = 0;  // where the instruction begins that was assembled last
};

}  // namespace

Tables tables_from_text(std::string_view text) {
  return Builder().build(text);
}

profile::Profile profile_from_text(std::string_view text) {
  return profile::Profile(tables_from_text(text));
}

}  // namespace lancehead::test
