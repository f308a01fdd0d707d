#include "base/result.h"

namespace aftershock {

std::string_view ToString(Errc code) {
  switch (code) {
    case Errc::kAbsent:
      return "absent";
    case Errc::kDenied:
      return "denied";
    case Errc::kTimeout:
      return "timeout";
    case Errc::kMalformed:
      return "malformed";
    case Errc::kUnsupported:
      return "unsupported";
    case Errc::kInvalid:
      return "invalid";
    case Errc::kInternal:
      return "internal";
  }
  return "internal";
}

}  // namespace aftershock
