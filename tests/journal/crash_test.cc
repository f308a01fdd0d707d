// Power can go, and the disk fill up, at any moment.
#include <SQLiteCpp/SQLiteCpp.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <fstream>
#include <random>
#include <set>
#include <thread>

#include "bed.h"

using namespace aftershock;
using namespace aftershock::journal;

namespace {

// Writes one thing after the other, and says of each that it was committed.
[[noreturn]] void WriteOnAndOn(const Bed& bed, int committed) {
  auto journal = Journal::Open(bed.file, Access::kMonitor, bed.clock);
  if (!journal) _exit(1);
  const auto windows = journal->Windows();
  if (!windows) _exit(2);
  for (std::uint32_t i = static_cast<std::uint32_t>(windows->size());; ++i) {
    const auto snapshot = journal->AddSnapshot(SomeImage(bed.clock.now, 20, i), true, Verdict::kOk, false);
    if (!snapshot) _exit(3);
    const auto id = journal->AskToOpen(SomeWindow(bed.clock.now, "number " + std::to_string(i)));
    if (!id) _exit(4);
    Window window = *journal->FindWindow(*id).value();
    window.state = WindowState::kOpen;
    window.baseline = *snapshot;
    if (!journal->PutWindow(window)) _exit(5);
    if (write(committed, &i, sizeof i) != sizeof i) _exit(6);
    if (i % 8 == 7 && !journal->Prune({.snapshots = Duration::zero()}, bed.clock.now)) _exit(7);
  }
}

// What was committed is there, in order, and nothing by halves.
void CheckWindows(Journal& journal, const std::set<std::uint32_t>& committed) {
  const auto windows = Value(journal.Windows());
  REQUIRE((committed.empty() || windows.size() > *committed.rbegin()));
  for (std::size_t i = 0; i < windows.size(); ++i) {
    REQUIRE(windows[i].title == "number " + std::to_string(i));
    if (committed.contains(static_cast<std::uint32_t>(i))) REQUIRE(windows[i].state == WindowState::kOpen);
  }
  if (!windows.empty() && windows.back().baseline) Value(journal.ReadImage(*windows.back().baseline));
  REQUIRE(Value(journal.UnansweredRequests()).size() == windows.size());
}

// Runs the writer until it is killed, after `patience` or, the first time, once it has committed something;
// adds what it said was committed.
void KillAfter(const Bed& bed, std::chrono::microseconds patience, std::set<std::uint32_t>& committed) {
  std::array<int, 2> line{};
  REQUIRE(pipe(line.data()) == 0);
  const pid_t writer = fork();
  if (writer == 0) {
    close(line[0]);
    WriteOnAndOn(bed, line[1]);
  }
  close(line[1]);
  std::uint32_t number = 0;
  if (committed.empty() && read(line[0], &number, sizeof number) == sizeof number) committed.insert(number);
  std::this_thread::sleep_for(patience);
  kill(writer, SIGKILL);
  while (read(line[0], &number, sizeof number) == sizeof number) committed.insert(number);
  close(line[0]);
  int status = 0;
  waitpid(writer, &status, 0);
  CHECK(WIFSIGNALED(status));
}

}  // namespace

TEST_CASE("Whenever the writer is killed, what was committed is there, and nothing by halves",
          "[journal][unit]") {
  const Bed bed;
  std::mt19937 random(20110314);  // where it is cut depends on the machine all the same
  std::uniform_int_distribution<int> microseconds(0, 20000);
  std::set<std::uint32_t> committed;
  for (int i = 0; i < 50; ++i) {
    KillAfter(bed, std::chrono::microseconds(microseconds(random)), committed);
    if (!std::filesystem::exists(bed.file)) continue;
    auto reader = bed.Open(Access::kRead);
    CheckWindows(reader, committed);
    if (i % 10 == 9) CHECK(Value(reader.Verify()).empty());
  }
  auto monitor = bed.Open(Access::kMonitor);
  CheckWindows(monitor, committed);
  CHECK(Value(monitor.Verify()).empty());
  CHECK_FALSE(committed.empty());
}

namespace {

constexpr int kSkipped = 77, kSmallDisk = 2 << 20;

// Takes all the room that is left, but for `spare` octets.
void Fill(const std::filesystem::path& folder, std::uintmax_t spare) {
  const auto left = std::filesystem::space(folder).available;
  if (left <= spare) return;
  const int fd = open((folder / "ballast").c_str(), O_WRONLY | O_CREAT, 0600);
  if (posix_fallocate(fd, 0, static_cast<off_t>(left - spare)) != 0) _exit(20);
  close(fd);
}

bool SameWindows(const Bed& bed, std::size_t count) {
  auto reader = Journal::Open(bed.file, Access::kRead, bed.clock);
  if (!reader) return false;
  const auto windows = reader->Windows();
  const auto faults = reader->Verify();
  return windows && faults && windows->size() == count && faults->empty();
}

// Fills the disk while it writes. 0: every refusal was kInternal, and everything else was kept.
int WriteUntilFull(Bed& bed, std::uintmax_t spare) {
  std::size_t written = 0;
  {
    auto journal = Journal::Open(bed.file, Access::kMonitor, bed.clock);
    if (!journal) return 1;
    if (!journal->AskToOpen(SomeWindow(bed.clock.now))) return 2;
    ++written;
    Fill(bed.folder, spare);
    for (unsigned i = 0; i < 3000; ++i) {
      const auto snapshot = journal->AddSnapshot(SomeImage(bed.clock.now, 200, i), true, Verdict::kOk, false);
      const auto asked = journal->AskToOpen(SomeWindow(bed.clock.now));
      written += asked ? 1 : 0;
      if (asked && snapshot) continue;
      const Error& error = snapshot ? asked.error() : snapshot.error();
      if (error.code != Errc::kInternal) return 3;
      if (!SameWindows(bed, written)) return 4;
      break;
    }
  }
  if (!SameWindows(bed, written)) return 5;
  std::filesystem::remove(bed.folder / "ballast");
  auto journal = Journal::Open(bed.file, Access::kMonitor, bed.clock);
  return journal && journal->AskToOpen(SomeWindow(bed.clock.now)) ? 0 : 6;
}

// In a mount namespace of its own, on a disk of 2 MB.
int OnSmallDisk(std::uintmax_t spare) {
  Bed bed;
  if (unshare(geteuid() == 0 ? CLONE_NEWNS : CLONE_NEWNS | CLONE_NEWUSER) != 0) return kSkipped;
  mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr);
  const std::string size = "size=" + std::to_string(kSmallDisk);
  if (mount("tmpfs", bed.folder.c_str(), "tmpfs", 0, size.c_str()) != 0) return kSkipped;
  const int result = WriteUntilFull(bed, spare);
  umount2(bed.folder.c_str(), MNT_DETACH);
  return result;
}

}  // namespace

TEST_CASE("A full disk costs what could not be written, and nothing else", "[journal][unit]") {
  for (std::uintmax_t spare = 0; spare < 400000; spare += 36864) {
    CAPTURE(spare);
    const pid_t child = fork();
    if (child == 0) _exit(OnSmallDisk(spare));
    int status = 0;
    waitpid(child, &status, 0);
    if (WEXITSTATUS(status) == kSkipped) {
      WARN("no small disk can be mounted here: a full one cannot be tried");
      return;
    }
    CHECK(status == 0);
  }
}
