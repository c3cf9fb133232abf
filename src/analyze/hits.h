// Exact counts, as people ask for them: how often a function was called, a line begun, a branch
// taken, a call made; and what was never run.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analyze/selection.h"
#include "profile/profile.h"

namespace lancehead::analyze {

struct HitLine {
  std::uint32_t line = 0;
  std::uint64_t hits = 0;  // 'line' events of sys.settrace
  Share total;             // the time of the line with its callees, sampled in the same run
};

enum class BranchKind : std::uint8_t {
  condition,  // true or false
  none_test,  // None or not
  loop,       // another item or the end
  exception,  // the exception matched or not
};

// A place in the source where the program can go one way or another. Copies that the compiler made
// of one condition are one branch.
struct Branch {
  BranchKind kind = BranchKind::condition;
  profile::Position range;
  std::uint64_t yes = 0;  // true, None, another item, a match
  std::uint64_t no = 0;
};

// A call in the source, and how often it was made.
struct CallSite {
  profile::Position range;
  std::uint64_t calls = 0;
};

struct CountedFunction {
  profile::FunctionId function;
  std::uint64_t calls = 0;     // frames that were started; a generator's when it was first resumed
  std::vector<HitLine> lines;  // those with instructions, in order
  std::vector<Branch> branches;  // in the order of the source
  std::vector<CallSite> call_sites;
  Share self;
  Share total;
};

struct FileCoverage {
  schema::SourceId source;
  std::string_view file;
  std::vector<std::uint32_t> lines;      // that have instructions, in order
  std::vector<std::uint32_t> never_run;  // of these
  std::uint64_t branches = 0;            // outcomes that there are: two a branch
  std::uint64_t branches_taken = 0;      // of these
};

struct Uncounted {
  std::string_view file;
  std::string_view name;
  std::uint32_t first_line = 0;
  std::string_view reason;
};

struct Hits {
  // By own time, largest first; then as in the source. Where the program named functions with
  // `profile`, only these.
  std::vector<CountedFunction> functions;
  std::vector<FileCoverage> files;  // by name
  std::vector<Uncounted> uncounted;
};

[[nodiscard]] Hits hits(const profile::Profile& profile, const Selection& selection);

// Whether the recording has exact counts at all.
[[nodiscard]] bool has_counts(const profile::Profile& profile);

}  // namespace lancehead::analyze
