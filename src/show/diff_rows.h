// The rows of a difference as text: what changed, and where it stands.
#pragma once

#include <string>
#include <vector>

#include "show/diff_answer.h"

namespace lancehead::show {

// Texts are escaped.
struct DiffRow {
  std::string text;   // a function's name, a line's source, an expression
  std::string place;  // file and line; empty where there is none
  std::string note;   // what the change is of, where more can be meant
  bool place_first = false;
  analyze::Change change;
  analyze::Verdict verdict = analyze::Verdict::same;

  // For a sentence.
  [[nodiscard]] std::string short_name() const;
};

[[nodiscard]] std::vector<DiffRow> function_rows(const DiffAnswer& answer);
[[nodiscard]] std::vector<DiffRow> line_rows(const DiffAnswer& answer);
// `only_innermost` leaves out what changed only through an expression inside it.
[[nodiscard]] std::vector<DiffRow> expression_rows(const DiffAnswer& answer, bool only_innermost);

// What is to be named first: the expression that changed most, else the line, else the function.
[[nodiscard]] DiffRow first_finding(const DiffAnswer& answer);

}  // namespace lancehead::show
