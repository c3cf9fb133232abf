// The interactive page, as one file or as what a server hands out.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace lancehead::show {

// The page without data: it fetches them.
[[nodiscard]] std::string_view empty_page();

// The JSON of page_model() as the page takes it.
[[nodiscard]] Result<std::string> compress_model(std::string_view model);

// The page with what compress_model() made inside.
[[nodiscard]] std::string page_with(std::string_view compressed);

}  // namespace lancehead::show
