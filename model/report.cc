#include "model/report.h"

#include <algorithm>
#include <tuple>

namespace aftershock {

void SortFindings(std::vector<Finding>& findings) {
  const auto rank = [](const Finding& f) {
    const int weight = f.Excused() ? 3 : f.because ? 2 : f.severity == Severity::kNote && !f.unknown ? 1 : 0;
    const int order = f.severity == Severity::kCritical  ? 0
                      : f.unknown                        ? 1
                      : f.severity == Severity::kWarning ? 2
                                                         : 3;
    return std::tuple(weight, order);
  };
  std::ranges::stable_sort(findings, [&](const Finding& a, const Finding& b) {
    return std::tuple(rank(a), std::string_view(a.rule), a.subject) <
           std::tuple(rank(b), std::string_view(b.rule), b.subject);
  });
}

}  // namespace aftershock
