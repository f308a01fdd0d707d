#include "app/atomic_file.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <ostream>

#include "app/text_file.h"

using namespace aftershock;
using namespace aftershock::app;
namespace fs = std::filesystem;

namespace {

// A folder for one test.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "aftershock-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~Folder() { fs::remove_all(path_); }
  std::string operator/(const char* name) const { return (path_ / name).string(); }
  std::ptrdiff_t Files() const { return std::distance(fs::directory_iterator(path_), {}); }

 private:
  fs::path path_;
};

void WriteNew(std::ostream& out) {
  out << "new\n";
}

}  // namespace

TEST_CASE("A file is replaced as a whole and nothing is left beside it", "[app][file][unit]") {
  const Folder folder;
  std::ofstream(folder / "a") << "old, and longer\n";
  REQUIRE(WriteFile(folder / "a", WriteNew));
  CHECK(ReadTextFile(folder / "a") == "new\n");
  CHECK(folder.Files() == 1);
}

TEST_CASE("What could not be written leaves the old file in place", "[app][file][unit]") {
  const Folder folder;
  std::ofstream(folder / "a") << "old\n";
  const auto written = WriteFile(folder / "a", [](std::ostream& out) { out.setstate(std::ios::badbit); });
  REQUIRE_FALSE(written);
  CHECK(written.error().what.find(folder / "a") != std::string::npos);
  CHECK(ReadTextFile(folder / "a") == "old\n");
  CHECK(folder.Files() == 1);
}

TEST_CASE("A link stays a link, and what it names is written", "[app][file][unit]") {
  const Folder folder;
  std::ofstream(folder / "a") << "old\n";
  fs::create_symlink(folder / "a", folder / "link");
  REQUIRE(WriteFile(folder / "link", WriteNew));
  CHECK(fs::is_symlink(folder / "link"));
  CHECK(ReadTextFile(folder / "a") == "new\n");
}

TEST_CASE("A device is written to, not replaced", "[app][file][unit]") {
  CHECK(WriteFile("/dev/null", WriteNew));
  CHECK(fs::is_character_file("/dev/null"));
  CHECK(WriteFile("/dev/full", WriteNew).error().what.starts_with("cannot write /dev/full: "));
}

TEST_CASE("A folder, and a file in no folder, are errors", "[app][file][unit]") {
  CHECK_FALSE(WriteFile("/", WriteNew));
  CHECK(WriteFile("/no/such/folder/a", WriteNew).error().code == Errc::kAbsent);
}
