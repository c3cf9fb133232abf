// The bytecode of hot functions as JSON.
#pragma once

#include <span>

#include "analyze/instructions.h"
#include "analyze/unspecialised.h"
#include "profile/profile.h"
#include "show/json_parts.h"

namespace lancehead::show {

[[nodiscard]] Json listing_json(const profile::Profile& profile,
                                const analyze::CodeListing& listing);
[[nodiscard]] Json unspecialised_json(const profile::Profile& profile,
                                      const analyze::UnspecialisedRow& row);

}  // namespace lancehead::show
