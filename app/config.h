// The configuration: what aftershock.yaml may say, and what holds where it says nothing.
//
// contrib/aftershock.yaml documents every key with its default; a test compares the two.
// Errors: kAbsent, kDenied, kInternal, kInvalid; all but the last concern a file as a whole. Every message
// names the file, and where there are such, line and key.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/port_name.h"
#include "base/clock.h"
#include "base/result.h"
#include "exporter/metrics.h"
#include "model/settings.h"
#include "probes/host/active_probes.h"
#include "probes/mad/engine.h"

namespace aftershock::app {

// A look at the host is cut short after this.
inline constexpr Duration kHostLookDeadline = std::chrono::seconds(4);

inline constexpr const char* kDefaultConfigPath = "/etc/aftershock/aftershock.yaml";

struct FabricConfig {
  std::vector<PortName> ports;  // none: the first Active InfiniBand port
  Duration interval = std::chrono::seconds(60);
  Duration deadline = std::chrono::seconds(60);
  mad::Limits limits;
  Duration pair_interval = std::chrono::seconds(5);  // between two rounds of questions to members of pairs
  std::uint16_t p_key_index = 0;
  std::string m_key_file;     // empty: no M_Key
  std::string sa_key_file;    // empty: no SA_Key
  std::string node_name_map;  // empty: names are NodeDescriptions
  std::string sl_dump;        // empty: service levels are those of sampled paths
};

struct HostConfig {
  Duration interval = std::chrono::seconds(10);
  std::string sysfs = "/sys";
  std::vector<host::ProbeTarget> probes;  // none: nothing is probed
};

// How another machine is asked over HTTP.
struct HttpConfig {
  Duration timeout = std::chrono::seconds(5);
  std::string ca_file;              // empty: the system's certificates
  std::string user, password_file;  // empty: no authentication
};

// Other hosts' monitors, which a managing monitor reads.
struct HostsConfig {
  std::vector<std::string> urls;
  std::vector<std::string> files;  // in Prometheus' file_sd format
  Duration interval = std::chrono::seconds(30);
  HttpConfig http;
  bool Any() const { return !urls.empty() || !files.empty(); }
};

// Where changes are announced that this monitor has not announced itself.
struct WindowsConfig {
  std::string source;  // URL of the managing monitor; empty: none
  Duration interval = std::chrono::seconds(30);
  HttpConfig http;
};

// What a monitor watches.
struct Roles {
  bool host = true;
  bool fabric = false;
};

struct Config {
  std::string listen = ":9917";
  Roles roles;
  HostConfig host;
  FabricConfig fabric;
  std::string journal;  // empty: none is kept
  HostsConfig hosts;
  WindowsConfig windows;
  HttpConfig prometheus{.timeout = std::chrono::seconds(10), .ca_file = {}, .user = {}, .password_file = {}};
  std::optional<Duration> stale_after;
  exporter::Compat compat = exporter::Compat::kTreydock;
  Settings settings;

  // Configured, else three intervals and a deadline.
  Duration StaleAfter() const;
  Duration HostStaleAfter() const;
};

// `rules` are the rules that may be configured. `name` names the text in errors.
Result<Config> ParseConfig(const std::string& text, const std::string& name,
                           std::span<const RuleSpec* const> rules);
Result<Config> ReadConfig(const std::string& path, std::span<const RuleSpec* const> rules);

// Every key there is, with dots: "fabric.interval", "rules.link-errors.enabled"; "[]" stands for a list's
// items.
std::vector<std::string> ConfigKeys(std::span<const RuleSpec* const> rules);

}  // namespace aftershock::app
