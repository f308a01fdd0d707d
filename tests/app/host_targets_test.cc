#include "app/host_targets.h"

#include <stdlib.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

using namespace aftershock;
using namespace aftershock::app;
using Catch::Matchers::Contains;

namespace {

struct Folder {
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "aftershock-sd-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Folder() { std::filesystem::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string Write(const std::string& text) const {
    std::ofstream(path / "hosts.json") << text;
    return path / "hosts.json";
  }
  std::filesystem::path path;
};

std::vector<std::string> Texts(const std::vector<HostTarget>& targets) {
  std::vector<std::string> texts;
  for (const HostTarget& target : targets) texts.push_back(target.url.Text());
  return texts;
}

std::string Complaint(const std::string& text) {
  const auto targets = TargetsFromText(text, "hosts.yaml");
  REQUIRE_FALSE(targets);
  CHECK(targets.error().code == Errc::kInvalid);
  return targets.error().what;
}

}  // namespace

TEST_CASE("Files of Prometheus' file_sd are read, JSON and YAML alike", "[app][hosts]") {
  const char* json =
      "[\n\t{\"targets\": [\"node7:9917\", \"10.0.0.8:9917\"],\n\t \"labels\": {\"rack\": \"r12\"}},\n"
      "\t{\"targets\": [\"node9:9917\"]}\n]\n";
  const char* yaml =
      "- targets: [node7:9917, 10.0.0.8:9917]\n  labels: {rack: r12}\n- targets:\n  - node9:9917\n";
  for (const char* text : {json, yaml}) {
    CAPTURE(text);
    const auto targets = TargetsFromText(text, "hosts");
    REQUIRE(targets);
    CHECK(Texts(*targets) ==
          std::vector<std::string>{"http://node7:9917", "http://10.0.0.8:9917", "http://node9:9917"});
    CHECK((*targets)[0].labels.at("rack") == "r12");
    CHECK((*targets)[2].labels.empty());
  }
  CHECK(TargetsFromText("", "hosts")->empty());
}

TEST_CASE("The labels that tell Prometheus how to ask tell it here, too", "[app][hosts]") {
  const auto targets = TargetsFromText(
      "- targets: [node7]\n  labels: {__scheme__: https, __metrics_path__: /a/metrics, __meta_x: y, rack: "
      "r1}\n",
      "hosts");
  REQUIRE(targets);
  CHECK((*targets)[0].url.Text() == "https://node7/a");
  CHECK((*targets)[0].labels == std::map<std::string, std::string>{{"rack", "r1"}});
}

TEST_CASE("What is wrong with a file is told by line and key", "[app][hosts]") {
  CHECK_THAT(Complaint("- targets: [node7]\n  label: {}\n"),
             Contains("hosts.yaml:2: [0].label: unknown key"));
  CHECK_THAT(Complaint("- targets:\n  - http://node7:9917\n"), Contains("hosts.yaml:2: [0].targets[0]"));
  CHECK_THAT(Complaint("- targets:\n  - node7:x\n"), Contains("hosts.yaml:2"));
  CHECK_THAT(Complaint("- targets: node7\n"), Contains("a list is expected"));
  CHECK_THAT(Complaint("targets: [node7]\n"), Contains("a list is expected"));
  CHECK_THAT(Complaint("[{"), Contains("not YAML"));
}

TEST_CASE("A host that is named twice is one", "[app][hosts]") {
  const Folder folder;
  const auto path = folder.Write("- targets: [node7:9917, node8:9917, node8:9917]\n");
  const auto all = HostTargets::Read({"http://node7:9917"}, {path});
  REQUIRE(all);
  CHECK(Texts(all->targets()) == std::vector<std::string>{"http://node7:9917", "http://node8:9917"});
}

TEST_CASE("A file that changes is read again, and one that breaks counts as it was", "[app][hosts]") {
  const Folder folder;
  const auto path = folder.Write("- targets: [node7:9917]\n");
  auto all = HostTargets::Read({}, {path});
  REQUIRE(all);
  folder.Write("- targets: [node8:9917]\n");
  CHECK(all->Renew().empty());
  CHECK(Texts(all->targets()) == std::vector<std::string>{"http://node8:9917"});
  folder.Write("- targets: [");
  CHECK(all->Renew().size() == 1);
  CHECK(all->Renew().empty());  // it is said once
  CHECK(Texts(all->targets()) == std::vector<std::string>{"http://node8:9917"});
  std::filesystem::remove(path);
  CHECK(all->Renew().size() == 1);
  CHECK(Texts(all->targets()).size() == 1);
  folder.Write("- targets: [node8:9917]\n");
  CHECK(all->Renew().empty());
  folder.Write("[]");
  CHECK(all->Renew().empty());
  CHECK(all->targets().empty());
}

TEST_CASE("A file that is not sound at the start is an error", "[app][hosts]") {
  CHECK(HostTargets::Read({}, {"/nowhere/hosts.json"}).error().code == Errc::kAbsent);
}
