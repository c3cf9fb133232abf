// The bytecode of one function, as `dis` lists it, with shares and forms beside it.
#pragma once

#include "analyze/instructions.h"
#include "show/page.h"

namespace lancehead::show {

void write_listing(Page& page, const analyze::CodeListing& listing);

}  // namespace lancehead::show
