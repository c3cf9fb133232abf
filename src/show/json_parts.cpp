#include "show/json_parts.h"

namespace lancehead::show {

Json time_json(double nanoseconds) {
  return static_cast<std::int64_t>(nanoseconds);
}

Json share_json(const analyze::Share& share) {
  return {{"ns", time_json(share.time)},
          {"share", share.share},
          {"low", share.interval.low},
          {"high", share.interval.high}};
}

Json function_json(const profile::Profile& profile, profile::FunctionId id) {
  if (id.is_none()) {
    return nullptr;
  }
  const profile::Function& function = profile.function(id);
  return {{"name", function.name},
          {"file", function.file},
          {"first_line", function.first_line},
          {"kind", schema::to_string(function.kind)}};
}

}  // namespace lancehead::show
