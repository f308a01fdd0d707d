// What remembers: one SQLite file with what was seen, what was found, and every change window.
//
// One monitor writes what it sees and moves windows on; commands append requests; any number of processes
// read. WAL, foreign keys on, synchronous=FULL; transactions are short. A snapshot is stored as its sections,
// each a canonical text stored once under its SHA-256: a fabric that does not change costs a row per sweep.
//
// Threading: one thread at a time per Journal; any number of Journals on one file.
// Errors:    kAbsent       there is no such file, or no folder for it; only kMonitor makes the file
//            kDenied       the file or its folder may not be read or written
//            kInvalid      on a network file system, where SQLite's locks and WAL do not hold
//            kMalformed    the file is damaged, or none of ours; it is left as it is
//            kUnsupported  written by a newer aftershock, and left as it is; or by an older one, and not
//            migrated kTimeout      another process kept it locked for longer than the busy timeout, or wrote
//            it while
//                          it was read by somebody who may not use its locks
//            kInternal     the disk is full, or the system refused
// Each names the file.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "model/finding.h"
#include "model/image.h"
#include "model/state.h"
#include "model/window.h"

namespace aftershock::journal {

enum class Access : std::uint8_t {
  kRead,     // never writes, and works where the user may only read
  kRequest,  // reads, and appends windows and requests
  kMonitor,  // writes everything; makes the file and migrates it. One at a time: a second one is kDenied
};

inline constexpr const char* kDefaultPath = "/var/lib/aftershock/journal.db";

struct SnapshotRow {
  std::int64_t id = 0;
  WallTime taken{};
  bool complete = false;  // everything that is watched was seen
  Verdict verdict = Verdict::kUnknown;
  bool critical = false;                                    // a critical finding with weight stood
  std::vector<std::pair<std::string, std::string>> hashes;  // section ("plane mlx5_0:1 topology") to SHA-256
};

struct BaselineRow {
  std::int64_t id = 0;
  std::int64_t snapshot = 0;
  WallTime set{};
  std::string because;  // "stable for 10 min", "window w12 passed", "accepted by …: reason"
};

struct FindingRow {
  std::int64_t id = 0;
  Finding finding;
  WallTime first_seen{}, last_seen{};
  std::optional<WallTime> ended;       // none: it stands
  std::optional<std::int64_t> window;  // it is attributed to
};

// Errors of one port in one minute that was observed and not free of errors; minutes without a row had none,
// if the sweeps of that minute were complete and the port is in no void row. That they were is a row of the
// GUID 0, port 0, with one error.
struct ErrorMinute {
  WallTime minute{};
  PortKey port;
  std::uint32_t errors = 0;  // all rated error counters together
  bool unusable = false;     // unread, saturated or cleared: the minute says nothing of this port
  // That it stands for: more than one where minutes were thinned to the hour. Of such an hour a port can have
  // two, one of errors and one unusable.
  std::uint32_t minutes = 1;
};

struct Event {
  std::int64_t id = 0;
  WallTime at{};
  std::string kind;  // "sm-changed", "port-error", "clock-jumped", "monitor-started", …
  std::string subject;
  std::string text;
};

struct Heartbeat {
  WallTime wall{};
  std::string boot_id;     // of the machine
  Duration boot_time{};    // CLOCK_BOOTTIME
  std::string by;          // "monitor 0.1.0 (pid 4711)"
  Duration stale_after{};  // older than this, the monitor is taken for dead
};

struct PruneAges {
  Duration snapshots = std::chrono::hours(24 * 30);
  Duration error_minutes = std::chrono::hours(24 * 30);
  Duration thin_after =
      std::chrono::hours(24);  // older error minutes are kept by the hour, snapshots where they differ
  Duration findings = std::chrono::hours(24 * 90);
  Duration events = std::chrono::hours(24 * 30);
  Duration windows = std::chrono::hours(24 * 365);
};
struct PruneResult {
  std::uint64_t snapshots = 0, sections = 0, error_minutes = 0, findings = 0, events = 0, windows = 0;
};

struct Info {
  int schema = 0;
  std::uint64_t file_bytes = 0;
  std::uint64_t snapshots = 0, sections = 0, error_minutes = 0, findings = 0, events = 0, windows = 0;
  std::optional<WallTime> first, last;
  std::optional<Heartbeat> heartbeat;
};

class Journal {
 public:
  static Result<Journal> Open(const std::string& path, Access access, const Clock& clock,
                              Duration busy_timeout = std::chrono::seconds(5));
  Journal(Journal&&) noexcept;
  Journal& operator=(Journal&&) noexcept;
  ~Journal();

  // ---- what was seen (kMonitor) ----
  Result<std::int64_t> AddSnapshot(const Image& image, bool complete, Verdict verdict, bool critical);
  Result<void> AddErrorMinutes(std::span<const ErrorMinute> minutes);
  // The findings that stand now: new ones begin, those that stand no more end. Notes are kept, too.
  Result<void> PutFindings(std::span<const Finding> findings, WallTime now);
  Result<void> AddEvent(const Event& event);
  // Named state of the rules, as text; replaces the one before.
  Result<void> PutState(std::string_view name, std::string_view text);
  Result<void> Beat(const Heartbeat& heartbeat);

  // ---- baseline (kMonitor) ----
  Result<void> SetBaseline(std::int64_t snapshot, std::string because);

  // ---- windows ----
  // kRequest: a planned window with its request, in one transaction. The window's id is returned.
  Result<std::int64_t> AskToOpen(const Window& planned);
  // kRequest
  Result<std::int64_t> Ask(const Request& request);
  // kMonitor: the window as it stands now (state, transitions, findings, progress), in one transaction.
  Result<void> PutWindow(const Window& window);
  // kMonitor
  Result<void> Answer(std::int64_t request, std::optional<std::string> refused);

  // ---- reading (any access; each a single consistent view) ----
  Result<std::optional<SnapshotRow>> LastSnapshot();
  Result<std::vector<SnapshotRow>> Snapshots(WallTime from, WallTime to);  // oldest first
  Result<Image> ReadImage(std::int64_t snapshot);
  Result<std::optional<BaselineRow>> Baseline();
  Result<std::vector<FindingRow>> Findings(bool standing_only);
  Result<std::vector<ErrorMinute>> ErrorMinutes(WallTime from, WallTime to);  // by minute, then port
  Result<std::vector<Event>> Events(WallTime from, WallTime to);
  Result<std::optional<std::string>> State(std::string_view name);
  Result<std::optional<Heartbeat>> LastHeartbeat();
  Result<std::vector<Window>> Windows();  // by id
  Result<std::optional<Window>> FindWindow(std::int64_t id);
  Result<std::vector<Request>> UnansweredRequests();  // by id
  Result<std::optional<Request>> FindRequest(std::int64_t id);
  Result<journal::Info> ReadInfo();

  // Runs `read` in one read transaction, so that all it reads is of one moment.
  Result<void> InOneView(const std::function<Result<void>()>& read);

  // ---- care ----
  // SQLite's integrity check, foreign keys, and every section against its hash. Each text is one fault;
  // empty: sound.
  Result<std::vector<std::string>> Verify();
  // kMonitor or alone on the file. Never removes what an unfinished window, the baseline or a standing
  // finding refers to.
  Result<PruneResult> Prune(const PruneAges& ages, WallTime now);
  // NDJSON: one object per line, each with "kind"; all of one moment.
  Result<void> Export(const std::function<void(std::string_view line)>& line);

 private:
  struct Impl;
  explicit Journal(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace aftershock::journal
