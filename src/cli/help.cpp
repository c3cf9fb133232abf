#include "cli/help.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>

#include "show/text.h"

namespace lancehead::cli {
namespace {

constexpr std::size_t kWidth = 80;
constexpr std::size_t kOptionColumn = 26;

std::string examples_text(std::span<const Example> examples) {
  std::size_t widest = 0;
  for (const Example& example : examples) {
    widest = std::max(widest, std::string_view(example.command).size());
  }
  std::string text = "Examples:\n";
  for (const Example& example : examples) {
    text += fmt::format("  {:<{}}  {}\n", example.command, widest, example.meaning);
  }
  return text;
}

std::string left_of(const OptionRow& row) {
  if (!row.positional.empty()) {
    return row.value.empty() || !row.words().empty() ? row.positional : row.value;
  }
  std::string left = row.shorts.empty() ? "    " : fmt::format("-{}, ", row.shorts.front());
  left += row.longs.empty() ? "" : "--" + row.longs.front();
  return row.value.empty() ? left : left + " " + row.value;
}

std::string usage_text(const Verb& verb) {
  const std::string lead = fmt::format("Usage: lancehead {} ", verb.name);
  std::string text = lead;
  bool first = true;
  for (const std::string& line : show::wrap(verb.usage, kWidth - lead.size())) {
    text += first ? line : "\n" + std::string(lead.size(), ' ') + line;
    first = false;
  }
  return text + '\n';
}

std::string row_text(const std::string& left, const std::string& help) {
  std::string text = "  " + left;
  bool first = true;
  for (const std::string& line : show::wrap(help, kWidth - kOptionColumn)) {
    if (first && text.size() + 2 <= kOptionColumn) {
      text.append(kOptionColumn - text.size(), ' ');
    } else {
      text += '\n';
      text.append(kOptionColumn, ' ');
    }
    text += line;
    first = false;
  }
  return text + '\n';
}

}  // namespace

std::vector<std::string> OptionRow::words() const {
  std::vector<std::string> words;
  for (std::size_t start = 0; start <= value.size() && value.find('|') != std::string::npos;) {
    const std::size_t end = std::min(value.find('|', start), value.size());
    const std::string word = value.substr(start, end - start);
    if (!word.empty() && std::islower(static_cast<unsigned char>(word.front())) != 0) {
      words.push_back(word);
    }
    start = end + 1;
  }
  // A single choice has no bar in it; it is a word where it is not written in capitals.
  if (words.empty() && !value.empty() && std::islower(static_cast<unsigned char>(value[0])) != 0) {
    words.push_back(value);
  }
  return words;
}

std::vector<OptionRow> option_rows(const CLI::App& parser) {
  std::vector<OptionRow> rows;
  for (const CLI::Option* option : parser.get_options()) {
    OptionRow row{.shorts = option->get_snames(),
                  .longs = option->get_lnames(),
                  .positional = option->get_positional() ? option->get_name(true) : "",
                  .value = option->get_items_expected_max() > 0 ? option->get_type_name() : "",
                  .help = option->get_description()};
    if (row.shorts.empty() && row.longs.empty() && row.positional.empty()) {
      continue;
    }
    rows.push_back(std::move(row));
  }
  // --help comes first in CLI11; a reader looks for it last.
  std::ranges::stable_partition(rows, [](const OptionRow& row) {
    return std::ranges::find(row.longs, "help") == row.longs.end();
  });
  return rows;
}

std::string main_help(std::span<const Verb> verbs) {
  std::string text = examples_text(verbs.front().examples);
  text += fmt::format("\n{}\n\nUsage: lancehead VERB [options] ...\n\nVerbs:\n", kSummary);
  for (const Verb& verb : verbs) {
    text += row_text(verb.name, verb.summary);
  }
  text += "\nOptions:\n";
  text += row_text("    --version", "Print the version");
  text += row_text("-h, --help", "Print this help; `lancehead VERB --help` explains a verb");
  return text;
}

std::string verb_help(const Verb& verb, const CLI::App& parser) {
  std::string text = examples_text(verb.examples);
  text += '\n';
  for (const std::string& line : show::wrap(verb.summary, kWidth)) {
    text += line + "\n";
  }
  text += '\n' + usage_text(verb) + "\nOptions:\n";
  for (const OptionRow& row : option_rows(parser)) {
    text += row_text(left_of(row), row.help);
  }
  return text;
}

}  // namespace lancehead::cli
