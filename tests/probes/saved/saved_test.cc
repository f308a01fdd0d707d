#include "probes/saved/saved.h"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>

#include "model/json/snapshot.h"

namespace aftershock::saved {
namespace {

using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;

// A folder of its own, gone with the test.
struct Folder {
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "saved_test_XXXXXX").string();
    REQUIRE(mkdtemp(name.data()));
    path = name;
  }
  ~Folder() { std::filesystem::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::filesystem::path Write(std::string_view name, std::string_view text) const {
    std::ofstream(path / name, std::ios::binary) << text;
    return path / name;
  }
  std::filesystem::path path;
};

FabricSnapshot OneNode() {
  FabricSnapshot snapshot;
  snapshot.nodes.emplace_back().guid = Guid{5};
  return snapshot;
}

}  // namespace

TEST_CASE("A saved snapshot is loaded", "[saved][unit]") {
  const Folder folder;
  std::ofstream out(folder.path / "fabric.json");
  WriteJson(OneNode(), out);
  out.close();
  const auto snapshot = LoadSnapshot(folder.path / "fabric.json");
  REQUIRE(snapshot);
  REQUIRE(snapshot->nodes.size() == 1);
  CHECK(snapshot->nodes[0].guid == Guid{5});
}

TEST_CASE("A file that is not there, or no file, is an error with its name", "[saved][unit]") {
  const Folder folder;
  const auto absent = LoadSnapshot(folder.path / "absent.json");
  REQUIRE_FALSE(absent);
  CHECK(absent.error().code == Errc::kAbsent);
  CHECK_THAT(absent.error().what, EndsWith("absent.json: No such file or directory"));
  const auto directory = LoadSnapshot(folder.path);
  REQUIRE_FALSE(directory);
  CHECK(directory.error().code == Errc::kInvalid);
  CHECK_THAT(directory.error().what, EndsWith(": is a folder"));
}

TEST_CASE("A file that may not be read is an error that says so", "[saved][unit]") {
  const Folder folder;
  const auto file = folder.Write("secret.json", "{}");
  chmod(file.c_str(), 0);
  if (geteuid() == 0) {
    WARN("skipped: root may read everything");
    return;
  }
  const auto snapshot = LoadSnapshot(file);
  REQUIRE_FALSE(snapshot);
  CHECK(snapshot.error().code == Errc::kDenied);
}

TEST_CASE("A file that is empty, cut or of something else is malformed", "[saved][unit]") {
  const Folder folder;
  const auto [text, complaint] = GENERATE(table<std::string, std::string>({
      {"", "is empty"},
      {R"({"schema":1,"nodes":[)", "truncated: the text ends at byte 21"},
      {"DumpNode\r\nvendid=0x2c9\r\n", "not a snapshot of aftershock: it does not begin with {"},
      {R"({"nodes" [])", "not JSON: syntax error at byte 10"},
      {R"({"nodes":[]})", "not a snapshot of aftershock: it has no \"schema\""},
  }));
  const auto snapshot = LoadSnapshot(folder.Write("fabric.json", text));
  REQUIRE_FALSE(snapshot);
  CHECK(snapshot.error().code == Errc::kMalformed);
  CHECK_THAT(snapshot.error().what, EndsWith("fabric.json: " + complaint));
}

TEST_CASE("A file of a newer aftershock is not supported", "[saved][unit]") {
  const Folder folder;
  const auto snapshot = LoadSnapshot(folder.Write("fabric.json", R"({"schema":99,"nodes":[]})"));
  REQUIRE_FALSE(snapshot);
  CHECK(snapshot.error().code == Errc::kUnsupported);
  CHECK_THAT(snapshot.error().what, Contains("written by a newer aftershock"));
}

TEST_CASE("A file without an end is given up", "[saved][hostile]") {
  const auto snapshot = LoadSnapshot("/dev/zero");
  REQUIRE_FALSE(snapshot);
  CHECK(snapshot.error().what == "/dev/zero: not a snapshot of aftershock: it does not begin with {");
}

TEST_CASE("A file larger than any fabric is not read", "[saved][hostile]") {
  const Folder folder;
  const auto file = folder.Write("fabric.json", "{");
  std::filesystem::resize_file(file, kMaxFileBytes + 1);
  const auto snapshot = LoadSnapshot(file);
  REQUIRE_FALSE(snapshot);
  CHECK_THAT(snapshot.error().what, EndsWith("larger than a snapshot can be (1 GiB)"));
}

}  // namespace aftershock::saved
