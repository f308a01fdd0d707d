#include "probes/mad/request.h"

#include <algorithm>

#include "probes/mad/wire.h"

namespace aftershock::mad {
namespace {

constexpr std::size_t kPortSelectOffset = kGmpDataOffset + 1;
constexpr std::uint16_t kPermissiveLid = 0xffff;

}  // namespace

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
