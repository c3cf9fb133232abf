// What is said between lancehead and the helper (helper.py).
//
// All numbers are 32 bits wide, least significant byte first; bytes and texts have their size in
// front, lists their count.
//
//     helper:     "LHR1", PY_VERSION_HEX, magic number of its .pyc files
//     lancehead:  number of files, then each file
//     helper:     for each file the size of the answer and the answer
//
// The helper compiles text that the profiled program may have written, so its answers are checked
// like anything else that comes from there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "code/line_table.h"
#include "code/python_version.h"

namespace lancehead::recompile {

// A code object whose positions are wanted. Views last as long as what they were taken from.
struct WantedCode {
  std::string_view name{};
  std::uint32_t first_line = 0;
  std::uint32_t flags = 0;               // co_flags
  std::vector<std::uint8_t> bytecode{};  // in its base form (code::deopt)
  std::string_view line_table{};
  std::vector<std::string_view> names{};      // co_names; empty if not known
  std::vector<std::string_view> variables{};  // locals, cells, free variables; empty if not known
  std::vector<std::string_view> constants{};  // as the recording has them; empty if not known
};

struct WantedFile {
  std::string_view path;
  std::string_view text;
  std::optional<int> optimize;  // the -O level; without a value all are tried
  std::vector<WantedCode> codes;
};

// Why a code object has positions, or has none.
enum class Outcome : std::uint8_t {
  matched,
  not_found,       // the source has no code object of that name at that line
  other_bytecode,  // it has, but with other instructions than ran
  other_lines,     // it has, with the same instructions on other lines
  ambiguous,       // several that cannot be told apart
  not_aligned,     // the numbered tree compiled to something else
  no_answer,       // the file could not be compiled, or not in time
};

struct CodeAnswer {
  Outcome outcome = Outcome::no_answer;
  std::vector<code::PositionRange> ranges;  // sorted; where there is a position
};

struct FileAnswer {
  std::string trouble;            // why the file has no answers, as the end of a sentence
  std::vector<CodeAnswer> codes;  // one for each that was wanted
};

struct Hello {
  static constexpr std::size_t kSize = 12;

  code::PythonVersion version;
  std::uint32_t magic = 0;
};

[[nodiscard]] std::optional<Hello> decode_hello(const Bytes& bytes);

void encode(ByteWriter& writer, const WantedFile& file);

// The most bytes that an honest answer for the file can have.
[[nodiscard]] std::size_t answer_bound(const WantedFile& file);

// Nothing where the answer is not one for this file.
[[nodiscard]] std::optional<FileAnswer> decode_answer(const Bytes& bytes, const WantedFile& file);

}  // namespace lancehead::recompile
