// SQLite's errors as ours. SQLiteCpp throws; no exception of it leaves journal/. Internal to journal/.
#pragma once

#include <string>
#include <type_traits>

#include <SQLiteCpp/Exception.h>

#include "base/result.h"

namespace aftershock::journal {

Error ErrorOf(const SQLite::Exception& exception, const std::string& path);

// Runs `work`, which returns a Result.
template <typename Work>
std::invoke_result_t<Work> Guarded(const std::string& path, const Work& work) {
  try {
    return work();
  } catch (const SQLite::Exception& exception) {
    return tl::unexpected(ErrorOf(exception, path));
  }
}

}  // namespace aftershock::journal
