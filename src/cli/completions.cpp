#include "cli/completions.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/command_line.h"
#include "cli/exit_code.h"
#include "cli/help.h"

namespace lancehead::cli {
namespace {

std::string joined(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, " "));
}

// All spellings of an option.
std::vector<std::string> spellings(const OptionRow& row) {
  std::vector<std::string> names;
  for (const std::string& name : row.shorts) {
    names.push_back("-" + name);
  }
  for (const std::string& name : row.longs) {
    names.push_back("--" + name);
  }
  return names;
}

std::string single_quoted(std::string text) {
  for (std::size_t at = text.find('\''); at != std::string::npos; at = text.find('\'', at + 4)) {
    text.replace(at, 1, "'\\''");
  }
  return "'" + text + "'";
}

std::vector<std::string> names_of(std::span<const Verb> verbs) {
  std::vector<std::string> names;
  for (const Verb& verb : verbs) {
    names.emplace_back(verb.name);
  }
  return names;
}

std::string bash_verb(const Verb& verb, const std::vector<OptionRow>& rows) {
  std::string values;
  std::vector<std::string> options;
  std::vector<std::string> words;
  for (const OptionRow& row : rows) {
    const auto names = spellings(row);
    options.insert(options.end(), names.begin(), names.end());
    if (!row.positional.empty()) {
      words = row.words();
    } else if (!row.words().empty()) {
      values +=
          fmt::format("        {}) COMPREPLY=($(compgen -W \"{}\" -- \"$word\")); return ;;\n",
                      fmt::join(names, "|"), joined(row.words()));
    } else if (row.value == "FILE" || row.value == "PATH") {
      values += fmt::format("        {}) COMPREPLY=($(compgen -f -- \"$word\")); return ;;\n",
                            fmt::join(names, "|"));
    } else if (!row.value.empty()) {
      values += fmt::format("        {}) return ;;\n", fmt::join(names, "|"));
    }
  }
  const std::string operands =
      words.empty() ? "compgen -f" : fmt::format("compgen -W \"{}\"", joined(words));
  return fmt::format(
      "    {})\n      case \"$before\" in\n{}      esac\n"
      "      if [[ $word == -* ]]; then COMPREPLY=($(compgen -W \"{}\" -- \"$word\"))\n"
      "      else COMPREPLY=($({} -- \"$word\")); fi ;;\n",
      verb.name, values, joined(options), operands);
}

std::string bash_script(std::span<const Verb> verbs, const CLI::App& parser) {
  std::string script =
      "# bash completion for lancehead: source it, or put it into\n"
      "# ~/.local/share/bash-completion/completions/lancehead\n"
      "_lancehead() {\n"
      "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
      "  COMPREPLY=()\n"
      "  if (( COMP_CWORD == 1 )); then\n";
  script += fmt::format(
      "    COMPREPLY=($(compgen -W \"{} --help --version\" -- \"$word\"))\n    return\n  fi\n"
      "  case \"${{COMP_WORDS[1]}}\" in\n",
      joined(names_of(verbs)));
  for (const Verb& verb : verbs) {
    script += bash_verb(verb, option_rows(*parser.get_subcommand(verb.name)));
  }
  return script + "  esac\n}\ncomplete -o filenames -F _lancehead lancehead\n";
}

std::string zsh_action(const OptionRow& row) {
  if (!row.words().empty()) {
    return fmt::format("({})", joined(row.words()));
  }
  return row.value == "FILE" || row.value == "PATH" ? "_files" : "";
}

// A zsh description may hold no bracket or colon unescaped.
std::string zsh_text(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') {
      out += '\\';
    }
    out += c;
  }
  return out;
}

std::string zsh_verb(const Verb& verb, const std::vector<OptionRow>& rows) {
  std::string script = fmt::format("    {})\n      _arguments", verb.name);
  int position = 0;
  for (const OptionRow& row : rows) {
    if (!row.positional.empty()) {
      const std::string action = zsh_action(row);
      script += " " + single_quoted(fmt::format("{}:{}:{}", ++position, row.positional,
                                                action.empty() ? "_files" : action));
      continue;
    }
    for (const std::string& name : spellings(row)) {
      std::string spec = fmt::format("{}[{}]", name, zsh_text(row.help));
      if (!row.value.empty()) {
        spec += fmt::format(":{}:{}", zsh_text(row.value), zsh_action(row));
      }
      script += " \\\n        " + single_quoted(spec);
    }
  }
  return script + (verb.takes_program ? " \\\n        '*::program:_normal'" : "") + " ;;\n";
}

std::string zsh_script(std::span<const Verb> verbs, const CLI::App& parser) {
  std::string script =
      "#compdef lancehead\n"
      "# zsh completion for lancehead: put it as _lancehead into a folder of $fpath\n"
      "_lancehead() {\n  local context state line\n"
      "  _arguments -C '--help[Print help]' '--version[Print the version]' \\\n"
      "    '1:verb:->verb' '*::options:->options'\n"
      "  if [[ $state == verb ]]; then\n    local -a verbs=(\n";
  for (const Verb& verb : verbs) {
    script += "      " + single_quoted(fmt::format("{}:{}", verb.name, verb.summary)) + "\n";
  }
  script += "    )\n    _describe verb verbs\n    return\n  fi\n  case $line[1] in\n";
  for (const Verb& verb : verbs) {
    script += zsh_verb(verb, option_rows(*parser.get_subcommand(verb.name)));
  }
  return script + "  esac\n}\n_lancehead \"$@\"\n";
}

std::string fish_verb(const Verb& verb, const std::vector<OptionRow>& rows) {
  std::string script;
  const std::string seen = fmt::format("'__fish_seen_subcommand_from {}'", verb.name);
  for (const OptionRow& row : rows) {
    std::string line = "complete -c lancehead -n " + seen;
    for (const std::string& name : row.shorts) {
      line += " -s " + name;
    }
    for (const std::string& name : row.longs) {
      line += " -l " + name;
    }
    if (!row.words().empty()) {
      line += fmt::format(" -x -a {}", single_quoted(joined(row.words())));
    } else if (row.value == "FILE" || row.value == "PATH") {
      line += row.positional.empty() ? " -r -F" : " -F";
    } else if (!row.value.empty()) {
      line += " -x";
    }
    script += line + " -d " + single_quoted(row.help) + "\n";
  }
  return script;
}

std::string fish_script(std::span<const Verb> verbs, const CLI::App& parser) {
  std::string script =
      "# fish completion for lancehead: put it into ~/.config/fish/completions/lancehead.fish\n"
      "complete -c lancehead -n __fish_use_subcommand -f -l help -d 'Print help'\n"
      "complete -c lancehead -n __fish_use_subcommand -f -l version -d 'Print the version'\n";
  for (const Verb& verb : verbs) {
    script += fmt::format("complete -c lancehead -n __fish_use_subcommand -f -a {} -d {}\n",
                          verb.name, single_quoted(verb.summary));
  }
  for (const Verb& verb : verbs) {
    script += fish_verb(verb, option_rows(*parser.get_subcommand(verb.name)));
  }
  return script;
}

}  // namespace

std::string completion_script(std::span<const Verb> verbs, const CLI::App& parser, Shell shell) {
  switch (shell) {
    case Shell::bash: return bash_script(verbs, parser);
    case Shell::zsh: return zsh_script(verbs, parser);
    case Shell::fish: return fish_script(verbs, parser);
  }
  return {};
}

int print_completions(std::span<const Verb> verbs, const Options& options) {
  Options unused;
  const auto parser = make_parser(verbs, unused);
  fmt::print("{}", completion_script(verbs, *parser, options.shell));
  return kSuccess;
}

}  // namespace lancehead::cli
