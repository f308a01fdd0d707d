// Who may open what, and what is no journal.
#include <SQLiteCpp/SQLiteCpp.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "bed.h"
#include "journal/file_check.h"
#include "journal/schema.h"

using namespace aftershock;
using namespace aftershock::journal;

namespace {

constexpr uid_t kNobody = 65534;

// Runs `work` in a process of its own as nobody; its result is the process's exit code.
template <typename Work>
int AsNobody(const Work& work) {
  const pid_t child = fork();
  if (child == 0) {
    if (setgid(kNobody) != 0 || setuid(kNobody) != 0) _exit(99);
    _exit(work());
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 98;
}

bool NotRoot() {
  if (geteuid() == 0) return false;
  WARN("not root: who else may read cannot be tried");
  return true;
}

void OpenFolder(const Bed& bed) {
  using std::filesystem::perms;
  std::filesystem::permissions(bed.folder, perms::others_read | perms::others_exec,
                               std::filesystem::perm_options::add);
}

// 0: the one window was read, and nothing may be written.
int ReadAsNobody(const Bed& bed) {
  return AsNobody([&] {
    auto journal = Journal::Open(bed.file, Access::kRead, bed.clock);
    if (!journal) return 1;
    const auto windows = journal->Windows();
    if (!windows || windows->size() != 1) return 2;
    const auto command = Journal::Open(bed.file, Access::kRequest, bed.clock);
    return command || command.error().code != Errc::kDenied ? 3 : 0;
  });
}

void RemoveLog(const Bed& bed) {
  std::filesystem::remove(bed.file + "-wal");
  std::filesystem::remove(bed.file + "-shm");
}

}  // namespace

TEST_CASE("Only a monitor makes a journal", "[journal][unit]") {
  const Bed bed;
  CHECK(bed.ErrorOf(Access::kRead) == Errc::kAbsent);
  CHECK(bed.ErrorOf(Access::kRequest) == Errc::kAbsent);
  CHECK_FALSE(std::filesystem::exists(bed.file));
  bed.Open(Access::kMonitor);
  bed.Open(Access::kRead);
}

TEST_CASE("A second monitor is refused, by the first one's process id", "[journal][unit]") {
  const Bed bed;
  auto first = std::optional(bed.Open(Access::kMonitor));
  const auto second = Journal::Open(bed.file, Access::kMonitor, bed.clock);
  REQUIRE_FALSE(second);
  CHECK(second.error().code == Errc::kDenied);
  CHECK(second.error().what.find("pid " + std::to_string(getpid())) != std::string::npos);
  std::filesystem::create_symlink(bed.file, bed.folder / "other.db");
  CHECK_FALSE(Journal::Open((bed.folder / "other.db").string(), Access::kMonitor, bed.clock));
  first.reset();
  bed.Open(Access::kMonitor);
}

TEST_CASE("What is no journal is named, and left as it is", "[journal][unit]") {
  const Bed bed;
  const auto bytes =
      GENERATE(as<std::string>{}, "", "fabric:\n  interval: 60s\n", "SQLite format 3",
               std::string("SQLite format 3\0", 16) + std::string(5000, '\x5a'), std::string(100000, '\xee'));
  WriteBytes(bed.file, bytes);
  for (const Access access : {Access::kRead, Access::kRequest, Access::kMonitor}) {
    CHECK(bed.ErrorOf(access) == Errc::kMalformed);
  }
  CHECK(Bytes(bed.file) == bytes);
}

TEST_CASE("A folder and another program's database are no journals", "[journal][unit]") {
  const Bed bed;
  std::filesystem::create_directory(bed.file);
  CHECK(bed.ErrorOf(Access::kMonitor) == Errc::kMalformed);
  std::filesystem::remove(bed.file);
  SQLite::Database(bed.file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec("CREATE TABLE t(x)");
  const std::string before = Bytes(bed.file);
  CHECK(bed.ErrorOf(Access::kMonitor) == Errc::kMalformed);
  CHECK(Bytes(bed.file) == before);
}

TEST_CASE("A journal that was cut or scribbled over is named, and left as it is", "[journal][unit]") {
  const Bed bed;
  {
    auto journal = bed.Open(Access::kMonitor);
    Value(journal.AddSnapshot(SomeImage(bed.clock.now, 200), true, Verdict::kOk, false));
  }
  std::string bytes = Bytes(bed.file);
  if (GENERATE(true, false)) {
    bytes.resize(GENERATE(50u, 8192u, 20000u, 81920u));
  } else {
    bytes.replace(8192, 40000, std::string(40000, '\xa5'));
  }
  WriteBytes(bed.file, bytes);
  RemoveLog(bed);
  CHECK(bed.ErrorOf(Access::kMonitor) == Errc::kMalformed);
  CHECK(Bytes(bed.file) == bytes);
}

TEST_CASE("A newer aftershock's journal is left as it is", "[journal][unit]") {
  const Bed bed;
  bed.Open(Access::kMonitor);
  const bool in_log = GENERATE(false, true);
  {
    SQLite::Database db(bed.file, SQLite::OPEN_READWRITE);
    db.exec("PRAGMA user_version = 99");
    if (!in_log) db.exec("PRAGMA journal_mode = DELETE");
    const std::string before = Bytes(bed.file);
    for (const Access access : {Access::kRead, Access::kRequest, Access::kMonitor}) {
      CHECK(bed.ErrorOf(access) == Errc::kUnsupported);
    }
    CHECK(Bytes(bed.file) == before);
  }
}

TEST_CASE("An older journal is brought forward by a monitor, and by nobody else", "[journal][unit]") {
  const Bed bed;
  {
    SQLite::Database db(bed.file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    db.exec("PRAGMA application_id = " + std::to_string(kApplicationId) +
            "; PRAGMA user_version = 0; VACUUM");
  }
  CHECK(bed.ErrorOf(Access::kRead) == Errc::kUnsupported);
  CHECK(bed.ErrorOf(Access::kRequest) == Errc::kUnsupported);
  CHECK(Value(bed.Open(Access::kMonitor).ReadInfo()).schema == SchemaVersion());
  bed.Open(Access::kRead);
}

TEST_CASE("A migration takes the steps that are missing, or none", "[journal][unit]") {
  SQLite::Database db(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  const std::vector<const char*> steps{"CREATE TABLE a(x)", "ALTER TABLE a ADD COLUMN y", "broken"};
  Migrate(db, std::span(steps).first(1));
  db.exec("INSERT INTO a VALUES(7)");
  CHECK_THROWS_AS(Migrate(db, steps), SQLite::Exception);
  CHECK(VersionOf(db) == 1);
  Migrate(db, std::span(steps).first(2));
  CHECK(db.execAndGet("SELECT x FROM a WHERE y IS NULL").getInt() == 7);
  CHECK(VersionOf(db) == 2);
}

TEST_CASE("A network file system is refused by its name", "[journal][unit]") {
  const auto on = [](std::uint64_t magic) {
    return CheckFileSystem("/x/journal.db",
                           [=](const std::string&) -> Result<std::uint64_t> { return magic; });
  };
  for (const std::uint64_t magic : {0x6969ull, 0xff534d42ull, 0x0bd00bd0ull, 0x47504653ull, 0x00c36400ull}) {
    CHECK(on(magic).error().code == Errc::kInvalid);
  }
  CHECK(on(0x6969).error().what.find("NFS") != std::string::npos);
  CHECK(on(0xef53));      // ext4
  CHECK(on(0x01021994));  // tmpfs
}

TEST_CASE("Who may not write reads beside a monitor, and after it", "[journal][unit]") {
  if (NotRoot()) return;
  const Bed bed;
  OpenFolder(bed);
  auto monitor = std::optional(bed.Open(Access::kMonitor));
  Value(monitor->AskToOpen(SomeWindow(bed.clock.now)));
  CHECK(ReadAsNobody(bed) == 0);
  monitor.reset();
  CHECK(ReadAsNobody(bed) == 0);
}

TEST_CASE("Who may not write reads what a killed monitor left", "[journal][unit]") {
  if (NotRoot()) return;
  const Bed bed;
  OpenFolder(bed);
  const pid_t child = fork();
  if (child == 0) {
    auto monitor = Journal::Open(bed.file, Access::kMonitor, bed.clock);
    _exit(monitor && monitor->AskToOpen(SomeWindow(bed.clock.now)) ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  REQUIRE(status == 0);
  CHECK(ReadAsNobody(bed) == 0);
}

TEST_CASE("Who may not write reads a copy without its log", "[journal][unit]") {
  if (NotRoot()) return;
  const Bed bed;
  OpenFolder(bed);
  Value(bed.Open(Access::kMonitor).AskToOpen(SomeWindow(bed.clock.now)));
  RemoveLog(bed);
  CHECK(ReadAsNobody(bed) == 0);
}

TEST_CASE("What was written while it was read as a copy is not believed", "[journal][unit]") {
  if (NotRoot()) return;
  const Bed bed;
  OpenFolder(bed);
  Value(bed.Open(Access::kMonitor).AskToOpen(SomeWindow(bed.clock.now)));
  RemoveLog(bed);
  std::array<int, 2> opened{}, written{};
  REQUIRE(pipe(opened.data()) == 0);
  REQUIRE(pipe(written.data()) == 0);
  const pid_t reader = fork();
  if (reader == 0) {
    if (setgid(kNobody) != 0 || setuid(kNobody) != 0) _exit(99);
    auto journal = Journal::Open(bed.file, Access::kRead, bed.clock);
    char byte = journal ? 'y' : 'n';
    if (write(opened[1], &byte, 1) != 1 || read(written[0], &byte, 1) != 1 || !journal) _exit(1);
    const auto windows = journal->Windows();
    _exit(!windows && windows.error().code == Errc::kTimeout ? 0 : 2);
  }
  char byte = 0;
  REQUIRE(read(opened[0], &byte, 1) == 1);
  Value(bed.Open(Access::kMonitor).AskToOpen(SomeWindow(bed.clock.now)));
  REQUIRE(write(written[1], &byte, 1) == 1);
  int status = 0;
  waitpid(reader, &status, 0);
  CHECK(WEXITSTATUS(status) == 0);
  for (const int fd : {opened[0], opened[1], written[0], written[1]}) close(fd);
}
