#include "model/route.h"

namespace aftershock {

int ExitCode(RouteEnding ending) {
  switch (ending) {
    case RouteEnding::kArrives:
      return ExitCode(Verdict::kOk);
    case RouteEnding::kBroken:
      return ExitCode(Verdict::kCritical);
    case RouteEnding::kUnknown:
      return ExitCode(Verdict::kUnknown);
  }
  return ExitCode(Verdict::kUnknown);
}

}  // namespace aftershock
