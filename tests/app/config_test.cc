#include "app/config.h"

#include <catch2/catch.hpp>
#include <string>

#include "rules/judge.h"

using namespace aftershock;
using namespace aftershock::app;
using namespace std::chrono_literals;

namespace {

Result<Config> Parse(const std::string& text) {
  return ParseConfig(text, "a.yaml", rules::AllRules());
}

struct Wrong {
  std::string text;
  std::string where;  // file, line and key
  std::string why;
};

}  // namespace

TEST_CASE("An empty configuration is the default one", "[app][config][unit]") {
  const std::string text = GENERATE("", "# nothing\n", "---\n", "fabric:\nrules:\naccept:\n", "{}");
  CAPTURE(text);
  const auto config = Parse(text);
  REQUIRE(config);
  CHECK(config->listen == ":9917");
  CHECK(config->fabric.interval == 60s);
  CHECK(config->StaleAfter() == 240s);
  CHECK(config->roles.host);
  CHECK_FALSE(config->roles.fabric);
  CHECK(config->HostStaleAfter() == 34s);
}

TEST_CASE("What the configuration says is what holds", "[app][config][unit]") {
  const auto config = Parse(
      "listen: \"[::1]:1\"\r\n"
      "fabric: {ports: [mlx5_0:1, mlx5_bond.1:2], interval: 5min, deadline: 0.5min, timeout: 10ms, tries: "
      "1,\r\n"
      "  smp_in_flight: 1, gmp_in_flight: 1024, per_node: 2, p_key_index: 65535, m_key_file: k, sa_key_file: "
      "s, "
      "node_name_map: n, expect: {subnet_managers: [spine01, 0x0002c90300000001]}}\r\n"
      "stale_after: 1h\r\n"
      "exporter: {compat: []}\r\n"
      "roles: [fabric]\r\n"
      "host: {interval: 5s, sysfs: /host/sys, expect: {hcas: [mlx5_0], bond_switches: {bond0: 2}},\r\n"
      "  probes: [{peer: 10.1.0.2, interface: bond0}]}\r\n"
      "rules:\r\n"
      "  link-errors: {enabled: false, severity: critical, bit_error_ratio: 1e-13}\r\n"
      "accept:\r\n"
      "  - {rule: link-degraded, subject: \"leaf*\", reason: known, until: 2026-12-31}\r\n");
  REQUIRE(config);
  CHECK(config->listen == "[::1]:1");
  CHECK(config->fabric.ports == std::vector<PortName>{{"mlx5_0", 1}, {"mlx5_bond.1", 2}});
  CHECK(config->fabric.interval == 5min);
  CHECK(config->fabric.deadline == 30s);
  CHECK(config->fabric.limits.timeout == 10ms);
  CHECK(config->fabric.limits.gmp_in_flight == 1024);
  CHECK(config->fabric.p_key_index == 65535);
  CHECK(config->StaleAfter() == 1h);
  CHECK(config->compat == exporter::Compat::kNone);
  CHECK(config->roles.fabric);
  CHECK_FALSE(config->roles.host);
  CHECK(config->host.interval == 5s);
  CHECK(config->host.sysfs == "/host/sys");
  REQUIRE(config->host.probes.size() == 1);
  CHECK(config->host.probes[0].peer == "10.1.0.2");
  CHECK(config->host.probes[0].interface == "bond0");
  CHECK(config->settings.host.hcas == std::vector<std::string>{"mlx5_0"});
  CHECK(config->settings.host.bond_switches.at("bond0") == 2);
  CHECK(config->settings.fabric.subnet_managers == std::vector<std::string>{"spine01", "0x0002c90300000001"});
  const RuleSpec* rule = rules::FindRule("link-errors");
  CHECK_FALSE(config->settings.Enabled("link-errors"));
  CHECK(config->settings.SeverityOf(*rule) == Severity::kCritical);
  CHECK(config->settings.Threshold(*rule, "bit_error_ratio") == 1e-13);
  REQUIRE(config->settings.accept.size() == 1);
  CHECK(FormatTime(*config->settings.accept[0].until) == "2026-12-31T00:00:00.000Z");
}

TEST_CASE("A wrong configuration is an error that names file, line and key", "[app][config][unit]") {
  const Wrong wrong = GENERATE(values<Wrong>({
      {"fabric:\n  intervall: 5s\n", "a.yaml:2: fabric.intervall:", "did you mean \"interval\"?"},
      {"fabirc:\n  interval: 5s\n", "a.yaml:1: fabirc:", "did you mean \"fabric\"?"},
      {"zzz: 1\n", "a.yaml:1: zzz:", "unknown key"},
      {"listen: [a]\n", "a.yaml:1: listen:", "is a list; text is expected"},
      {"listen: nonsense:port:1\n", "a.yaml:1: listen:", ""},
      {"listen:\n", "a.yaml:1: listen:", "has no value"},
      {"\nlisten: \"\"\n", "a.yaml:2: listen:", "is empty"},
      {"fabric: 5\n", "a.yaml:1: fabric:", "a map of keys and values is expected"},
      {"fabric: [5]\n", "a.yaml:1: fabric:", "a map of keys and values is expected"},
      {"fabric:\n  interval: 5\n",
       "a.yaml:2: fabric.interval:", "\"5\" is not a time from 1s to 24h, with its unit"},
      {"fabric:\n  interval: -5s\n", "a.yaml:2: fabric.interval:", "\"-5s\""},
      {"fabric:\n  interval: 0s\n", "a.yaml:2: fabric.interval:", "1s to 24h"},
      {"fabric:\n  interval: infs\n", "a.yaml:2: fabric.interval:", "1s to 24h"},
      {"fabric:\n  interval: 99999999999999999999h\n", "a.yaml:2: fabric.interval:", "1s to 24h"},
      {"fabric:\n  tries: 0\n", "a.yaml:2: fabric.tries:", "a whole number from 1 to 16"},
      {"fabric:\n  tries: 1.5\n", "a.yaml:2: fabric.tries:", "a whole number from 1 to 16"},
      {"fabric:\n  tries: \"4\"\n", "a.yaml:2: fabric.tries:", "is text in quotes"},
      {"fabric:\n  p_key_index: 65536\n", "a.yaml:2: fabric.p_key_index:", "0 to 65535"},
      {"fabric:\n  ports: mlx5_0:1\n", "a.yaml:2: fabric.ports:", "a list is expected"},
      {"fabric:\n  ports:\n    - mlx5_0:1\n    - mlx5_0\n",
       "a.yaml:4: fabric.ports[1]:", "looks like mlx5_0:1"},
      {"fabric:\n  ports: [../../etc:1]\n", "a.yaml:2: fabric.ports[0]:", "looks like mlx5_0:1"},
      {"fabric:\n  ports: [mlx5_0:256]\n", "a.yaml:2: fabric.ports[0]:", "looks like mlx5_0:1"},
      {"fabric:\n  ports: [a:1, a:1]\n", "a.yaml:2: fabric.ports[1]:", "a second time"},
      {"fabric:\n  tries: 1\n  tries: 2\n", "a.yaml:3: fabric.tries:", "a second time"},
      {"fabric:\n  interval: 10min\nstale_after: 5min\n",
       "a.yaml:3: stale_after:", "is not longer than fabric.interval"},
      {"roles: []\n", "a.yaml:1: roles:", "names no role"},
      {"roles: [hosts]\n", "a.yaml:1: roles[0]:", "is not host or fabric"},
      {"host:\n  interval: 100ms\n", "a.yaml:2: host.interval:", "1s to 1h"},
      {"host:\n  interval: 10min\nstale_after: 5min\n",
       "a.yaml:3: stale_after:", "is not longer than host.interval"},
      {"host:\n  probes:\n    - {interface: ib0}\n", "a.yaml:3: host.probes[0]:", "\"peer\" is missing"},
      {"host:\n  probes:\n    - {peer: 10.1.0.2}\n", "a.yaml:3: host.probes[0]:", "\"interface\" is missing"},
      {"host:\n  probes:\n    - {peer: peer1}\n", "a.yaml:3: host.probes[0].peer:", "is not an IPv4 address"},
      {"host:\n  expect:\n    hcas: [../x]\n",
       "a.yaml:3: host.expect.hcas[0]:", "is not the name of a device"},
      {"host:\n  expect:\n    bond_switches: {bond0: 0}\n",
       "a.yaml:3: host.expect.bond_switches.bond0:", "1 to 16"},
      {"fabric:\n  expect:\n    subnet_managers: [a, a]\n",
       "a.yaml:3: fabric.expect.subnet_managers[1]:", "a second time"},
      {"exporter:\n  compat: [guilbaults]\n", "a.yaml:2: exporter.compat[0]:", "is not treydock"},
      {"stale_after: 7\n", "a.yaml:1: stale_after:", "neither \"auto\" nor a time"},
      {"rules:\n  link-error: {}\n", "a.yaml:2: rules.link-error:", "did you mean \"link-errors\"?"},
      {"rules:\n  link-errors:\n    enabled: maybe\n",
       "a.yaml:3: rules.link-errors.enabled:", "neither true nor false"},
      {"rules:\n  link-errors:\n    severity: high\n",
       "a.yaml:3: rules.link-errors.severity:", "is not note, warning"},
      {"rules:\n  link-errors:\n    bit_error_ratio: .nan\n",
       "a.yaml:3: rules.link-errors.bit_error_ratio:", "a number"},
      {"rules:\n  link-errors:\n    bit_error_ratio: 2\n",
       "a.yaml:3: rules.link-errors.bit_error_ratio:", "to 1"},
      {"rules:\n  link-errors:\n    bit_eror_ratio: 1\n",
       "a.yaml:3: rules.link-errors.bit_eror_ratio:", "did you mean"},
      {"accept:\n  - {rule: link-degraded, reason: x}\n", "a.yaml:2: accept[0]:", "\"subject\" is missing"},
      {"accept:\n  - {rule: link-degraded, subject: x}\n", "a.yaml:2: accept[0]:", "\"reason\" is missing"},
      {"accept:\n  - {rule: degraded}\n", "a.yaml:2: accept[0].rule:", "there is no rule \"degraded\""},
      {"accept:\n  - {until: tomorrow}\n", "a.yaml:2: accept[0].until:", "is not a time like 2026-12-31"},
      {"accept:\n  - {until: 2026-02-30}\n", "a.yaml:2: accept[0].until:", "is not a time"},
      {"accept: {rule: x}\n", "a.yaml:1: accept:", "a list is expected"},
      {"listen: a\n\xff\n", "a.yaml:2:", "not UTF-8"},
      {std::string("listen: a\n\0\n", 12), "a.yaml:2:", "not UTF-8 text, or a control character"},
      {"fabric: {\n", "a.yaml:2:", "not YAML"},
      {"listen: a\n  b: c\n", "a.yaml:", "not YAML"},
      {"---\nlisten: \":1\"\n---\nlisten: \":2\"\n", "a.yaml:4:", "a second document"},
      {"? [a]\n: b\n", "a.yaml:1:", "a key that is not a word"},
      {"listen: *nobody\n", "a.yaml:1:", "not YAML"},
      {"- listen\n", "a.yaml:1:", "a map of keys and values is expected"},
  }));
  CAPTURE(wrong.text);
  const auto config = Parse(wrong.text);
  REQUIRE_FALSE(config);
  CAPTURE(config.error().what);
  CHECK(config.error().code == Errc::kInvalid);
  CHECK(config.error().what.starts_with(wrong.where));
  CHECK(config.error().what.find(wrong.why) != std::string::npos);
  CHECK(config.error().what.find('\n') == std::string::npos);
}

TEST_CASE("A configuration nested without end is an error", "[app][config][unit]") {
  CHECK_FALSE(Parse(std::string(100000, '[')));
  CHECK_FALSE(Parse("fabric: " + std::string(100000, '{')));
}
