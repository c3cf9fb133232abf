#include "base/base64.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace lancehead {

std::string to_base64(std::string_view bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  constexpr std::size_t kGroup = 3;  // bytes that become four digits
  std::string text;
  text.reserve((bytes.size() + kGroup - 1) / kGroup * (kGroup + 1));
  for (std::size_t at = 0; at < bytes.size(); at += kGroup) {
    const std::size_t count = std::min(kGroup, bytes.size() - at);
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < kGroup; ++i) {
      group = group << 8U | (i < count ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    }
    for (std::size_t digit = 0; digit <= kGroup; ++digit) {
      constexpr std::uint32_t kSix = 0x3F;
      const auto shift = static_cast<unsigned>(6 * (kGroup - digit));
      text += digit <= count ? kDigits[group >> shift & kSix] : '=';
    }
  }
  return text;
}

}  // namespace lancehead
