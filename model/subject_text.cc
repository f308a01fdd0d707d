#include "model/subject_text.h"

#include <charconv>
#include <cstddef>
#include <string>
#include <system_error>

namespace aftershock {
namespace {

// "0x…", "0x…/7", each perhaps with "@0,1,7".
std::optional<Subject> ParseGuidSubject(std::string_view kind, std::string_view text) {
  Subject subject;
  const std::size_t at = text.find('@');
  if (at != std::string_view::npos) subject.route = text.substr(at + 1);
  text = text.substr(0, at);
  if (kind == "link") {
    subject.kind = SubjectKind::kLink;
    const std::size_t slash = text.find('/');
    const char* const end = text.data() + text.size();
    if (slash == std::string_view::npos || std::from_chars(text.data() + slash + 1, end, subject.port) !=
                                               std::from_chars_result{end, std::errc()})
      return std::nullopt;
    text = text.substr(0, slash);
  } else if (kind == "switch" || kind == "host") {
    subject.kind = kind == "host" ? SubjectKind::kHost : SubjectKind::kSwitch;
  } else {
    return std::nullopt;
  }
  const auto guid = ParseGuid(text);
  if (!guid) return std::nullopt;
  subject.guid = *guid;
  return subject;
}

}  // namespace

std::optional<Subject> ParseSubject(std::string_view text) {
  if (text == "fabric") return Subject::Fabric();
  if (text == "host") return Subject::ThisHost();
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon + 1 == text.size()) return std::nullopt;
  const std::string_view kind = text.substr(0, colon);
  const std::string name(text.substr(colon + 1));
  if (kind == "pair") return Subject::Pair(name);
  if (kind == "hca") return Subject::Hca(name);
  if (kind == "interface") return Subject::Interface(name);
  if (kind == "bond") return Subject::Bond(name);
  return ParseGuidSubject(kind, name);
}

}  // namespace aftershock
