// Active probes by hand, for tests in network namespaces and in the guest: one round for each line of
// standard input, and its outcome as one line of JSON.
//
//   probe_rounds PEER INTERFACE                  an interface
//   probe_rounds PEER BOND=INTERFACE,INTERFACE   legs, as if there were a bond over them
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "base/clock.h"
#include "probes/host/active_probes.h"

namespace aftershock::host {
namespace {

std::string ReadLine(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

// Of an InfiniBand link's "00:ff:ff:ff:ff:12:40:…": the last 16 octets.
std::optional<Gid> BroadcastGroupOf(const std::string& name) {
  std::istringstream text(ReadLine("/sys/class/net/" + name + "/broadcast"));
  std::vector<std::uint8_t> octets;
  for (std::string octet; std::getline(text, octet, ':');) {
    octets.push_back(static_cast<std::uint8_t>(std::stoul(octet, nullptr, 16)));
  }
  const auto address = IpoibAddress::From(octets);
  return address ? std::optional(address->gid) : std::nullopt;
}

// Not of sysfs, which may be another namespace's.
std::uint32_t MtuOf(const std::string& name) {
  ifreq request{};
  std::memcpy(request.ifr_name, name.data(), std::min<std::size_t>(name.size(), IFNAMSIZ - 1));
  const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const bool known = fd >= 0 && ::ioctl(fd, SIOCGIFMTU, &request) == 0;
  ::close(fd);
  return known ? static_cast<std::uint32_t>(request.ifr_mtu) : 0;
}

IpoibLink LinkOf(const std::string& name) {
  IpoibLink link;
  link.index = static_cast<int>(::if_nametoindex(name.c_str()));
  link.name = name;
  link.mtu = MtuOf(name);
  link.broadcast_group = BroadcastGroupOf(name);
  return link;
}

HostSnapshot See(const std::string& interface) {
  HostSnapshot seen;
  const auto equals = interface.find('=');
  if (equals == std::string::npos) {
    seen.links.push_back(LinkOf(interface));
    return seen;
  }
  Bond bond;
  bond.name = interface.substr(0, equals);
  std::istringstream names(interface.substr(equals + 1));
  for (std::string name; std::getline(names, name, ',');) {
    seen.links.push_back(LinkOf(name));
    bond.legs.push_back({.index = seen.links.back().index, .name = name});
    bond.mtu = seen.links.back().mtu;
  }
  seen.bonds.push_back(bond);
  return seen;
}

nlohmann::json Json(const ProbeResult& result) {
  nlohmann::json json{{"kind", ToString(result.kind)},
                      {"interface", result.interface},
                      {"sent", result.sent},
                      {"answered", result.answered}};
  if (result.latency_max) {
    json["latency"] = {ToSeconds(*result.latency_min), ToSeconds(*result.latency_mean),
                       ToSeconds(*result.latency_max)};
  }
  if (result.address) json["address"] = ToString(*result.address);
  if (result.error) json["error"] = {ToString(result.error->code), result.error->what};
  return json;
}

nlohmann::json Json(const ProbeRound& round) {
  nlohmann::json json{{"results", nlohmann::json::array()}, {"sightings", nlohmann::json::array()}};
  for (const ProbeResult& result : round.results) json["results"].push_back(Json(result));
  for (const ArpSighting& s : round.sightings) {
    json["sightings"].push_back({s.interface, s.ip, ToString(s.address)});
  }
  if (round.error) json["error"] = ToString(round.error->code);
  return json;
}

int Main(const std::string& peer, const std::string& interface) {
  const SystemClock clock;
  const std::string name = interface.substr(0, interface.find('='));
  const auto prober = MakeActiveProber({.targets = {{.peer = peer, .interface = name}}, .window = 10}, clock);
  for (std::string line; std::getline(std::cin, line);) {
    const SteadyTime deadline =
        clock.Steady() + std::chrono::milliseconds(line.empty() ? 2000 : std::stoi(line));
    std::cout << Json(prober->Round(See(interface), deadline, {})).dump() << std::endl;
  }
  return 0;
}

}  // namespace
}  // namespace aftershock::host

int main(int argc, char** argv) {
  return argc == 3 ? aftershock::host::Main(argv[1], argv[2]) : 64;
}
