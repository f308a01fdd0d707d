#include "probes/mad/match.h"

#include <algorithm>

#include "probes/mad/decode.h"
#include "probes/mad/wire.h"

namespace aftershock::mad {
namespace {

bool SameOctets(const Arrival& arrival, const RequestMad& sent, std::size_t offset, std::size_t size) {
  const auto expected = sent.bytes().subspan(offset, size);
  return std::equal(expected.begin(), expected.end(),
                    arrival.bytes.begin() + static_cast<std::ptrdiff_t>(offset));
}

bool Redirects(const Arrival& arrival) {
  return ClaimedClass(arrival) != MadClass::kSmp && (StatusOf(arrival) & wire::kRedirect) != 0;
}

bool ComesFrom(const Arrival& arrival, const RequestMad& sent) {
  if (const auto* lid = std::get_if<LidAddress>(&sent.address())) return arrival.source == lid->lid;
  const std::size_t hops = sent.bytes()[wire::kHopCount];
  return (wire::Load<std::uint16_t>(arrival.bytes, wire::kStatus) & wire::kDirection) != 0 &&
         arrival.bytes[wire::kHopCount] == hops && SameOctets(arrival, sent, wire::kInitialPath + 1, hops);
}

// A kernel hands up whole MADs. A simulator hands up what its peer wrote, and an SA writes no more than its
// records.
std::size_t LeastLength(MadClass c) {
  return c == MadClass::kSa ? wire::kSaDataOffset : kMadSize;
}

}  // namespace

MadClass ClaimedClass(const Arrival& arrival) {
  return CountedAs(static_cast<MgmtClass>(arrival.bytes[wire::kClass]));
}

bool IsAnswerTo(const Arrival& arrival, const RequestMad& sent) {
  if (arrival.length < LeastLength(CountedAs(sent.mgmt_class()))) return false;
  if (!SameOctets(arrival, sent, wire::kBaseVersion, 2)) return false;
  if (arrival.bytes[wire::kMethod] != (sent.bytes()[wire::kMethod] | wire::kResponse)) return false;
  const bool same_question = SameOctets(arrival, sent, wire::kAttribute, sizeof(std::uint16_t)) &&
                             SameOctets(arrival, sent, wire::kModifier, sizeof(std::uint32_t));
  const auto attribute = static_cast<Attribute>(wire::Load<std::uint16_t>(arrival.bytes, wire::kAttribute));
  if (!same_question && !(Redirects(arrival) && attribute == Attribute::kClassPortInfo)) return false;
  return ComesFrom(arrival, sent);
}

std::uint16_t StatusOf(const Arrival& arrival) {
  const auto status = wire::Load<std::uint16_t>(arrival.bytes, wire::kStatus);
  const bool directed = arrival.bytes[wire::kClass] == static_cast<std::uint8_t>(MgmtClass::kSubnDirected);
  return directed ? status & static_cast<std::uint16_t>(~wire::kDirection) : status;
}

Reply Classify(MadClass c, std::uint16_t status) {
  if (status == 0) return Reply::kAnswered;
  if (status & wire::kBusy) return Reply::kBusy;
  if ((status & wire::kRedirect) && c != MadClass::kSmp) return Reply::kRedirect;
  switch (status & wire::kCodeMask) {
    case wire::kBadVersion:
    case wire::kBadMethod:
    case wire::kBadMethodAttribute:
    case wire::kBadField:
      return Reply::kUnsupported;
    default:
      return Reply::kError;
  }
}

bool IsWhole(const Arrival& arrival) {
  return !arrival.table.empty() || (arrival.bytes[wire::kRmppFlags] & wire::kRmppLast) != 0;
}

std::span<const std::uint8_t> DataOf(const Arrival& arrival, MadClass c) {
  const std::span octets(arrival.bytes);
  if (c == MadClass::kSa && !arrival.table.empty()) return arrival.table;
  switch (c) {
    case MadClass::kSmp:
      return octets.subspan(kSmpDataOffset, kSmpDataSize);
    case MadClass::kSa:
      return octets.first(std::clamp(arrival.length, wire::kSaDataOffset, kMadSize))
          .subspan(wire::kSaDataOffset);
    case MadClass::kPma:
      break;
  }
  return octets.subspan(kGmpDataOffset, kGmpDataSize);
}

std::optional<LidAddress> RedirectionOf(const Arrival& arrival, MadClass c) {
  const ClassPortInfo info = DecodeClassPortInfo(DataOf(arrival, c));
  if (!IsUnicast(info.redirect_lid) || info.redirect_qp == 0) return std::nullopt;
  return LidAddress{info.redirect_lid, info.redirect_sl, info.redirect_qp, info.redirect_q_key};
}

}  // namespace aftershock::mad
