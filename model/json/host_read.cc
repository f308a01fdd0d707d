#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "model/json/document.h"
#include "model/json/host.h"
#include "model/json/host_fields.h"
#include "model/json/list_reader.h"
#include "model/json/reader.h"
#include "model/json/window_fields.h"
#include "model/subject_text.h"

namespace aftershock {
namespace codec {
namespace {

constexpr int kMaxDepth = 12;
// Some 16 values for each entry of the longest list, a neighbour table of a host that talks to all of a
// subnet, and room beside it.
constexpr std::size_t kMaxValues = 1'000'000;

std::optional<IpoibAddress> ParseAddress(std::string_view text) {
  std::array<std::uint8_t, kIpoibAddressSize> octets{};
  static constexpr std::size_t kDigits = 3;  // two and a colon
  if (text.size() != octets.size() * kDigits - 1) return std::nullopt;
  for (std::size_t i = 0; i < octets.size(); ++i) {
    const auto octet = ParseGuid(text.substr(i * kDigits, 2));
    if (!octet || (i > 0 && text[i * kDigits - 1] != ':')) return std::nullopt;
    octets[i] = static_cast<std::uint8_t>(*octet);
  }
  return IpoibAddress::From(octets);
}

}  // namespace

void DecodeValue(const nlohmann::json& value, int& out, Trail& trail) {
  out = static_cast<int>(DecodeWhole(value, std::numeric_limits<int>::max(), trail));
}

void DecodeValue(const nlohmann::json& value, Gid& out, Trail& trail) {
  const auto gid = value.is_string() ? ParseGid(value.get_ref<const std::string&>()) : std::nullopt;
  if (!gid) return trail.Expected("a GID of eight groups", value);
  out = *gid;
}

void DecodeValue(const nlohmann::json& value, IpoibAddress& out, Trail& trail) {
  const auto address = value.is_string() ? ParseAddress(value.get_ref<const std::string&>()) : std::nullopt;
  if (!address) return trail.Expected("an address of 20 octets", value);
  out = *address;
}

}  // namespace codec

namespace {

std::optional<Error> WrongDocument(const nlohmann::json& document) {
  if (auto wrong = codec::WrongSchema(document)) return wrong;
  if (!document.contains("hostname")) {
    return Error{Errc::kMalformed, "not a host's snapshot: it has no \"hostname\""};
  }
  return std::nullopt;
}

Result<nlohmann::json> ParseHost(std::string_view text) {
  std::size_t values = 0;
  const auto bound = [&](int depth, codec::ParseEvent event, nlohmann::json&) {
    using Event = codec::ParseEvent;
    if (event == Event::value || event == Event::object_start || event == Event::array_start) ++values;
    if (depth > codec::kMaxDepth) {
      throw codec::TooMuch{fmt::format("nested more than {} levels deep", codec::kMaxDepth)};
    }
    if (values > codec::kMaxValues) throw codec::TooMuch{"holds more values than any host has"};
    return true;
  };
  auto document = codec::ParseDocument(text, bound);
  if (!document) return document;
  if (auto error = WrongDocument(*document)) return tl::unexpected(std::move(*error));
  return document;
}

HostSnapshot DecodeHost(const nlohmann::json& document, codec::Trail& trail) {
  HostSnapshot snapshot;
  codec::Reader reader(document, trail);
  Fields(reader, snapshot);
  std::vector<codec::EventCount> counts;
  reader("event_counts", counts);
  for (auto& [kind, source, count] : counts) snapshot.event_counts[{kind, std::move(source)}] = count;
  return snapshot;
}

// What a report does not know is null there.
void DropNulls(nlohmann::json& object) {
  for (auto it = object.begin(); it != object.end();) it = it->is_null() ? object.erase(it) : std::next(it);
}

Finding DecodeFinding(nlohmann::json object, codec::Trail& trail) {
  Finding finding;
  if (!object.is_object()) {
    trail.Expected("an object", object);
    return finding;
  }
  DropNulls(object);
  codec::Reader reader(object, trail);
  std::string subject;
  reader.Required("rule", finding.rule);
  reader.Required("severity", finding.severity);
  reader.Required("subject", subject);
  reader("unknown", finding.unknown);
  reader("summary", finding.summary);
  reader("advice", finding.advice);
  reader("since", finding.since);
  reader("because", finding.because);
  reader("accepted", finding.accepted);
  reader("window", finding.window);
  reader("explained", finding.explained);
  reader("recurs", finding.recurs);
  if (auto parsed = ParseSubject(subject)) {
    finding.subject = std::move(*parsed);
  } else if (!trail.failed()) {
    const codec::Trail::Step step(trail, "subject");
    trail.Fail("is not a subject");
  }
  return finding;
}

void DecodeTold(const nlohmann::json& document, HostTold& told, codec::Trail& trail) {
  codec::Reader reader(document, trail);
  reader.Required("served", told.served);
  reader.Required("fresh", told.fresh);
  reader.Required("verdict", told.verdict);
  const codec::Trail::Step list(trail, "findings");
  const auto findings = document.find("findings");
  if (findings == document.end() || !findings->is_array()) return trail.Fail("is not a list");
  for (std::size_t i = 0; i < findings->size() && !trail.failed(); ++i) {
    const codec::Trail::Step item(trail, i);
    told.findings.push_back(DecodeFinding((*findings)[i], trail));
  }
}

}  // namespace

Result<HostSnapshot> HostSnapshotFromJson(std::string_view text) {
  const auto document = ParseHost(text);
  if (!document) return tl::unexpected(document.error());
  codec::Trail trail;
  HostSnapshot snapshot = DecodeHost(*document, trail);
  if (trail.failed()) return tl::unexpected(*trail.error());
  return snapshot;
}

Result<HostTold> HostToldFromJson(std::string_view text) {
  const auto document = ParseHost(text);
  if (!document) return tl::unexpected(document.error());
  codec::Trail trail;
  HostTold told;
  told.snapshot = DecodeHost(*document, trail);
  DecodeTold(*document, told, trail);
  if (trail.failed()) return tl::unexpected(*trail.error());
  return told;
}

}  // namespace aftershock
