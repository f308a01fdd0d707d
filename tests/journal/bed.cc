#include "bed.h"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

namespace aftershock::journal {

Bed::Bed() {
  // In memory, where syncing costs nothing.
  const bool memory = access("/dev/shm", W_OK) == 0;
  const auto parent = memory ? std::filesystem::path("/dev/shm") : std::filesystem::temp_directory_path();
  std::string name = (parent / "aftershock-journal-XXXXXX").string();
  REQUIRE(mkdtemp(name.data()) != nullptr);
  folder = name;
  file = (folder / "journal.db").string();
}

Bed::~Bed() {
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
}

Journal Bed::Open(Access access) const {
  return Value(Journal::Open(file, access, clock));
}

Errc Bed::ErrorOf(Access access) const {
  const auto journal = Journal::Open(file, access, clock, std::chrono::milliseconds(0));
  REQUIRE_FALSE(journal);
  CHECK(journal.error().what.find("journal.db") != std::string::npos);
  return journal.error().code;
}

std::string Bytes(const std::string& file) {
  std::ostringstream bytes;
  bytes << std::ifstream(file, std::ios::binary).rdbuf();
  return bytes.str();
}

void WriteBytes(const std::string& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

Image SomeImage(WallTime taken, unsigned hosts, unsigned variant) {
  Image image;
  image.taken = taken;
  FabricImage& plane = image.planes["mlx5_0:1"];
  const Guid leaf{1};
  plane.nodes.push_back({leaf, NodeType::kSwitch, "leaf01", 36, false});
  plane.sm = SmImage{Guid{0x101}, 14, {{Guid{0x100}, 1}}};
  plane.p_keys[{leaf, 0}] = {0xffff};
  plane.firmware[leaf] = {0x2c9, 0xd2f0, 0xa1};
  plane.duplicates = 1;
  for (unsigned i = 0; i < hosts; ++i) {
    const Guid guid{0x100 + i};
    const CableImage cable{{leaf, static_cast<std::uint8_t>(i + 1)}, {guid, 1}};
    plane.nodes.push_back({guid, NodeType::kAdapter, fmt::format("node{}", i), 1, false});
    plane.cables.push_back(cable);
    plane.speeds[cable.a] = {2, LinkSpeed::kEdr};
    plane.lids[cable.b] = {static_cast<Lid>(10 + i + variant), 0};
  }
  plane.unseen.push_back({leaf, 36});
  HostImage& host = image.hosts["node0"];
  host.hostname = "node0";
  host.hcas.push_back({"mlx5_0", "16.35", "MT_1", Guid{0x100}, {Guid{0x101}}, {{0x7fff, 0xffff}}});
  host.interfaces = {
      {"ib0", "", "bond0", HcaPortName{"mlx5_0", 1}, 0xffff, IpoibMode::kDatagram, false, 2044, true, true}};
  host.bonds = {{"bond0", 1, 1, 100, 0, 2044, {"ib0", "ib1"}, 2}};
  host.members.push_back({"ib0", 0xffff, true, GroupRecord{0xb1b, 4, 3, 0, 0xffff, Lid{0xc000}}});
  image.hosts["node1"].hostname = "node1";
  image.pairs = {{"core", {{leaf, MemberState::kLive}, {Guid{2}, MemberState::kDead}}}};
  return image;
}

Window SomeWindow(WallTime asked, std::string title) {
  Window window;
  window.title = std::move(title);
  window.scope.push_back({"switch:sw2", {SubjectKind::kSwitch, Guid{2}, 0, {}, {}}, "sw2"});
  window.expect.push_back({window.scope.front()});
  window.asked_by = "root@mgmt1 (pid 4711)";
  window.asked = asked;
  window.soak = std::chrono::hours(24);
  window.soak_because = "neighbour entries age";
  return window;
}

Finding SomeFinding(std::string rule, std::uint64_t guid) {
  Finding finding;
  finding.rule = std::move(rule);
  finding.severity = Severity::kWarning;
  finding.subject = Subject::Link({Guid{guid}, 7});
  finding.summary = "it is not as it was";
  finding.evidence = {{"symbol errors", std::int64_t{120}, "errors"}, {"ratio", 0.5, ""}, {"was", "EDR", ""}};
  return finding;
}

}  // namespace aftershock::journal
