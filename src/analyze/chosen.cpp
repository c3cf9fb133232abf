#include "analyze/chosen.h"

namespace lancehead::analyze {

std::set<profile::FunctionId> chosen_functions(const profile::Profile& profile) {
  std::set<profile::FunctionId> functions;
  for (const schema::CodeId code : profile.tables().chosen.code) {
    if (!code.is_none()) {
      functions.insert(profile.function_of(code));
    }
  }
  return functions;
}

}  // namespace lancehead::analyze
