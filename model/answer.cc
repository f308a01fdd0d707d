#include "model/answer.h"

namespace aftershock {

std::string_view ToString(Answer answer) {
  switch (answer) {
    case Answer::kNotAsked:
      return "not asked";
    case Answer::kAnswered:
      return "answered";
    case Answer::kUnsupported:
      return "unsupported";
    case Answer::kTimeout:
      return "timeout";
    case Answer::kError:
      return "error";
    case Answer::kUnreachable:
      return "unreachable";
  }
  return "error";
}

}  // namespace aftershock
