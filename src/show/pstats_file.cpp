#include "show/pstats_file.h"

#include <bit>
#include <cstdint>
#include <limits>
#include <map>
#include <string_view>
#include <tuple>

#include "base/bytes.h"

namespace lancehead::show {
namespace {

using analyze::CallFigures;
using profile::FunctionId;

constexpr double kSecond = 1e9;

// Version 2 of Python's marshal, which every version reads.
class Marshal {
 public:
  void begin_dict() { out_.text("{"); }
  void end_dict() { out_.text("0"); }

  void begin_tuple(std::uint32_t size) {
    out_.text("(");
    out_.little(size);
  }

  void text(std::string_view text) {
    out_.text("u");
    out_.little(static_cast<std::uint32_t>(text.size()));
    out_.text(text);
  }

  void number(std::uint64_t value) {
    if (value <= std::numeric_limits<std::int32_t>::max()) {
      out_.text("i");
      out_.little(static_cast<std::uint32_t>(value));
      return;
    }
    constexpr std::uint64_t kDigitBits = 15;
    constexpr std::uint64_t kDigit = (1U << kDigitBits) - 1;
    std::uint32_t count = 0;
    for (std::uint64_t rest = value; rest != 0; rest >>= kDigitBits) {
      ++count;
    }
    out_.text("l");
    out_.little(count);
    for (; value != 0; value >>= kDigitBits) {
      out_.little(static_cast<std::uint16_t>(value & kDigit));
    }
  }

  void real(double value) {
    out_.text("g");
    out_.little(std::bit_cast<std::uint64_t>(value));
  }

  [[nodiscard]] std::string take() const { return std::string(as_text(out_.data())); }

 private:
  ByteWriter out_;
};

// How cProfile names a function.
using Key = std::tuple<std::string, std::uint32_t, std::string>;

Key key_of(const profile::Profile& profile, FunctionId id) {
  const profile::Function& function = profile.function(id);
  const std::string_view file = function.file.empty() ? "~" : function.file;
  const std::size_t dot = function.name.rfind('.');
  const bool is_python = function.kind == schema::CodeKind::python;
  // The name, not the qualified one; that of a module or a comprehension has no dot.
  const std::string_view name =
      is_python && dot != std::string_view::npos ? function.name.substr(dot + 1) : function.name;
  return {std::string(file), function.first_line, std::string(name)};
}

void write_key(Marshal& out, const Key& key) {
  out.begin_tuple(3);
  out.text(std::get<0>(key));
  out.number(std::get<1>(key));
  out.text(std::get<2>(key));
}

struct Row {
  CallFigures figures;
  std::map<Key, CallFigures> callers;
};

void add(CallFigures& sum, const CallFigures& more) {
  sum.count += more.count;
  sum.primitive += more.primitive;
  sum.self += more.self;
  sum.total += more.total;
}

// The two counts stand the other way round in a caller's entry than in a row.
void write_row(Marshal& out, const Row& row) {
  out.begin_tuple(5);
  out.number(row.figures.primitive);
  out.number(row.figures.count);
  out.real(row.figures.self / kSecond);
  out.real(row.figures.total / kSecond);
  out.begin_dict();
  for (const auto& [key, figures] : row.callers) {
    write_key(out, key);
    out.begin_tuple(4);
    out.number(figures.count);
    out.number(figures.primitive);
    out.real(figures.self / kSecond);
    out.real(figures.total / kSecond);
  }
  out.end_dict();
}

}  // namespace

std::string pstats_file(const profile::Profile& profile, const analyze::CallEdges& edges) {
  std::map<Key, Row> rows;
  for (const analyze::FunctionEdges& called : edges.functions) {
    Row& row = rows[key_of(profile, called.function)];
    add(row.figures, called.figures);
    for (const auto& [caller, figures] : called.callers) {
      const Key key = key_of(profile, caller);
      add(row.callers[key], figures);
      rows.try_emplace(key);  // viewers look each caller up
    }
  }
  if (!edges.is_exact) {
    rows.try_emplace(Key("~", 0, "<sampled by lancehead: calls are numbers of samples>"));
  }
  Marshal out;
  out.begin_dict();
  for (const auto& [key, row] : rows) {
    write_key(out, key);
    write_row(out, row);
  }
  out.end_dict();
  return out.take();
}

}  // namespace lancehead::show
