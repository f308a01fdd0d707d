// hosts:, windows: and prometheus: of the configuration, and the files they name.
#include <stdlib.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>

#include "app/config.h"
#include "app/http_access.h"
#include "rules/judge.h"

using namespace aftershock;
using namespace aftershock::app;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

Result<Config> Parse(const std::string& text) {
  return ParseConfig(text, "a.yaml", rules::AllRules());
}

}  // namespace

TEST_CASE("Other machines are asked as the configuration says", "[app][config][unit]") {
  const auto config = Parse(
      "hosts: {urls: ['http://node7:9917/', 'https://node8'], files: [/etc/hosts.json], interval: 1min, "
      "timeout: 2s,\n"
      "  ca_file: ca.pem, user: mon, password_file: pw}\n"
      "windows: {source: 'https://mgmt1:9917', interval: 10s}\n"
      "prometheus: {timeout: 20s, ca_file: other.pem}\n");
  REQUIRE(config);
  CHECK(config->hosts.urls == std::vector<std::string>{"http://node7:9917", "https://node8"});
  CHECK(config->hosts.files == std::vector<std::string>{"/etc/hosts.json"});
  CHECK(config->hosts.interval == 1min);
  CHECK(config->hosts.http.timeout == 2s);
  CHECK(config->hosts.http.user == "mon");
  CHECK(config->windows.source == "https://mgmt1:9917");
  CHECK(config->prometheus.timeout == 20s);
  CHECK(config->prometheus.ca_file == "other.pem");
  CHECK_FALSE(Parse("hosts: {}\n")->hosts.Any());
}

TEST_CASE("What is wrong about other machines is told by file, line and key", "[app][config][unit]") {
  for (const auto& [text, what] : std::vector<std::pair<std::string, std::string>>{
           {"hosts:\n  urls: [node7:9917]\n", "a.yaml:2: hosts.urls[0]: node7:9917: not a URL"},
           {"hosts:\n  urls: ['http://u:pw@node7']\n", "a.yaml:2: hosts.urls[0]"},
           {"hosts:\n  urls: ['http://a', 'http://a/']\n",
            "a.yaml:2: hosts.urls[1]: names a host a second time"},
           {"hosts:\n  url: []\n", "a.yaml:2: hosts.url: unknown key"},
           {"hosts:\n  interval: 1ms\n", "a.yaml:2: hosts.interval"},
           {"hosts:\n  user: mon\n", "a.yaml:2: hosts.user: goes with \"password_file\""},
           {"hosts:\n  password_file: pw\n", "a.yaml:2: hosts.password_file: goes with \"user\""},
           {"hosts:\n  user: 'a:b'\n  password_file: pw\n", "a.yaml:2: hosts.user: has a colon"},
           {"windows:\n  source: mgmt1\n", "a.yaml:2: windows.source"},
           {"prometheus:\n  url: http://x\n", "a.yaml:2: prometheus.url: unknown key"}}) {
    CAPTURE(text);
    const auto config = Parse(text);
    REQUIRE_FALSE(config);
    CHECK_THAT(config.error().what, Contains(what));
  }
}

TEST_CASE("A password is the first line of its file, read each time", "[app][config][unit]") {
  std::string folder = (std::filesystem::temp_directory_path() / "aftershock-pw-XXXXXX").string();
  REQUIRE(mkdtemp(folder.data()) != nullptr);
  HttpConfig config;
  config.password_file = folder + "/pw";
  CHECK(AccessOf(config)->user.empty());  // and the file is not looked at
  config.user = "mon";
  CHECK(AccessOf(config).error().code == Errc::kAbsent);
  std::ofstream(config.password_file) << "secret\nmore\n";
  CHECK(AccessOf(config)->password == "secret");
  std::ofstream(config.password_file) << "new";
  CHECK(AccessOf(config)->password == "new");
  std::ofstream(config.password_file) << "\n";
  CHECK(AccessOf(config).error().code == Errc::kInvalid);
  std::filesystem::remove_all(folder);
}
