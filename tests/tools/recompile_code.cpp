// Recovers positions of code objects that the end-to-end tests describe, and shows them.
//
//     recompile_code HEXVERSION TOTAL_MS FILE_MS ROOT COMMAND…
//
// The standard input describes a recording in which each code object was sampled once:
//
//     file PATH PATH_HERE               the name in the recording, and where to read the text
//     code NAME FIRST_LINE FLAGS BYTECODE LINE_TABLE NAMES VARIABLES
//
// NAME and the bytes are in hexadecimal, lists of names are joined by commas, `-` is nothing. ROOT
// is `/` for our own. The answer has `code NUMBER BEGIN,END,LINE,END_LINE,COLUMN,END_COLUMN …` for
// each that has positions, `note TEXT`, and `recovered COUNT of COUNT`.
#include <fmt/format.h>

#include <cstdint>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "code/line_table.h"
#include "recompile/positions.h"

namespace lancehead::recompile {
namespace {

using schema::Tables;

std::string from_hex(const std::string& text) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoul(text.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

class Recording {
 public:
  explicit Recording(std::uint32_t hex) : version_(code::PythonVersion::from_hex(hex)) {
    session_ = tables.append(schema::SessionRow{.python_version = hex});
  }

  void add(const std::string& line) {
    std::istringstream words(line);
    std::string kind;
    words >> kind;
    if (kind == "file") {
      add_file(words);
    } else {
      add_code(words);
    }
  }

  [[nodiscard]] schema::SessionId session() const { return session_; }

  Tables tables;

 private:
  schema::StringId string(const std::string& text) {
    return tables.append(schema::StringRow{.text = text});
  }

  std::vector<schema::StringId> strings(const std::string& list) {
    std::vector<schema::StringId> ids;
    std::istringstream words(list);
    for (std::string word; list != "-" && std::getline(words, word, ',');) {
      ids.push_back(string(from_hex(word)));
    }
    return ids;
  }

  void add_file(std::istream& words) {
    std::string path;
    std::string here;
    words >> path >> here;
    std::ifstream file(here, std::ios::binary);
    const std::string text =
        file ? std::string{std::istreambuf_iterator<char>(file), {}} : std::string();
    source_ = tables.append(schema::SourceRow{
        .path = string(path),
        .status = file ? schema::SourceStatus::kept : schema::SourceStatus::missing,
        .text = text});
  }

  void add_code(std::istream& words) {
    std::string name;
    std::string bytecode;
    std::string line_table;
    std::string names;
    std::string variables;
    schema::CodeRow row;
    words >> name >> row.first_line >> row.code_flags >> bytecode >> line_table >> names >>
        variables;
    const std::string bytes = from_hex(bytecode);
    const std::string table = from_hex(line_table);
    const auto name_ids = strings(names);
    const auto variable_ids = strings(variables);
    row.name = row.qualified_name = string(from_hex(name));
    row.source = source_;
    row.session = session_;
    row.line_table_kind = static_cast<schema::LineTableKind>(
        static_cast<unsigned>(code::line_table_format(version_)) + 1);
    row.line_table = table;
    row.bytecode = bytes;
    row.names = name_ids;
    row.variables = variable_ids;
    const auto code = tables.append(row);
    const auto frame = tables.append(schema::FrameRow{.code = code});
    const auto stack = tables.append(schema::StackRow{.frame = frame});
    tables.append(schema::SampleRow{.stack = stack, .weight = 1});
  }

  code::PythonVersion version_;
  schema::SessionId session_;
  schema::SourceId source_;
};

bool continues(const schema::PositionRow& row, const schema::PositionRow& before) {
  return row.code == before.code && row.offset == before.offset + 2 && row.line == before.line &&
         row.end_line == before.end_line && row.column == before.column &&
         row.end_column == before.end_column;
}

void show(const RecoveredPositions& result) {
  const auto& rows = result.rows;
  for (std::size_t i = 0; i < rows.size();) {
    std::size_t last = i;
    while (last + 1 < rows.size() && continues(rows[last + 1], rows[last])) {
      ++last;
    }
    const schema::PositionRow& row = rows[i];
    if (i == 0 || rows[i - 1].code != row.code) {
      fmt::print("{}code {}", i == 0 ? "" : "\n", row.code.value);
    }
    fmt::print(" {},{},{},{},{},{}", row.offset, rows[last].offset + 2, row.line, row.end_line,
               row.column, row.end_column);
    i = last + 1;
  }
  fmt::print("\n");
  for (const std::string& note : result.notes) {
    fmt::print("note {}\n", note);
  }
  fmt::print("recovered {} of {}\n", result.recovered, result.wanted);
}

}  // namespace
}  // namespace lancehead::recompile

int main(int argc, char** argv) {
  using namespace lancehead::recompile;
  const std::vector<std::string> args(argv + 1, argv + argc);
  if (args.size() < 5) {
    return 2;
  }
  Recording recording(static_cast<std::uint32_t>(std::stoul(args[0], nullptr, 16)));
  for (std::string line; std::getline(std::cin, line);) {
    recording.add(line);
  }
  Interpreter interpreter;
  interpreter.argv.assign(args.begin() + 4, args.end());
  interpreter.root = args[3];
  Limits limits;
  limits.total = std::chrono::milliseconds(std::stol(args[1]));
  limits.per_file = std::chrono::milliseconds(std::stol(args[2]));
  show(recover_positions(recording.tables, recording.session(), interpreter, limits));
}
