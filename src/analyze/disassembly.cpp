#include "analyze/disassembly.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "code/argument.h"

namespace lancehead::analyze {
namespace {

using profile::Profile;
using schema::CodeId;

constexpr std::size_t kUnit = 2;

std::span<const std::uint8_t> bytes_of(std::string_view blob) {
  return {reinterpret_cast<const std::uint8_t*>(blob.data()), blob.size()};
}

template <typename Ids>
std::vector<std::string_view> texts_of(const Profile& profile, const Ids& ids) {
  std::vector<std::string_view> texts;
  for (const schema::StringId id : ids) {
    texts.push_back(profile.text(id));
  }
  return texts;
}

// The repr of an int, a float or a str.
bool is_literal(std::string_view text) {
  if (text.starts_with('-')) {
    text.remove_prefix(1);
  }
  return !text.empty() && (text.front() == '\'' || text.front() == '"' ||
                           (text.front() >= '0' && text.front() <= '9'));
}

class Disassembler {
 public:
  Disassembler(const Profile& profile, const code::OpcodeTable& opcodes, CodeId code,
               profile::PositionResolver& positions)
      : opcodes_(opcodes),
        code_(code),
        positions_(positions),
        names_(texts_of(profile, profile.tables().codes.names[code.row()])),
        variables_(texts_of(profile, profile.tables().codes.variables[code.row()])),
        constants_(texts_of(profile, profile.tables().codes.constants[code.row()])) {
    if (opcodes.minor >= 11) {
      result_.handlers = code::decode_exception_table(
          bytes_of(profile.tables().codes.exception_table[code.row()]));
    }
  }

  Disassembly disassemble(std::span<const std::uint8_t> found) {
    const auto instructions = walk(found);
    result_.row_of_unit.assign(found.size() / kUnit, kNoRow);
    texts_ = {.constants = constants_,
              .names = names_,
              .variables = variables_,
              .locals = code::count_locals(opcodes_, instructions, names_, variables_)};
    for (const code::Instruction& instruction : instructions) {
      append_extensions(instruction);
      append(instruction);
    }
    mark_targets(instructions);
    find_literals();
    return std::move(result_);
  }

 private:
  // The caches of a hidden instruction are not known. They have its place in the source, so what
  // has another one is the next instruction.
  [[nodiscard]] std::vector<code::Instruction> walk(std::span<const std::uint8_t> bytes) {
    std::vector<code::Instruction> all;
    for (std::size_t begin = 0; begin < bytes.size();) {
      code::InstructionReader reader(opcodes_, bytes.subspan(begin));
      const std::size_t from = begin;
      begin = bytes.size();
      while (auto instruction = reader.next()) {
        instruction->offset += static_cast<std::uint32_t>(from);
        instruction->start += static_cast<std::uint32_t>(from);
        all.push_back(*instruction);
        if (opcodes_[instruction->opcode].has(code::kHides)) {
          result_.is_complete = false;
          all.back().size = hidden_size(*instruction);
          begin = all.back().end();
          break;
        }
      }
    }
    return all;
  }

  [[nodiscard]] std::uint32_t hidden_size(const code::Instruction& instruction) {
    constexpr std::uint32_t kMostCaches = 10;
    const std::uint32_t until = positions_.same_place_until(code_, instruction.offset);
    const std::uint32_t size = until > instruction.offset ? until - instruction.offset : 0;
    return std::clamp<std::uint32_t>(size, kUnit, kUnit * (1 + kMostCaches));
  }

  // The EXTENDED_ARGs in front of an instruction, each with what the argument is up to there.
  void append_extensions(const code::Instruction& instruction) {
    for (std::uint32_t at = instruction.start; at < instruction.offset; at += kUnit) {
      const auto after = static_cast<unsigned>((instruction.offset - at) / kUnit);
      append({.offset = at,
              .start = at,
              .opcode = opcodes_.extended_arg,
              .base = opcodes_.extended_arg,
              .arg = after < 4 ? instruction.arg >> (8 * after) : 0,
              .size = kUnit});
    }
  }

  void append(const code::Instruction& instruction) {
    const code::OpcodeInfo& info = opcodes_[instruction.base];
    const auto row = static_cast<std::uint32_t>(result_.rows.size());
    const std::size_t end =
        std::min<std::size_t>(instruction.end() / kUnit, result_.row_of_unit.size());
    for (std::size_t unit = instruction.offset / kUnit; unit < end; ++unit) {
      result_.row_of_unit[unit] = row;
    }
    result_.instructions.push_back(instruction);
    InstructionRow& added = result_.rows.emplace_back();
    added.offset = instruction.offset;
    added.opcode = info.is_known() ? info.name : std::string_view("?");
    added.has_argument = info.has(code::kHasArg);
    added.argument = instruction.arg;
    added.argument_text = code::argument_text(opcodes_, instruction, texts_);
    if (code::can_specialise(opcodes_, instruction.base)) {
      added.wanted = code::specialised_operands(opcodes_, instruction);
      added.can_specialise = added.wanted != "";
    }
    added.position = positions_.resolve(code_, static_cast<std::int32_t>(instruction.offset));
    set_line(added);
  }

  // As dis does it: from 3.13 on code without a line begins a line of its own.
  void set_line(InstructionRow& row) {
    row.line = positions_.from_line_table(code_, row.offset).line;
    if (row.line == profile::kNoLine) {
      row.line = row.position.line;
    }
    const bool counts = row.line != profile::kNoLine || opcodes_.minor >= 13;
    row.starts_line = counts && (!last_line_ || *last_line_ != row.line);
    if (counts) {
      last_line_ = row.line;
    }
  }

  void mark_targets(std::span<const code::Instruction> instructions) {
    std::set<std::uint32_t> targets;
    for (const code::Instruction& instruction : instructions) {
      if (const auto target = code::jump_target(opcodes_, instruction)) {
        targets.insert(*target);
      }
    }
    for (const code::ExceptionEntry& entry : result_.handlers) {
      targets.insert(entry.target);
    }
    for (InstructionRow& row : result_.rows) {
      row.is_jump_target = targets.contains(row.offset);
    }
  }

  // What the instruction right in front of an operator pushes is its right operand.
  void find_literals() {
    for (std::size_t i = 1; i < result_.rows.size(); ++i) {
      InstructionRow& row = result_.rows[i];
      if ((row.opcode == "BINARY_OP" || row.opcode == "COMPARE_OP") && !row.is_jump_target) {
        row.literal = literal_of(result_.rows[i - 1]);
      }
    }
  }

  static std::string literal_of(const InstructionRow& row) {
    if (row.opcode == "LOAD_SMALL_INT") {
      return std::to_string(row.argument);
    }
    return row.opcode == "LOAD_CONST" && is_literal(row.argument_text) ? row.argument_text
                                                                       : std::string();
  }

  const code::OpcodeTable& opcodes_;
  CodeId code_;
  profile::PositionResolver& positions_;
  std::vector<std::string_view> names_;
  std::vector<std::string_view> variables_;
  std::vector<std::string_view> constants_;
  code::CodeTexts texts_;
  std::optional<std::uint32_t> last_line_;
  Disassembly result_;
};

}  // namespace

std::uint32_t Disassembly::row_at(std::int32_t offset) const {
  const auto unit = static_cast<std::size_t>(offset) / kUnit;
  return offset < 0 || unit >= row_of_unit.size() ? kNoRow : row_of_unit[unit];
}

Disassembly disassemble(const Profile& profile, const code::OpcodeTable& opcodes, CodeId code,
                        std::span<const std::uint8_t> found, profile::PositionResolver& positions) {
  return Disassembler(profile, opcodes, code, positions).disassemble(found);
}

}  // namespace lancehead::analyze
