// Colours of the report. Applied last, to text that already has its width.
#pragma once

#include <string>
#include <string_view>

namespace lancehead::show {

class Style {
 public:
  explicit Style(bool color) : color_(color) {}

  [[nodiscard]] std::string title(std::string_view text) const { return with("1", text); }
  [[nodiscard]] std::string dim(std::string_view text) const { return with("2", text); }
  [[nodiscard]] std::string warning(std::string_view text) const { return with("33", text); }
  [[nodiscard]] std::string slower(std::string_view text) const { return with("31", text); }
  [[nodiscard]] std::string faster(std::string_view text) const { return with("32", text); }
  // The hotter, the redder.
  [[nodiscard]] std::string heat(std::string_view text, double share) const {
    return share >= 0.2 ? with("1;31", text) : share >= 0.05 ? with("33", text) : std::string(text);
  }

 private:
  [[nodiscard]] std::string with(std::string_view code, std::string_view text) const {
    return color_ ? "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m"
                  : std::string(text);
  }

  bool color_;
};

}  // namespace lancehead::show
