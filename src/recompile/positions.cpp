#include "recompile/positions.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "code/instructions.h"
#include "recompile/hot_code.h"
#include "recompile/recover.h"

namespace lancehead::recompile {
namespace {

using schema::CodeId;
using schema::Tables;

// Notes for more files than this are summed up in one.
constexpr std::size_t kMaxNotes = 12;

std::string_view text_of(const Tables& tables, schema::StringId id) {
  return id.row() < tables.strings.size() ? tables.strings.text[id.row()] : std::string_view();
}

std::vector<std::string_view> texts_of(const Tables& tables,
                                       std::span<const schema::StringId> ids) {
  std::vector<std::string_view> texts;
  for (const schema::StringId id : ids) {
    texts.push_back(text_of(tables, id));
  }
  return texts;
}

WantedCode wanted_code(const Tables& tables, const code::OpcodeTable& opcodes, CodeId id) {
  const schema::CodeRow row = tables.codes.row(id);
  const std::span bytecode(reinterpret_cast<const std::uint8_t*>(row.bytecode.data()),
                           row.bytecode.size());
  WantedCode wanted;
  wanted.name = text_of(tables, row.name);
  wanted.first_line = row.first_line;
  wanted.flags = row.code_flags;
  wanted.bytecode = deopt(opcodes, bytecode).bytes;
  wanted.line_table = row.line_table;
  wanted.names = texts_of(tables, row.names);
  wanted.variables = texts_of(tables, row.variables);
  wanted.constants = texts_of(tables, row.constants);
  return wanted;
}

std::string_view why(Outcome outcome) {
  switch (outcome) {
    case Outcome::matched: return "nothing is wrong";
    case Outcome::not_found: return "its source, as kept, has no such function on that line";
    case Outcome::other_bytecode:
      return "its source, as kept, compiles to other instructions than those that ran";
    case Outcome::other_lines:
      return "its source, as kept, has the same instructions on other lines";
    case Outcome::ambiguous: return "several on the same line cannot be told apart";
    case Outcome::not_aligned: return "its instructions could not be matched one to one";
    case Outcome::no_answer: return "it was not compiled";
  }
  return "";
}

bool has_text(const Tables& tables, schema::SourceId source) {
  if (source.row() >= tables.sources.size()) {
    return false;
  }
  const schema::SourceStatus status = tables.sources.status[source.row()];
  return status == schema::SourceStatus::kept || status == schema::SourceStatus::changed;
}

std::string why_no_text(const Tables& tables, schema::SourceId source) {
  if (source.row() >= tables.sources.size()) {
    return "its source is not known";
  }
  switch (tables.sources.status[source.row()]) {
    case schema::SourceStatus::left_out: return "its source was left out of the recording";
    case schema::SourceStatus::missing: return "its source could not be read";
    case schema::SourceStatus::not_a_file: return "its source is not a file";
    default: return "its source is not here";
  }
}

// What is missing, by file and reason.
class Notes {
 public:
  explicit Notes(const Tables& tables) : tables_(&tables) {}

  void add(schema::SourceId source, const std::string& reason, CodeId code) {
    if (is_frozen(source)) {
      return;  // every program runs some of it, and nobody can do anything about it
    }
    missing_[{source, reason}].push_back(code);
  }

  [[nodiscard]] std::vector<std::string> sentences() const {
    std::vector<std::string> notes;
    std::size_t left_out = 0;
    for (const auto& [key, codes] : missing_) {
      if (notes.size() < kMaxNotes) {
        notes.push_back(sentence(key.first, key.second, codes));
      } else {
        left_out += codes.size();
      }
    }
    if (left_out != 0) {
      notes.push_back(fmt::format(
          "The expressions of {} more functions are not known, for reasons like these.", left_out));
    }
    return notes;
  }

 private:
  [[nodiscard]] bool is_frozen(schema::SourceId source) const {
    return source.row() < tables_->sources.size() &&
           text_of(*tables_, tables_->sources.path[source.row()]).starts_with("<frozen ");
  }

  [[nodiscard]] std::string sentence(schema::SourceId source, const std::string& reason,
                                     const std::vector<CodeId>& codes) const {
    std::string names(text_of(*tables_, tables_->codes.qualified_name[codes[0].row()]));
    if (codes.size() > 1) {
      names += fmt::format(" and {} more", codes.size() - 1);
    }
    const std::string_view path = source.row() < tables_->sources.size()
                                      ? text_of(*tables_, tables_->sources.path[source.row()])
                                      : std::string_view("an unknown file");
    return fmt::format("The expressions of {} in {} are not known: {}.", names, path, reason);
  }

  const Tables* tables_;
  std::map<std::pair<schema::SourceId, std::string>, std::vector<CodeId>> missing_;
};

void append_rows(std::vector<schema::PositionRow>& rows, CodeId code,
                 const std::vector<code::PositionRange>& ranges) {
  for (const code::PositionRange& range : ranges) {
    for (std::uint32_t offset = range.begin; offset < range.end; offset += 2) {
      rows.push_back({.code = code,
                      .offset = offset,
                      .origin = schema::PositionOrigin::recompiled,
                      .line = range.line,
                      .end_line = range.end_line,
                      .column = range.column,
                      .end_column = range.end_column});
    }
  }
}

// Takes out the files whose text is not here.
std::vector<HotFile> with_text(const Tables& tables, std::vector<HotFile> files, Notes& notes) {
  std::erase_if(files, [&](const HotFile& file) {
    if (has_text(tables, file.source)) {
      return false;
    }
    for (const CodeId code : file.codes) {
      notes.add(file.source, why_no_text(tables, file.source), code);
    }
    return true;
  });
  return files;
}

Request request_for(const Tables& tables, const std::vector<HotFile>& files,
                    const code::OpcodeTable& opcodes) {
  Request request;
  for (const HotFile& file : files) {
    WantedFile wanted;
    wanted.path = text_of(tables, tables.sources.path[file.source.row()]);
    wanted.text = tables.sources.text[file.source.row()];
    for (const CodeId code : file.codes) {
      wanted.codes.push_back(wanted_code(tables, opcodes, code));
    }
    request.files.push_back(std::move(wanted));
  }
  return request;
}

void take_answers(const std::vector<HotFile>& files, const Response& response, Notes& notes,
                  RecoveredPositions& result) {
  for (std::size_t i = 0; i < files.size(); ++i) {
    const FileAnswer& answer = response.files[i];
    for (std::size_t k = 0; k < files[i].codes.size(); ++k) {
      const CodeId code = files[i].codes[k];
      if (answer.codes[k].outcome == Outcome::matched) {
        append_rows(result.rows, code, answer.codes[k].ranges);
        ++result.recovered;
      } else {
        const bool broken = !answer.trouble.empty();
        notes.add(files[i].source,
                  broken ? answer.trouble : std::string(why(answer.codes[k].outcome)), code);
      }
    }
  }
  std::ranges::sort(result.rows, {}, [](const schema::PositionRow& row) {
    return std::pair(row.code.value, row.offset);
  });
}

std::string one_paragraph(const Error& error) {
  return error.remedy.empty() ? error.what : error.what + " " + error.remedy;
}

}  // namespace

bool needs_positions(const Tables& tables, schema::SessionId session) {
  return !hot_files(tables, session).empty();
}

RecoveredPositions recover_positions(const Tables& tables, schema::SessionId session,
                                     const Interpreter& interpreter, const Limits& limits) {
  RecoveredPositions result;
  std::vector<HotFile> files = hot_files(tables, session);
  for (const HotFile& file : files) {
    result.wanted += file.codes.size();
  }
  if (files.empty() || session.row() >= tables.sessions.size()) {
    return result;
  }
  const auto version = code::PythonVersion::from_hex(tables.sessions.python_version[session.row()]);
  const code::OpcodeTable* opcodes = code::opcodes_of(version);
  if (opcodes == nullptr) {
    result.notes.push_back(fmt::format(
        "The expressions of {} functions are not known: the bytecode of Python {} is not known.",
        result.wanted, minor_string(version)));
    return result;
  }
  Notes notes(tables);
  files = with_text(tables, std::move(files), notes);
  if (!files.empty()) {
    Request request = request_for(tables, files, *opcodes);
    request.version = version;
    request.interpreter = interpreter;
    request.limits = limits;
    if (const auto response = recover(request)) {
      take_answers(files, *response, notes, result);
    } else {
      result.notes.push_back(one_paragraph(response.error()));
    }
  }
  std::ranges::move(notes.sentences(), std::back_inserter(result.notes));
  return result;
}

}  // namespace lancehead::recompile
