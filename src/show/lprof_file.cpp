#include "show/lprof_file.h"

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include "analyze/hits.h"
#include "base/bytes.h"

namespace lancehead::show {
namespace {

// Version 2 of Python's pickle, which every version reads.
class Pickle {
 public:
  Pickle() { out_.text("\x80\x02"); }

  // An object of the class; its attributes follow, as one dict, and then end_object().
  void begin_object(std::string_view module, std::string_view name) {
    out_.text("c");
    out_.text(module);
    out_.text("\n");
    out_.text(name);
    out_.text("\n)\x81");  // of the empty tuple, without __init__
  }
  void end_object() { out_.text("b"); }

  void begin_dict() { out_.text("}("); }
  void end_dict() { out_.text("u"); }
  void begin_list() { out_.text("]("); }
  void end_list() { out_.text("e"); }
  void tuple_of_three() { out_.text("\x87"); }  // the last three

  void text(std::string_view text) {
    out_.text("X");
    out_.little(static_cast<std::uint32_t>(text.size()));
    out_.text(text);
  }

  void number(std::uint64_t value) {
    if (value <= std::numeric_limits<std::int32_t>::max()) {
      out_.text("J");
      out_.little(static_cast<std::uint32_t>(value));
      return;
    }
    out_.text("\x8a\x09");  // nine bytes, so that the sign is 0
    out_.little(value);
    out_.little(std::uint8_t{0});
  }

  void real(double value) {
    out_.text("G");
    const auto bits = std::bit_cast<std::uint64_t>(value);
    for (unsigned shift = 64; shift > 0; shift -= 8) {  // most significant byte first
      out_.little(static_cast<std::uint8_t>(bits >> (shift - 8)));
    }
  }

  [[nodiscard]] std::string take() {
    out_.text(".");
    return std::string(as_text(out_.data()));
  }

 private:
  ByteWriter out_;
};

void write_function(Pickle& out, const profile::Function& function,
                    const analyze::CountedFunction& counted) {
  out.text(function.file);
  out.number(function.first_line);
  out.text(function.name);
  out.tuple_of_three();
  out.begin_list();
  for (const analyze::HitLine& line : counted.lines) {
    if (line.hits == 0) {
      continue;  // line_profiler divides by it
    }
    out.number(line.line);
    out.number(line.hits);
    out.number(static_cast<std::uint64_t>(std::llround(line.total.time)));
    out.tuple_of_three();
  }
  out.end_list();
}

}  // namespace

Result<std::string> lprof_file(const profile::Profile& profile,
                               const analyze::Selection& selection) {
  if (!analyze::has_counts(profile)) {
    return fail(ErrorKind::usage, "There are no exact counts in this recording.",
                "Record it with `lancehead run --counts` or `lancehead kernprof -l`.");
  }
  Pickle out;
  out.begin_object("line_profiler.line_profiler", "LineStats");
  out.begin_dict();
  out.text("timings");
  out.begin_dict();
  for (const analyze::CountedFunction& counted : analyze::hits(profile, selection).functions) {
    write_function(out, profile.function(counted.function), counted);
  }
  out.end_dict();
  out.text("unit");
  constexpr double kNanosecond = 1e-9;
  out.real(kNanosecond);
  out.end_dict();
  out.end_object();
  return out.take();
}

}  // namespace lancehead::show
