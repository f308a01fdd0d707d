// Errors are values: Result<T> is a T or the Error that says why there is none.
//
// Absent is not failed: kAbsent means the thing does not exist here (normal), every other code that something
// which should have worked did not.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace aftershock {

enum class Errc {
  kAbsent,       // there is no such thing here
  kDenied,       // it exists, and may not be used
  kTimeout,      // no answer before the deadline
  kMalformed,    // it is not what its documentation says it is
  kUnsupported,  // the other side does not know how
  kInvalid,      // the caller asked for something impossible
  kInternal,     // the system refused (memory, descriptors, disk)
};

// A lower-case word for logs and JSON: "absent", "denied", …
std::string_view ToString(Errc code);

// `what` is one clause a person can act on, without a trailing full stop.
struct [[nodiscard]] Error {
  Errc code = Errc::kInternal;
  std::string what;
};

template <typename T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> Fail(Errc code, std::string what) {
  return tl::unexpected<Error>(Error{code, std::move(what)});
}

}  // namespace aftershock
