#include "analyze/compiled.h"

namespace lancehead::analyze {

std::set<profile::FunctionId> compiled_functions(const profile::Profile& profile) {
  std::set<profile::FunctionId> functions;
  const auto& samples = profile.tables().samples;
  for (std::size_t row = 0; row < samples.size(); ++row) {
    if (samples.flags[row].has(schema::SampleFlags::compiled_trace)) {
      if (const auto leaf = profile.function_of(profile.leaf_of(samples.stack[row]))) {
        functions.insert(leaf);
      }
    }
  }
  return functions;
}

}  // namespace lancehead::analyze
