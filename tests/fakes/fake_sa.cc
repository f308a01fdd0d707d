// What an SA says to those it does not trust: as OpenSM, it zeroes the port and its JoinState.
#include "tests/fakes/fake_sa.h"

#include "probes/mad/wire.h"
#include "tests/fakes/agent.h"
#include "tests/fakes/encode.h"

namespace aftershock::fake {
namespace {

namespace wire = mad::wire;

constexpr std::uint32_t kIpoibQKey = 0x0b1b;
constexpr std::uint16_t kFirstMlid = 0xc000, kFullMembership = 0x8000;
constexpr std::uint8_t kMtu2048 = 4, kRate10 = 3;

Gid GidAt(const mad::RequestMad& mad, std::size_t offset) {
  const std::size_t at = wire::kSaDataOffset + offset;
  return {.prefix = wire::Load<std::uint64_t>(mad.bytes(), at),
          .id = wire::Load<std::uint64_t>(mad.bytes(), at + sizeof(std::uint64_t))};
}

void PutGid(Data& data, std::size_t bit, const Gid& gid) {
  Put(data, bit, 64, gid.prefix);
  Put(data, bit + 64, 64, gid.id);
}

Reply Group(const FakeSa& sa, const Gid& group) {
  const auto found = sa.groups.find(group);
  if (found == sa.groups.end()) return {.status = kNoRecords};
  const GroupRecord& record = found->second;
  Reply reply;
  PutGid(reply.data, 0, group);
  Put(reply.data, 256, 32, record.q_key);
  Put(reply.data, 288, 16, static_cast<std::uint16_t>(record.mlid));
  Put(reply.data, 306, 6, record.mtu);
  Put(reply.data, 320, 16, record.p_key);
  Put(reply.data, 338, 6, record.rate);
  Put(reply.data, 352, 4, record.sl);
  return reply;
}

Reply Member(const FakeSa& sa, const Gid& group, const Gid& port) {
  if (!sa.members.contains({group, port})) return {.status = kNoRecords};
  return Group(sa, group);
}

// Each record at a multiple of eight octets.
Reply AllMembers(const FakeSa& sa, const Gid& group) {
  constexpr std::size_t kStride = 56;
  Reply reply = Group(sa, group);
  for (const auto& [of, port] : sa.members) {
    if (of != group) continue;
    PutGid(reply.data, 128, port);
    Put(reply.data, 388, 4, 1);
    reply.table.insert(reply.table.end(), reply.data.begin(), reply.data.begin() + kStride);
  }
  return reply;
}

Lid LidOf(const FakeSa& sa, const Gid& port) {
  const auto found = sa.lids.find(port);
  return found == sa.lids.end() ? Lid{} : found->second;
}

Reply Path(const FakeSa& sa, const Gid& from, const Gid& to) {
  if (!sa.ports.contains(from) || !sa.ports.contains(to)) return {.status = kNoRecords};
  Reply reply;
  PutGid(reply.data, 64, to);
  PutGid(reply.data, 192, from);
  Put(reply.data, 320, 16, static_cast<std::uint16_t>(LidOf(sa, to)));
  Put(reply.data, 336, 16, static_cast<std::uint16_t>(LidOf(sa, from)));
  return reply;
}

}  // namespace

GroupRecord BroadcastGroupRecord(std::uint16_t p_key) {
  return {.q_key = kIpoibQKey,
          .mtu = kMtu2048,
          .rate = kRate10,
          .sl = 0,
          .p_key = static_cast<std::uint16_t>(p_key | kFullMembership),
          .mlid = static_cast<Lid>(kFirstMlid)};
}

void FakeSa::Join(const Gid& group, const Gid& port) {
  const auto p_key = static_cast<std::uint16_t>(group.prefix >> 16);
  groups.try_emplace(group, BroadcastGroupRecord(p_key));
  members.insert({group, port});
  ports.insert(port);
}

std::optional<Reply> AskSa(const FakeSa& sa, const mad::RequestMad& mad) {
  const auto key = wire::Load<std::uint64_t>(mad.bytes(), wire::kSaKey);
  if (key != 0 && key != sa.sa_key) return std::nullopt;
  const bool table = mad.bytes()[wire::kMethod] == wire::kGetTable;
  const auto mask = wire::Load<std::uint64_t>(mad.bytes(), wire::kSaComponentMask);
  switch (static_cast<mad::Attribute>(wire::Load<std::uint16_t>(mad.bytes(), wire::kAttribute))) {
    case mad::Attribute::kClassPortInfo:
      return Reply{.data = EncodeClassPortInfo({.base_version = 1, .class_version = 2})};
    case mad::Attribute::kMcMemberRecord:
      if (mask == 0x1 && table && key != 0) return AllMembers(sa, GidAt(mad, 0));
      if (mask == 0x1) return Group(sa, GidAt(mad, 0));
      if (mask == 0x3) return Member(sa, GidAt(mad, 0), GidAt(mad, 16));
      break;
    case mad::Attribute::kPathRecord:
      if ((mask & 0xc) == 0xc) return Path(sa, GidAt(mad, 24), GidAt(mad, 8));
      break;
    default:
      break;
  }
  return Reply{.status = wire::kBadMethodAttribute};
}

}  // namespace aftershock::fake
