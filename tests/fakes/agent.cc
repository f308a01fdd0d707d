#include "tests/fakes/agent.h"

#include <algorithm>

#include "probes/mad/wire.h"
#include "tests/fakes/encode.h"

namespace aftershock::fake {
namespace {

namespace wire = mad::wire;
using mad::Attribute;
using mad::MgmtClass;

constexpr std::uint8_t kAllPorts = 0xff;

Reply Refuse(std::uint16_t status) {
  return {.status = status};
}

Attribute AttributeOf(const mad::RequestMad& mad) {
  return static_cast<Attribute>(wire::Load<std::uint16_t>(mad.bytes(), wire::kAttribute));
}

bool HasPort(const FakeNode& node, std::uint32_t num) {
  return num < node.ports.size() && (num != 0 || node.IsSwitch());
}

Reply PKeyReply(const FakeNode& node, std::uint8_t entry, std::uint32_t modifier) {
  const std::uint32_t num = node.IsSwitch() ? modifier >> 16 : entry;
  if (!HasPort(node, num)) return Refuse(wire::kBadField);
  return {.data = EncodePKeyBlock(node.ports[num], modifier & 0xffffu)};
}

// The tables of a switch.
Reply TableReply(const FakeNode& node, Attribute attribute, std::uint32_t modifier) {
  if (!node.IsSwitch()) return Refuse(wire::kBadMethodAttribute);
  const auto in = static_cast<std::uint8_t>(modifier >> 8), out = static_cast<std::uint8_t>(modifier);
  switch (attribute) {
    case Attribute::kLinearForwardingTable:
      return {.data = EncodeLinearBlock(node, modifier)};
    case Attribute::kMulticastForwardingTable:
      return {.data = EncodeMulticastBlock(node, modifier & 0x1ffu, modifier >> 28)};
    case Attribute::kSlToVlMappingTable: {
      const bool any_in = (modifier & 0x20000u) != 0;
      if (any_in && !node.switch_info.optimised_sl_to_vl) break;
      return {.data = EncodeSlToVl(node, any_in ? 0 : in, out)};
    }
    case Attribute::kMlnxAdaptiveRoutingInfo:
      if (node.adaptive) return {.data = EncodeMlnxAdaptiveRoutingInfo(*node.adaptive)};
      break;
    default:
      break;
  }
  return Refuse(wire::kBadMethodAttribute);
}

Reply SmpReply(FakeNode& node, std::uint8_t entry, Attribute attribute, std::uint32_t modifier) {
  switch (attribute) {
    case Attribute::kLinearForwardingTable:
    case Attribute::kMulticastForwardingTable:
    case Attribute::kSlToVlMappingTable:
    case Attribute::kMlnxAdaptiveRoutingInfo:
      return TableReply(node, attribute, modifier);
    case Attribute::kPKeyTable:
      return PKeyReply(node, entry, modifier);
    case Attribute::kNodeInfo:
      return {.data = EncodeNodeInfo(node, entry)};
    case Attribute::kNodeDescription:
      return {.data = EncodeNodeDescription(node)};
    case Attribute::kSwitchInfo:
      if (node.IsSwitch()) return {.data = EncodeSwitchInfo(node)};
      break;
    case Attribute::kSmInfo:
      if (!node.sm) break;
      ++node.sm->activity;  // it counts its answers too
      return {.data = EncodeSmInfo(*node.sm)};
      break;
    case Attribute::kPortInfo:
    case Attribute::kMlnxExtendedPortInfo: {
      if (attribute != Attribute::kPortInfo && !node.has_mlnx_extended) break;
      const std::uint32_t num = modifier == 0 && !node.IsSwitch() ? entry : modifier;
      if (!HasPort(node, num)) return Refuse(wire::kBadField);
      const auto port = static_cast<std::uint8_t>(num);
      return {.data = attribute == Attribute::kPortInfo ? EncodePortInfo(node, port, entry)
                                                        : EncodeMlnxExtendedPortInfo(node.ports[port])};
    }
    default:
      break;
  }
  return Refuse(wire::kBadMethodAttribute);
}

Reply PmaReply(const FakeNode& node, Attribute attribute, std::uint8_t select) {
  if (attribute == Attribute::kClassPortInfo) return {.data = EncodeClassPortInfo(node.pma)};
  const bool all = select == kAllPorts && (node.pma.capability_mask & kPmaAllPortSelect) != 0;
  if (!all && (!HasPort(node, select) || (select == 0 && !node.switch_info.enhanced_port0))) {
    return Refuse(wire::kBadField);
  }
  const std::span ports(node.ports);
  const auto asked = all ? ports.subspan(1) : ports.subspan(select, 1);
  constexpr std::uint16_t kExtended = kPmaExtendedWidth | kPmaExtendedWidthNoIetf;
  switch (attribute) {
    case Attribute::kPortCounters:
      return {.data = EncodePortCounters(node, asked)};
    case Attribute::kPortCountersExtended:
      if ((node.pma.capability_mask & kExtended) != 0)
        return {.data = EncodePortCountersExtended(node, asked)};
      break;
    case Attribute::kPortRcvErrorDetails:
      if (node.has_details) return {.data = EncodePortRcvErrorDetails(asked)};
      break;
    case Attribute::kPortXmitDiscardDetails:
      if (node.has_details) return {.data = EncodePortXmitDiscardDetails(asked)};
      break;
    default:
      break;
  }
  return Refuse(wire::kBadMethodAttribute);
}

bool KeyFits(FakeNode& node, std::uint8_t entry, const mad::RequestMad& mad) {
  if (node.m_key == 0 || wire::Load<std::uint64_t>(mad.bytes(), wire::kMKey) == node.m_key) return true;
  ++node.ports[node.IsSwitch() ? 0 : entry].info.m_key_violations;
  return false;
}

}  // namespace

std::uint32_t PortOf(const mad::RequestMad& mad) {
  if (mad.mgmt_class() == MgmtClass::kPerf) return mad.bytes()[mad::kGmpDataOffset + 1];
  return wire::Load<std::uint32_t>(mad.bytes(), wire::kModifier);
}

std::optional<mad::Arrival> Answer(FakeNode& node, std::uint8_t entry, const mad::RequestMad& mad) {
  const bool directed = mad.mgmt_class() == MgmtClass::kSubnDirected;
  Reply reply;
  switch (CountedAs(mad.mgmt_class())) {
    case MadClass::kSmp:
      if (!KeyFits(node, entry, mad)) return std::nullopt;
      reply = SmpReply(node, entry, AttributeOf(mad), PortOf(mad));
      break;
    case MadClass::kPma:
      reply = PmaReply(node, AttributeOf(mad), static_cast<std::uint8_t>(PortOf(mad)));
      break;
    case MadClass::kSa:
      if (!node.sa) return std::nullopt;
      if (auto told = AskSa(*node.sa, mad)) {
        reply = std::move(*told);
        break;
      }
      return std::nullopt;
  }
  mad::Arrival answer;
  std::copy(mad.bytes().begin(), mad.bytes().end(), answer.bytes.begin());
  answer.length = mad::kMadSize;
  answer.bytes[wire::kMethod] |= wire::kResponse;
  if (const auto* to = std::get_if<mad::LidAddress>(&mad.address())) {
    answer.source = to->lid;
    answer.source_qp = to->qp;
  } else {
    answer.source = Lid{0xffff};
  }
  Rewrite(answer, static_cast<std::uint16_t>(reply.status | (directed ? wire::kDirection : 0)), reply.data);
  if (reply.table.empty()) return answer;
  std::copy_n(reply.table.begin(), std::min(reply.table.size(), wire::kSaDataSize),
              answer.bytes.begin() + wire::kSaDataOffset);
  if (node.sa->cuts_tables) return answer;
  answer.bytes[wire::kRmppFlags] = wire::kRmppLast;
  if (reply.table.size() > wire::kSaDataSize) answer.table = std::move(reply.table);
  return answer;
}

void Rewrite(mad::Arrival& answer, std::uint16_t status, std::span<const std::uint8_t> data) {
  const MadClass c = CountedAs(static_cast<MgmtClass>(answer.bytes[wire::kClass]));
  const std::size_t at = c == MadClass::kSa ? wire::kSaDataOffset : mad::kSmpDataOffset;
  const std::size_t size = c == MadClass::kSmp ? mad::kSmpDataSize : mad::kMadSize - at;
  wire::Store(answer.bytes, wire::kStatus, status);
  std::copy_n(data.begin(), std::min(size, data.size()),
              answer.bytes.begin() + static_cast<std::ptrdiff_t>(at));
}

}  // namespace aftershock::fake
