#include "profile/function.h"

#include <map>
#include <tuple>

namespace lancehead::profile {
namespace {

using schema::CodeId;
using schema::StringId;
using schema::Tables;

std::string_view text_of(const Tables& tables, StringId id) {
  return id.is_none() ? std::string_view() : tables.strings.text[id.row()];
}

Function make_function(const Tables& tables, std::size_t code) {
  const auto& codes = tables.codes;
  Function function{.kind = codes.kind[code],
                    .name = text_of(tables, codes.qualified_name[code]),
                    .file = {},
                    .source = codes.source[code],
                    .first_line = codes.first_line[code]};
  if (function.name.empty()) {
    function.name = text_of(tables, codes.name[code]);
  }
  if (!function.source.is_none()) {
    function.file = text_of(tables, tables.sources.path[function.source.row()]);
  }
  return function;
}

}  // namespace

FunctionTable find_functions(const Tables& tables) {
  using Key = std::tuple<schema::CodeKind, std::string_view, std::string_view, std::uint32_t>;
  std::map<Key, FunctionId> known;
  FunctionTable table;
  for (std::size_t code = 0; code < tables.codes.size(); ++code) {
    const Function function = make_function(tables, code);
    const Key key(function.kind, function.file, function.name, function.first_line);
    const auto [entry, is_new] = known.try_emplace(key, FunctionId(table.functions.size()));
    if (is_new) {
      table.functions.push_back(function);
    }
    table.of_code.push_back(entry->second);
  }
  return table;
}

}  // namespace lancehead::profile
