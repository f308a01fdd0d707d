// The way back, believing nothing.
#include <array>
#include <functional>
#include <string_view>

#include <fmt/format.h>

#include "base/printable.h"
#include "model/json/document.h"
#include "model/json/image.h"
#include "model/json/image_fields.h"
#include "model/json/list_reader.h"
#include "model/json/table_text.h"

namespace aftershock {
namespace {

using codec::Decode;
using codec::Trail;
using nlohmann::json;

// More than any subnet has: 48 K LIDs, and some ports without one.
constexpr std::size_t kMaxElements = 1u << 20;
constexpr std::size_t kMaxValues = 16 * kMaxElements;
constexpr int kMaxDepth = 12;

Result<json> Parse(const std::string& text) {
  std::size_t values = 0;
  auto document = codec::ParseDocument(text, [&](int depth, codec::ParseEvent, json&) {
    if (depth > kMaxDepth) throw codec::TooMuch{fmt::format("nested more than {} levels deep", kMaxDepth)};
    if (++values > kMaxValues) throw codec::TooMuch{"holds more values than any fabric has"};
    return true;
  });
  if (!document) return document;
  if (auto wrong = codec::WrongSchema(*document)) return tl::unexpected(std::move(*wrong));
  return document;
}

template <typename Each>
void ReadList(const json& section, const char* name, Trail& trail, const Each& each) {
  const Trail::Step step(trail, name);
  const auto list = section.find(name);
  if (list == section.end() || !list->is_array() || list->size() > kMaxElements) {
    return trail.Fail("is not a list");
  }
  for (std::size_t i = 0; i < list->size() && !trail.failed(); ++i) {
    const Trail::Step inner(trail, i);
    each((*list)[i]);
  }
}

// [a, b, …]
template <typename... T>
void ReadRow(const json& row, Trail& trail, T&... values) {
  if (!row.is_array() || row.size() != sizeof...(values)) {
    return trail.Expected(fmt::format("a list of {}", sizeof...(values)), row);
  }
  std::size_t i = 0;
  (Decode(row[i++], values, trail), ...);
}

void ReadTopology(const json& section, FabricImage& plane, Trail& trail) {
  ReadList(section, "nodes", trail,
           [&](const json& item) { Decode(item, plane.nodes.emplace_back(), trail); });
  ReadList(section, "cables", trail, [&](const json& item) {
    CableImage& cable = plane.cables.emplace_back();
    ReadRow(item, trail, cable.a.node, cable.a.port, cable.b.node, cable.b.port);
  });
}

void ReadSpeeds(const json& section, FabricImage& plane, Trail& trail) {
  ReadList(section, "speeds", trail, [&](const json& item) {
    PortKey port;
    SpeedImage speed;
    ReadRow(item, trail, port.node, port.port, speed.width, speed.speed);
    plane.speeds.emplace(port, speed);
  });
}

void ReadLids(const json& section, FabricImage& plane, Trail& trail) {
  ReadList(section, "lids", trail, [&](const json& item) {
    PortKey port;
    LidImage lid;
    ReadRow(item, trail, port.node, port.port, lid.lid, lid.lmc);
    if (lid.lmc > kMaxLmc) trail.Fail(fmt::format("an LMC of {} is more than {}", lid.lmc, kMaxLmc));
    plane.lids.emplace(port, lid);
  });
}

void ReadFirmware(const json& section, FabricImage& plane, Trail& trail) {
  ReadList(section, "firmware", trail, [&](const json& item) {
    Guid guid{};
    FirmwareImage firmware;
    ReadRow(item, trail, guid, firmware.vendor_id, firmware.device_id, firmware.revision);
    plane.firmware.emplace(guid, firmware);
  });
}

void ReadPKeys(const json& section, FabricImage& plane, Trail& trail) {
  ReadList(section, "p_keys", trail, [&](const json& item) {
    PortKey port;
    std::vector<std::uint16_t> keys;
    ReadRow(item, trail, port.node, port.port, keys);
    plane.p_keys.emplace(port, std::move(keys));
  });
}

void ReadUnseen(const json& section, FabricImage& plane, Trail& trail) {
  codec::Reader(section, trail).Required("duplicates", plane.duplicates);
  ReadList(section, "ports", trail, [&](const json& item) {
    PortKey& port = plane.unseen.emplace_back();
    ReadRow(item, trail, port.node, port.port);
  });
}

void ReadSm(const json& section, FabricImage& plane, Trail& trail) {
  codec::Reader(section, trail).Required("sm", plane.sm.emplace());
}

template <typename Table>
void ReadTables(const json& section, const char* name, std::map<Guid, std::shared_ptr<const Table>>& tables,
                Trail& trail) {
  ReadList(section, name, trail, [&](const json& item) {
    Guid guid{};
    auto table = std::make_shared<Table>();
    ReadRow(item, trail, guid, *table);
    tables.emplace(guid, std::move(table));
  });
}

void ReadRouting(const json& section, FabricImage& plane, Trail& trail) {
  RoutingImage& routing = plane.routing.emplace();
  ReadTables(section, "linear", routing.linear, trail);
  ReadTables(section, "sl_to_vl", routing.sl_to_vl, trail);
  ReadList(section, "adaptive", trail, [&](const json& item) {
    Guid guid{};
    Decode(item, guid, trail);
    routing.adaptive.insert(guid);
  });
  const auto facts = section.find("facts");
  if (facts == section.end()) return;
  if (!facts->is_object()) return trail.Fail("facts: is not an object");
  codec::Reader reader(*facts, trail);
  RoutingFacts& read = routing.facts.emplace();
  reader.Required("complete", read.complete);
  reader("up_down", read.up_down);
  if (!section.contains("looped")) return;
  auto& looped = read.looped.emplace();
  ReadList(section, "looped", trail, [&](const json& item) {
    PortKey& port = looped.emplace_back();
    ReadRow(item, trail, port.node, port.port);
  });
}

struct PlaneSection {
  std::string_view name;
  void (*read)(const json&, FabricImage&, Trail&);
  bool optional = false;
};
constexpr std::array kPlaneSections{PlaneSection{"topology", ReadTopology},
                                    PlaneSection{"speeds", ReadSpeeds},
                                    PlaneSection{"lids", ReadLids},
                                    PlaneSection{"firmware", ReadFirmware},
                                    PlaneSection{"unseen", ReadUnseen},
                                    PlaneSection{"sm", ReadSm, true},
                                    PlaneSection{"routing", ReadRouting, true},
                                    PlaneSection{"partitions", ReadPKeys, true}};

void ReadAdapters(const json& section, Image& image, Trail& trail) {
  ReadList(section, "hosts", trail, [&](const json& item) {
    codec::OfHost<HcaImage> host;
    Decode(item, host, trail);
    auto [it, added] = image.hosts.try_emplace(host.host);
    if (!added) return trail.Fail("names a host a second time");
    it->second.hostname = host.host;
    it->second.hcas = std::move(host.items);
  });
}

// Of a host that "hosts adapters" has.
template <auto kMember, typename Item>
void ReadItems(const json& section, Image& image, Trail& trail) {
  ReadList(section, "hosts", trail, [&](const json& item) {
    codec::OfHost<Item> host;
    Decode(item, host, trail);
    const auto it = image.hosts.find(host.host);
    if (it == image.hosts.end()) return trail.Fail("is of a host without adapters");
    it->second.*kMember = std::move(host.items);
  });
}

void ReadPairs(const json& section, Image& image, Trail& trail) {
  auto& pairs = image.pairs.emplace();
  ReadList(section, "pairs", trail, [&](const json& item) {
    codec::PairItem read;
    Decode(item, read, trail);
    PairImage& pair = pairs.emplace_back();
    pair.name = std::move(read.name);
    for (const auto& [guid, state] : read.members) pair.members.emplace_back(guid, state);
  });
}

struct HostSection {
  std::string_view name;
  void (*read)(const json&, Image&, Trail&);
};
// In this order.
constexpr std::array kImageSections{
    HostSection{"hosts adapters", ReadAdapters},
    HostSection{"hosts interfaces", ReadItems<&HostImage::interfaces, InterfaceImage>},
    HostSection{"hosts bonds", ReadItems<&HostImage::bonds, BondImage>},
    HostSection{"hosts members", ReadItems<&HostImage::members, MemberImage>},
    HostSection{"pairs", ReadPairs}};

using ReadSection = std::function<void(const json&, Trail&)>;

Result<void> ReadOne(const std::string& name, const std::string& text, const ReadSection& read) {
  const auto named = [&](const Error& error) {
    return Fail(error.code, fmt::format("section \"{}\": {}", Printable(name), error.what));
  };
  const auto section = Parse(text);
  if (!section) return named(section.error());
  Trail trail;
  read(*section, trail);
  if (trail.failed()) return named(*trail.error());
  return {};
}

Result<void> ReadPlane(const Sections& sections, const std::string& plane, FabricImage& image) {
  for (const PlaneSection& part : kPlaneSections) {
    const std::string name = fmt::format("plane {} {}", plane, part.name);
    const auto text = sections.find(name);
    if (text == sections.end()) {
      if (part.optional) continue;
      return Fail(Errc::kMalformed, fmt::format("section \"{}\" is missing", Printable(name)));
    }
    auto read = ReadOne(name, text->second, [&](const json& s, Trail& t) { part.read(s, image, t); });
    if (!read) return read;
  }
  return {};
}

// "plane NAME topology" is of NAME; none: of no plane, or of one we do not know.
std::optional<std::string> PlaneOf(std::string_view section) {
  static constexpr std::string_view kPlane = "plane ";
  const auto end = section.rfind(' ');
  if (!section.starts_with(kPlane) || end < kPlane.size()) return std::nullopt;
  for (const PlaneSection& part : kPlaneSections) {
    if (section.substr(end + 1) == part.name)
      return std::string(section.substr(kPlane.size(), end - kPlane.size()));
  }
  return std::nullopt;
}

}  // namespace

Result<Image> ImageFromSections(const Sections& sections, WallTime taken) {
  Image image;
  image.taken = taken;
  for (const auto& [name, text] : sections) {
    const auto plane = PlaneOf(name);
    if (!plane || image.planes.contains(*plane)) continue;
    if (auto read = ReadPlane(sections, *plane, image.planes[*plane]); !read)
      return tl::unexpected(read.error());
  }
  for (const HostSection& part : kImageSections) {
    const auto text = sections.find(std::string(part.name));
    if (text == sections.end()) continue;
    const auto read =
        ReadOne(text->first, text->second, [&](const json& s, Trail& t) { part.read(s, image, t); });
    if (!read) return tl::unexpected(read.error());
  }
  return image;
}

}  // namespace aftershock
