// Functions as people know them: one for each place of definition, whatever number of code objects
// a program made of it (in each process, after each reload).
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "schema/tables.h"

namespace lancehead::profile {

struct FunctionTag;
using FunctionId = Id<FunctionTag>;

// Texts are as the program has them: escape them before they are shown.
struct Function {
  schema::CodeKind kind = schema::CodeKind::python;
  std::string_view name;  // qualified where the version has it
  std::string_view file;  // empty where there is none
  schema::SourceId source;
  std::uint32_t first_line = 0;
};

struct FunctionTable {
  std::vector<Function> functions;
  std::vector<FunctionId> of_code;  // one for each row of `codes`
};

[[nodiscard]] FunctionTable find_functions(const schema::Tables& tables);

}  // namespace lancehead::profile
