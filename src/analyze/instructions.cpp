#include "analyze/instructions.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <tuple>
#include <utility>

#include "analyze/compiled.h"
#include "analyze/disassembly.h"
#include "code/opcodes.h"

namespace lancehead::analyze {
namespace {

using code::Form;
using code::PythonVersion;
using profile::FunctionId;
using profile::Profile;
using schema::CodeId;

std::span<const std::uint8_t> bytes_of(std::string_view blob) {
  return {reinterpret_cast<const std::uint8_t*>(blob.data()), blob.size()};
}

// Bytecode of a code object as it was found at a time.
struct State {
  std::int64_t time = 0;
  std::string_view bytecode;
};

// By code object, in the order of time.
std::map<CodeId, std::vector<State>> states_of(const Profile& profile) {
  const auto& table = profile.tables().bytecode_states;
  std::map<CodeId, std::vector<State>> states;
  for (std::size_t row = 0; row < table.size(); ++row) {
    states[table.code[row]].push_back({.time = table.time[row], .bytecode = table.bytecode[row]});
  }
  for (auto& [code, of_code] : states) {
    std::ranges::stable_sort(of_code, {}, &State::time);
  }
  return states;
}

// The forms of all rows in one state.
std::vector<std::optional<code::FoundForm>> forms_in(const code::OpcodeTable& opcodes,
                                                     const Disassembly& disassembly,
                                                     std::span<const std::uint8_t> bytecode) {
  std::vector<std::optional<code::FoundForm>> forms;
  bool is_covered = false;
  for (std::size_t row = 0; row < disassembly.rows.size(); ++row) {
    auto form = code::form_at(opcodes, bytecode, disassembly.instructions[row]);
    // Who jumps to it runs it by itself.
    if (form && is_covered && !disassembly.rows[row].is_jump_target) {
      form = code::FoundForm{.form = Form::covered, .opcode = form->opcode};
    }
    is_covered =
        form && form->form != Form::covered && opcodes[form->opcode].has(code::kCoversNext);
    forms.push_back(form);
  }
  return forms;
}

// The samples of one listing, and what was found of its code objects.
class Group {
 public:
  Group(const Profile& profile, CodeId first)
      : function_(profile.function_of(first)), first_(first) {
    const auto session = profile.tables().codes.session[first.row()];
    if (!session.is_none()) {
      version_ = PythonVersion::from_hex(profile.tables().sessions.python_version[session.row()]);
      opcodes_ = version_.at_least(8) ? code::opcodes_of(version_) : nullptr;
    }
  }

  void add_code(CodeId code, std::span<const State> states) { states_[code] = states; }

  void disassemble(const Profile& profile, profile::PositionResolver& positions) {
    if (opcodes_ == nullptr) {
      return;
    }
    std::string found(profile.tables().codes.bytecode[first_.row()]);
    disassembly_ = analyze::disassemble(profile, *opcodes_, first_, bytes_of(found), positions);
    if (!disassembly_.is_complete) {
      reveal(found);
      disassembly_ = analyze::disassemble(profile, *opcodes_, first_, bytes_of(found), positions);
    }
    self_of_row_.resize(disassembly_.rows.size());
    unspecialised_of_row_.resize(disassembly_.rows.size());
    for (const auto& [code, states] : states_) {
      for (const State& state : states) {
        forms_[code].push_back(forms_in(*opcodes_, disassembly_, bytes_of(state.bytecode)));
        note_forms(forms_[code].back());
      }
    }
  }

  void count(const Selection& selection, std::size_t i, CodeId code, std::int32_t offset,
             std::int64_t time) {
    self_.add(selection.weights, i);
    const std::uint32_t row = disassembly_.row_at(offset);
    if (row == kNoRow) {
      return;
    }
    self_of_row_[row].add(selection.weights, i);
    const auto form = form_at(code, row, time);
    if (!form) {
      return;
    }
    entry_of(row, *form).time += selection.weights[i];
    const bool has_no_form = disassembly_.rows[row].wanted == "" && form->form == Form::generic;
    if (form->form == Form::adaptive || form->form == Form::gave_up || has_no_form) {
      unspecialised_of_row_[row].add(selection.weights, i);
    }
  }

  [[nodiscard]] CodeListing listing(const Selection& selection,
                                    const std::set<FunctionId>& compiled) && {
    for (std::size_t row = 0; row < disassembly_.rows.size(); ++row) {
      disassembly_.rows[row].self = make_share(selection, self_of_row_[row], kExpressionFloor);
      disassembly_.rows[row].unspecialised =
          make_share(selection, unspecialised_of_row_[row], kExpressionFloor);
    }
    return {.function = function_,
            .version = version_,
            .self = make_share(selection, self_),
            .code_objects = states_.size(),
            .rows = std::move(disassembly_.rows),
            .handlers = std::move(disassembly_.handlers),
            .is_compiled = compiled.contains(function_),
            .is_complete = disassembly_.is_complete};
  }

 private:
  using Forms = std::vector<std::optional<code::FoundForm>>;

  // What one opcode hides at some moment stands there at another.
  void reveal(std::string& bytecode) const {
    for (const code::Instruction& instruction : disassembly_.instructions) {
      if (!(*opcodes_)[instruction.opcode].has(code::kHides)) {
        continue;
      }
      for (const State& state : states_.at(first_)) {
        const auto opcode = static_cast<std::uint8_t>(
            state.bytecode.size() == bytecode.size() ? state.bytecode[instruction.offset] : 0);
        if (opcode != 0 && !(*opcodes_)[opcode].has(code::kHides)) {
          bytecode.replace(instruction.offset, 2, state.bytecode, instruction.offset, 2);
          break;
        }
      }
    }
  }

  void note_forms(const Forms& forms) {
    for (std::uint32_t row = 0; row < forms.size(); ++row) {
      if (forms[row]) {
        FormRow& entry = entry_of(row, *forms[row]);
        entry.failures = std::max(entry.failures, forms[row]->failures);
      }
    }
  }

  FormRow& entry_of(std::uint32_t row, const code::FoundForm& form) {
    auto& known = disassembly_.rows[row].forms;
    const std::string_view opcode = (*opcodes_)[form.opcode].name;
    const auto entry = std::ranges::find_if(known, [&](const FormRow& one) {
      return one.form == form.form && (one.opcode == opcode || one.form == Form::covered);
    });
    return entry != known.end() ? *entry
                                : known.emplace_back(FormRow{.form = form.form, .opcode = opcode});
  }

  // That of the last state before, or of the first: which was found a moment after the code became
  // hot.
  [[nodiscard]] std::optional<code::FoundForm> form_at(CodeId code, std::uint32_t row,
                                                       std::int64_t time) const {
    const auto forms = forms_.find(code);
    if (forms == forms_.end()) {
      return std::nullopt;
    }
    const auto& states = states_.at(code);
    const auto after = std::ranges::upper_bound(states, time, {}, &State::time);
    const auto index = after == states.begin() ? 0 : after - states.begin() - 1;
    return forms->second[static_cast<std::size_t>(index)][row];
  }

  FunctionId function_;
  CodeId first_;
  PythonVersion version_;
  const code::OpcodeTable* opcodes_ = nullptr;
  std::map<CodeId, std::span<const State>> states_;
  std::map<CodeId, std::vector<Forms>> forms_;
  Disassembly disassembly_;
  ShareEstimator self_;
  std::vector<ShareEstimator> self_of_row_;
  std::vector<ShareEstimator> unspecialised_of_row_;
};

// Which code objects are one: those of a function whose content is the same.
using GroupKey = std::tuple<FunctionId, std::string_view, std::uint32_t>;

class Counter {
 public:
  Counter(const Profile& profile, const Selection& selection)
      : profile_(profile), selection_(selection), states_(states_of(profile)) {}

  std::vector<CodeListing> count() {
    find_groups();
    profile::PositionResolver positions(profile_.tables());
    for (const auto& group : groups_) {
      group->disassemble(profile_, positions);
    }
    const auto& tables = profile_.tables();
    for (std::size_t i = 0; i < selection_.samples.size(); ++i) {
      const std::uint32_t row = selection_.samples[i];
      if (const auto leaf = leaf_code(row); !leaf.is_none()) {
        const auto frame = profile_.leaf_of(tables.samples.stack[row]);
        group_of_code_.at(leaf)->count(selection_, i, leaf, tables.frames.offset[frame.row()],
                                       tables.samples.time[row]);
      }
    }
    return listings();
  }

 private:
  [[nodiscard]] CodeId leaf_code(std::uint32_t sample) const {
    const auto leaf = profile_.leaf_of(profile_.tables().samples.stack[sample]);
    const CodeId code = leaf.is_none() ? CodeId() : profile_.tables().frames.code[leaf.row()];
    const bool is_python =
        !code.is_none() && profile_.tables().codes.kind[code.row()] == schema::CodeKind::python;
    return is_python ? code : CodeId();
  }

  void find_groups() {
    const auto& codes = profile_.tables().codes;
    std::map<GroupKey, Group*> known;
    for (const std::uint32_t row : selection_.samples) {
      const CodeId code = leaf_code(row);
      if (code.is_none() || group_of_code_.contains(code)) {
        continue;
      }
      const std::string_view hash = codes.content_hash[code.row()];
      const GroupKey key(profile_.function_of(code), hash, hash.empty() ? code.value : 0);
      Group*& group = known[key];
      if (group == nullptr) {
        group = groups_.emplace_back(std::make_unique<Group>(profile_, code)).get();
      }
      group_of_code_[code] = group;
      const auto states = states_.find(code);
      group->add_code(code, states == states_.end() ? std::span<const State>()
                                                    : std::span<const State>(states->second));
    }
  }

  std::vector<CodeListing> listings() {
    const auto compiled = compiled_functions(profile_);
    std::vector<CodeListing> listings;
    for (const auto& group : groups_) {
      listings.push_back(std::move(*group).listing(selection_, compiled));
    }
    std::ranges::stable_sort(listings, std::ranges::greater(),
                             [](const CodeListing& one) { return one.self.time; });
    return listings;
  }

  const Profile& profile_;
  const Selection& selection_;
  std::map<CodeId, std::vector<State>> states_;
  std::vector<std::unique_ptr<Group>> groups_;
  std::map<CodeId, Group*> group_of_code_;
};

}  // namespace

std::vector<CodeListing> code_listings(const Profile& profile, const Selection& selection) {
  return Counter(profile, selection).count();
}

}  // namespace lancehead::analyze
