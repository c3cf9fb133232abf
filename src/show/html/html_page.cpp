#include "show/html/html_page.h"

#include <zlib.h>

#include <limits>

#include "base/base64.h"
#include "show/page_source.h"

namespace lancehead::show {
namespace {

constexpr std::string_view kDataPlace = "<!--lancehead-data-->";

}  // namespace

std::string_view empty_page() {
  return kPageSource;
}

Result<std::string> compress_model(std::string_view model) {
  constexpr int kGzip = 16;  // added to the size of the window: with the header of a gzip file
  constexpr int kMemory = 9;
  constexpr int kLevel = 6;  // 9 takes three times as long and saves little
  z_stream stream{};
  if (model.size() > std::numeric_limits<uInt>::max() ||
      deflateInit2(&stream, kLevel, Z_DEFLATED, MAX_WBITS + kGzip, kMemory, Z_DEFAULT_STRATEGY) !=
          Z_OK) {
    return fail(ErrorKind::io, "The page cannot be made: there is not enough memory.");
  }
  std::string compressed(deflateBound(&stream, static_cast<uLong>(model.size())), '\0');
  // zlib only reads what is behind next_in.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(model.data()));
  stream.avail_in = static_cast<uInt>(model.size());
  stream.next_out = reinterpret_cast<Bytef*>(compressed.data());
  stream.avail_out = static_cast<uInt>(compressed.size());
  const int ended = deflate(&stream, Z_FINISH);
  compressed.resize(stream.total_out);
  deflateEnd(&stream);
  if (ended != Z_STREAM_END) {
    return fail(ErrorKind::io, "The page cannot be made: compressing its data failed.");
  }
  return compressed;
}

std::string page_with(std::string_view compressed) {
  const std::string_view page = empty_page();
  const std::size_t at = page.find(kDataPlace);
  std::string text(page.substr(0, at));
  text += R"(<script id="lancehead-data" type="application/octet-stream">)";
  text += to_base64(compressed);
  text += "</script>";
  if (at != std::string_view::npos) {
    text += page.substr(at + kDataPlace.size());
  }
  return text;
}

}  // namespace lancehead::show
