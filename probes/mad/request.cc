#include "probes/mad/request.h"

#include <algorithm>

#include "probes/mad/wire.h"

namespace aftershock::mad {
namespace {

constexpr std::size_t kPortSelectOffset = kGmpDataOffset + 1;
constexpr std::uint16_t kPermissiveLid = 0xffff;

// Components of the SA's records: their bit in the mask, and their octets.
constexpr std::uint64_t kMemberMgid = 1u << 0, kMemberPortGid = 1u << 1;
constexpr std::size_t kMemberMgidAt = 0, kMemberPortGidAt = 16;
constexpr std::uint64_t kPathDgid = 1u << 2, kPathSgid = 1u << 3, kPathReversible = 1u << 11,
                        kPathNumbPath = 1u << 12;
constexpr std::size_t kPathDgidAt = 8, kPathSgidAt = 24, kPathNumbPathAt = 49;
constexpr std::uint8_t kReversible = 0x80;  // in the octet of NumbPath

void StoreGid(SaQuestion& question, std::size_t offset, const Gid& gid) {
  wire::Store(question.record, offset, gid.prefix);
  wire::Store(question.record, offset + sizeof gid.prefix, gid.id);
}

}  // namespace

SaQuestion AskMember(const Gid& group, const Gid& port) {
  SaQuestion question{.component_mask = kMemberMgid | kMemberPortGid};
  StoreGid(question, kMemberMgidAt, group);
  StoreGid(question, kMemberPortGidAt, port);
  return question;
}

SaQuestion AskGroup(const Gid& group) {
  SaQuestion question{.component_mask = kMemberMgid};
  StoreGid(question, kMemberMgidAt, group);
  return question;
}

SaQuestion AskPath(const Gid& from, const Gid& to) {
  SaQuestion question{.component_mask = kPathDgid | kPathSgid | kPathReversible | kPathNumbPath};
  StoreGid(question, kPathDgidAt, to);
  StoreGid(question, kPathSgidAt, from);
  question.record[kPathNumbPathAt] = kReversible | 1;
  return question;
}

DirectedRoute DirectedRoute::From(std::span<const std::uint8_t> exits) {
  DirectedRoute route;
  route.hops = static_cast<std::uint8_t>(std::min(exits.size(), kMaxHops));
  std::copy_n(exits.begin(), route.hops, route.exit.begin());
  return route;
}

DirectedRoute DirectedRoute::Through(std::uint8_t port) const {
  DirectedRoute further = *this;
  if (hops < kMaxHops) further.exit[further.hops++] = port;
  return further;
}

MadClass CountedAs(MgmtClass c) {
  switch (c) {
    case MgmtClass::kSubnLid:
    case MgmtClass::kSubnDirected:
      return MadClass::kSmp;
    case MgmtClass::kSubnAdm:
      return MadClass::kSa;
    case MgmtClass::kPerf:
      break;
  }
  return MadClass::kPma;
}

bool IsSendable(const Request& request) {
  switch (request.mgmt_class) {
    case MgmtClass::kSubnDirected: {
      const auto* route = std::get_if<DirectedRoute>(&request.address);
      return route != nullptr && route->hops <= kMaxHops;
    }
    case MgmtClass::kSubnLid:
    case MgmtClass::kSubnAdm:
    case MgmtClass::kPerf: {
      const auto* address = std::get_if<LidAddress>(&request.address);
      return address != nullptr && IsUnicast(address->lid);
    }
  }
  return false;
}

RequestMad::RequestMad(const Request& request, std::uint32_t transaction, std::uint64_t m_key)
    : address_(request.address), mgmt_class_(request.mgmt_class) {
  const bool sa = mgmt_class_ == MgmtClass::kSubnAdm;
  bytes_[wire::kBaseVersion] = wire::kVersion;
  bytes_[wire::kClass] = static_cast<std::uint8_t>(mgmt_class_);
  bytes_[wire::kClassVersion] = sa ? 2 : 1;
  bytes_[wire::kMethod] = sa && request.get_table ? wire::kGetTable : wire::kGet;
  wire::Store(bytes_, wire::kTransactionLow, transaction);
  wire::Store(bytes_, wire::kAttribute, static_cast<std::uint16_t>(request.attribute));
  wire::Store(bytes_, wire::kModifier, request.modifier);
  if (CountedAs(mgmt_class_) == MadClass::kSmp) wire::Store(bytes_, wire::kMKey, m_key);
  if (sa && request.sa) {
    wire::Store(bytes_, wire::kSaKey, request.sa->sa_key);
    wire::Store(bytes_, wire::kSaComponentMask, request.sa->component_mask);
    std::ranges::copy(request.sa->record, bytes_.begin() + wire::kSaDataOffset);
  }
  if (mgmt_class_ == MgmtClass::kPerf) bytes_[kPortSelectOffset] = request.port_select;
  if (mgmt_class_ != MgmtClass::kSubnDirected) return;
  wire::Store(bytes_, wire::kDrSlid, kPermissiveLid);
  wire::Store(bytes_, wire::kDrDlid, kPermissiveLid);
  if (const auto* route = std::get_if<DirectedRoute>(&address_)) {
    const auto hops = static_cast<std::uint8_t>(std::min<std::size_t>(route->hops, kMaxHops));
    bytes_[wire::kHopCount] = hops;
    std::copy_n(route->exit.begin(), hops, bytes_.begin() + wire::kInitialPath + 1);
  }
}

}  // namespace aftershock::mad
