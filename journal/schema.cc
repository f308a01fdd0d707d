#include "journal/schema.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include <SQLiteCpp/Transaction.h>
#include <fmt/format.h>

#include "journal/errors.h"
#include "journal/file_check.h"

namespace aftershock::journal {
namespace {

// Times are milliseconds since 1970 in UTC, minutes are minutes since then. Bodies are the JSON of
// model/json/window.h, without what has a column of its own. An image is a set of sections, a section a list
// of chunks; each is stored once. A row of error_minute stands for `errored` + `unusable` minutes.
constexpr const char* kVersion1 = R"(
CREATE TABLE chunk(
  id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, text BLOB NOT NULL);
CREATE TABLE section(
  id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE);
CREATE TABLE section_chunk(
  section INTEGER NOT NULL REFERENCES section(id), place INTEGER NOT NULL,
  chunk INTEGER NOT NULL REFERENCES chunk(id), PRIMARY KEY(section, place)) WITHOUT ROWID;
CREATE INDEX section_chunk_chunk ON section_chunk(chunk);
CREATE TABLE image(
  id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE);
CREATE TABLE image_section(
  image INTEGER NOT NULL REFERENCES image(id), name TEXT NOT NULL,
  section INTEGER NOT NULL REFERENCES section(id), PRIMARY KEY(image, name)) WITHOUT ROWID;
CREATE INDEX image_section_section ON image_section(section);
CREATE TABLE snapshot(
  id INTEGER PRIMARY KEY AUTOINCREMENT, taken INTEGER NOT NULL, complete INTEGER NOT NULL,
  verdict INTEGER NOT NULL CHECK(verdict BETWEEN 0 AND 3), critical INTEGER NOT NULL,
  image INTEGER NOT NULL REFERENCES image(id));
CREATE INDEX snapshot_taken ON snapshot(taken);
CREATE INDEX snapshot_image ON snapshot(image);
CREATE TABLE baseline(
  id INTEGER PRIMARY KEY AUTOINCREMENT, snapshot INTEGER NOT NULL REFERENCES snapshot(id),
  since INTEGER NOT NULL, because TEXT NOT NULL);
CREATE INDEX baseline_snapshot ON baseline(snapshot);
CREATE TABLE "window"(
  id INTEGER PRIMARY KEY AUTOINCREMENT, asked INTEGER NOT NULL, opened INTEGER, ended INTEGER,
  baseline INTEGER REFERENCES snapshot(id), body TEXT NOT NULL);
CREATE INDEX window_baseline ON "window"(baseline);
CREATE TABLE request(
  id INTEGER PRIMARY KEY AUTOINCREMENT, "window" INTEGER REFERENCES "window"(id),
  answered INTEGER NOT NULL, body TEXT NOT NULL, at INTEGER NOT NULL);
CREATE INDEX request_window ON request("window");
CREATE TABLE finding(
  id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, first_seen INTEGER NOT NULL,
  last_seen INTEGER NOT NULL, ended INTEGER, "window" INTEGER REFERENCES "window"(id), body TEXT NOT NULL);
CREATE UNIQUE INDEX finding_standing ON finding(key) WHERE ended IS NULL;
CREATE INDEX finding_window ON finding("window");
CREATE TABLE error_minute(
  minute INTEGER NOT NULL, node INTEGER NOT NULL, port INTEGER NOT NULL, errors INTEGER NOT NULL,
  errored INTEGER NOT NULL, unusable INTEGER NOT NULL, PRIMARY KEY(minute, node, port)) WITHOUT ROWID;
CREATE TABLE event(
  id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL,
  text TEXT NOT NULL);
CREATE INDEX event_at ON event(at);
CREATE TABLE state(
  name TEXT PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE heartbeat(
  id INTEGER PRIMARY KEY CHECK(id = 1), wall INTEGER NOT NULL, boot_id TEXT NOT NULL,
  boot_time_ns INTEGER NOT NULL, by TEXT NOT NULL, stale_after_ns INTEGER NOT NULL);
)";
constexpr std::array kSteps{kVersion1};

void MakeDatabase(const std::string& path) {
  SQLite::Database db(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  // Chunks of some 4 KB, and their keys, fit a page.
  db.exec("PRAGMA page_size = 8192; PRAGMA synchronous = FULL;");
  SQLite::Transaction transaction(db, SQLite::TransactionBehavior::IMMEDIATE);
  db.exec(fmt::format("PRAGMA application_id = {};", kApplicationId));
  transaction.commit();
  Migrate(db, kSteps);
}

Result<void> SyncFolder(const std::string& path) {
  auto folder = std::filesystem::path(path).parent_path().string();
  if (folder.empty()) folder = ".";
  const int fd = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = fd >= 0 && fsync(fd) == 0;
  const int number = errno;
  if (fd >= 0) close(fd);
  if (synced) return {};
  return Fail(Errc::kInternal, fmt::format("{} cannot be synced: {}", folder, std::strerror(number)));
}

}  // namespace

std::span<const char* const> SchemaSteps() {
  return kSteps;
}
int SchemaVersion() {
  return static_cast<int>(kSteps.size());
}

int VersionOf(SQLite::Database& db) {
  return db.execAndGet("PRAGMA user_version").getInt();
}

void Migrate(SQLite::Database& db, std::span<const char* const> steps) {
  if (VersionOf(db) >= static_cast<int>(steps.size())) return;
  SQLite::Transaction transaction(db, SQLite::TransactionBehavior::IMMEDIATE);
  for (auto i = static_cast<std::size_t>(VersionOf(db)); i < steps.size(); ++i) db.exec(steps[i]);
  db.exec(fmt::format("PRAGMA user_version = {};", steps.size()));
  transaction.commit();
}

Result<void> Create(const std::string& path) {
  const std::string draft = path + ".new";
  // Of a creation that power ended, and of a journal that somebody removed: SQLite would take the log of that
  // one for this one's.
  for (const char* left : {".new", ".new-journal", "-wal", "-shm"}) {
    if (unlink((path + left).c_str()) != 0 && errno != ENOENT) {
      return Fail(errno == EACCES || errno == EPERM ? Errc::kDenied : Errc::kInternal,
                  fmt::format("{}{} cannot be removed: {}", path, left, std::strerror(errno)));
    }
  }
  auto made = Guarded(path, [&]() -> Result<void> {
    MakeDatabase(draft);
    return {};
  });
  if (!made) return made;
  if (std::rename(draft.c_str(), path.c_str()) != 0) {
    return Fail(Errc::kInternal, fmt::format("{} cannot be made: {}", path, std::strerror(errno)));
  }
  return SyncFolder(path);
}

}  // namespace aftershock::journal
