// The report on a terminal.
#pragma once

#include <cstdio>
#include <string>

#include "base/result.h"
#include "profile/profile.h"
#include "show/report_options.h"
#include "show/terminal.h"

namespace lancehead::show {

// Fails (usage) when the filter is no regular expression or no thread has the name asked for.
[[nodiscard]] Result<std::string> render_report(const profile::Profile& profile,
                                                const ReportOptions& options,
                                                const Terminal& terminal);

// Writes text and flushes it; `name` is for the message. A reader that goes away (a pager that is
// left) is no error.
[[nodiscard]] Result<void> write_text(std::FILE* out, const std::string& text,
                                      const std::string& name);

// Writes it; an error is returned, not printed.
[[nodiscard]] Result<void> print_report(const profile::Profile& profile,
                                        const ReportOptions& options, const Terminal& terminal,
                                        std::FILE* out);

}  // namespace lancehead::show
