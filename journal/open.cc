// How a journal is opened, by whoever may.
//
// A database with a write-ahead log can be read by somebody who may write neither the file nor its folder as
// long as FILE-wal and FILE-shm are there, which is why those who write leave them behind (SQLITE_FCNTL_
// PERSIST_WAL). Where they are not, the file is perhaps a copy: it is read as one that nobody writes, and
// each view makes sure afterwards that nobody did. See https://www.sqlite.org/wal.html#read_only_databases.
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <filesystem>

#include "journal/file_check.h"
#include "journal/impl.h"
#include "journal/schema.h"

namespace aftershock::journal {
namespace {

// What a large transaction made of the log is given back.
constexpr int kMaxIdleLog = 16 << 20;

// Two names of one file have one lock.
Result<std::string> Resolve(const std::string& path) {
  const std::filesystem::path given(path);
  std::error_code error;
  auto resolved = std::filesystem::canonical(given, error);
  if (!error) return resolved.string();
  const auto folder = given.has_parent_path() ? given.parent_path() : std::filesystem::path(".");
  resolved = std::filesystem::canonical(folder, error);
  if (!error && given.has_filename()) return (resolved / given.filename()).string();
  const bool denied = error == std::errc::permission_denied;
  return Fail(denied ? Errc::kDenied : Errc::kAbsent,
              fmt::format("{} cannot be opened: {}", path, error ? error.message() : "it names no file"));
}

std::string Uri(const std::string& path) {
  static constexpr std::string_view kPlain = "/._-";
  std::string uri = "file:";
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       kPlain.find(c) != std::string_view::npos;
    uri += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return uri + "?immutable=1";
}

void SetFlag(SQLite::Database& db, int flag, bool on) {
  sqlite3_db_config(db.getHandle(), flag, on ? 1 : 0, nullptr);
}

// Says what the log may know better than the file itself.
Result<void> CheckVersion(SQLite::Database& db, const std::string& path, Access access) {
  const int version = VersionOf(db);
  if (version > SchemaVersion()) {
    return Fail(Errc::kUnsupported,
                fmt::format("{} was written by a newer aftershock (schema {}, known here up "
                            "to {}); it is left as it is",
                            path, version, SchemaVersion()));
  }
  if (version < SchemaVersion() && access != Access::kMonitor) {
    return Fail(Errc::kUnsupported,
                fmt::format("{} is of an older aftershock (schema {}); a monitor brings it to schema {}",
                            path, version, SchemaVersion()));
  }
  // Reads the table of tables, which VersionOf does not.
  db.execAndGet("SELECT count(*) FROM sqlite_master");
  return {};
}

// Whatever is wrong is found before the first octet is written.
Result<void> CheckWhole(SQLite::Database& db, const std::string& path) {
  const std::string found = db.execAndGet("PRAGMA quick_check(1)").getString();
  if (found == "ok") return {};
  return Fail(Errc::kMalformed, fmt::format("{} is damaged ({}); it is left as it is", path, found));
}

void PrepareWriter(SQLite::Database& db) {
  db.exec("PRAGMA journal_mode = WAL");
  db.exec("PRAGMA synchronous = FULL");
  db.exec(fmt::format("PRAGMA journal_size_limit = {}", kMaxIdleLog));
  int persist = 1;
  sqlite3_file_control(db.getHandle(), "main", SQLITE_FCNTL_PERSIST_WAL, &persist);
}

Result<SQLite::Database> OpenDatabase(const std::string& path, Access access, Duration busy_timeout) {
  using R = Result<SQLite::Database>;
  return Guarded(path, [&]() -> R {
    const int flags = access == Access::kRead ? SQLite::OPEN_READONLY : SQLite::OPEN_READWRITE;
    const auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(busy_timeout);
    SQLite::Database db(path, flags, static_cast<int>(wait.count()));
    if (access != Access::kRead && sqlite3_db_readonly(db.getHandle(), "main") == 1) {
      return Fail(Errc::kDenied, path + " may not be written");
    }
    // Closing what turns out to be no journal of this version leaves it as it is.
    SetFlag(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
    SetFlag(db, SQLITE_DBCONFIG_DEFENSIVE, true);
    db.exec("PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cell_size_check = ON;");
    if (auto version = CheckVersion(db, path, access); !version) return tl::unexpected(version.error());
    if (access == Access::kRead) return db;
    if (access == Access::kMonitor) {
      if (auto whole = CheckWhole(db, path); !whole) return tl::unexpected(whole.error());
    }
    PrepareWriter(db);
    if (access == Access::kMonitor) Migrate(db, SchemaSteps());
    SetFlag(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false);
    return db;
  });
}

Result<SQLite::Database> OpenFrozen(const std::string& path) {
  using R = Result<SQLite::Database>;
  return Guarded(path, [&]() -> R {
    SQLite::Database db(Uri(path), SQLite::OPEN_READONLY | SQLite::OPEN_URI);
    if (auto version = CheckVersion(db, path, Access::kRead); !version)
      return tl::unexpected(version.error());
    return db;
  });
}

Result<MonitorLock> LockAndMake(const std::string& path, Access access) {
  if (access != Access::kMonitor) return MonitorLock();
  auto lock = MonitorLock::Take(path);
  if (!lock) return lock;
  const auto state = LookAtFile(path, SchemaVersion());
  if (!state) return tl::unexpected(state.error());
  if (*state == FileState::kJournal) return lock;
  if (auto created = Create(path); !created) return tl::unexpected(created.error());
  return lock;
}

}  // namespace

Stamp Stamp::Of(const std::string& path) {
  Stamp stamp;
  struct stat file {};
  if (stat(path.c_str(), &file) == 0) {
    stamp = {static_cast<std::int64_t>(file.st_dev),
             static_cast<std::int64_t>(file.st_ino),
             file.st_size,
             file.st_mtim.tv_sec,
             file.st_mtim.tv_nsec,
             false};
  }
  struct stat log {};
  stamp.log = stat((path + "-wal").c_str(), &log) == 0 && log.st_size > 0;
  return stamp;
}

Result<Journal> Journal::Open(const std::string& path, Access access, const Clock& clock,
                              Duration busy_timeout) {
  const auto resolved = Resolve(path);
  if (!resolved) return tl::unexpected(resolved.error());
  const auto state = LookAtFile(*resolved, SchemaVersion());
  if (!state) return tl::unexpected(state.error());
  const bool absent = *state == FileState::kAbsent;
  if (absent && access != Access::kMonitor) {
    return Fail(Errc::kAbsent, fmt::format("{}: there is no such journal; a monitor makes it", path));
  }
  const auto local = CheckFileSystem(
      absent ? std::filesystem::path(*resolved).parent_path().string() : *resolved, StatFileSystem);
  if (!local) return tl::unexpected(local.error());
  auto lock = LockAndMake(*resolved, access);
  if (!lock) return tl::unexpected(lock.error());

  std::optional<Stamp> frozen;
  auto db = OpenDatabase(*resolved, access, busy_timeout);
  if (!db && access == Access::kRead && db.error().code == Errc::kDenied) {
    if (const Stamp stamp = Stamp::Of(*resolved); !stamp.log) {
      frozen = stamp;
      db = OpenFrozen(*resolved);
    }
  }
  if (!db) return tl::unexpected(db.error());
  return Journal(std::unique_ptr<Impl>(
      new Impl{*resolved, access, clock, std::move(*lock), std::move(*db), frozen, false, {}}));
}

}  // namespace aftershock::journal
