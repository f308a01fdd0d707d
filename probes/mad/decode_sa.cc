// MCMemberRecord and PathRecord. Sections are of IBA 1.3 volume 1.
#include "probes/mad/decode.h"
#include "probes/mad/field.h"

namespace aftershock::mad {
namespace {

// 15.2.5.17
constexpr unsigned kMemberMgid = 0, kMemberPortGid = 128;
constexpr Field kMemberJoinState{388, 4};
constexpr std::tuple kGroup{
    Row{&GroupRecord::q_key, 256, 32}, Row{&GroupRecord::mlid, 288, 16}, Row{&GroupRecord::mtu, 306, 6},
    Row{&GroupRecord::p_key, 320, 16}, Row{&GroupRecord::rate, 338, 6},  Row{&GroupRecord::sl, 352, 4},
};

// 15.2.5.16
constexpr unsigned kPathDgid = 64, kPathSgid = 192;
constexpr std::tuple kPath{
    Row{&PathRecord::to_lid, 320, 16}, Row{&PathRecord::from_lid, 336, 16}, Row{&PathRecord::p_key, 400, 16},
    Row{&PathRecord::sl, 428, 4},      Row{&PathRecord::mtu, 434, 6},       Row{&PathRecord::rate, 442, 6},
};

Gid ReadGid(Bytes data, unsigned offset) {
  return {.prefix = Read(data, {offset, 64}), .id = Read(data, {offset + 64, 64})};
}

}  // namespace

MemberRecord DecodeMemberRecord(Bytes data) {
  return {.group = ReadGid(data, kMemberMgid),
          .port = ReadGid(data, kMemberPortGid),
          .join_state = static_cast<std::uint8_t>(Read(data, kMemberJoinState)),
          .shared = Filled(data, kGroup)};
}

std::vector<MemberRecord> DecodeMemberTable(Bytes data) {
  constexpr std::size_t kStride = (kMemberRecordSize + 7) / 8 * 8;
  std::vector<MemberRecord> records;
  for (; data.size() >= kMemberRecordSize; data = data.subspan(std::min(kStride, data.size()))) {
    const MemberRecord record = DecodeMemberRecord(data);
    if (record.group == Gid{}) break;  // what is left of the last MAD
    records.push_back(record);
  }
  return records;
}

PathRecord DecodePathRecord(Bytes data) {
  PathRecord record = Filled(data, kPath);
  record.to = ReadGid(data, kPathDgid);
  record.from = ReadGid(data, kPathSgid);
  return record;
}

}  // namespace aftershock::mad
