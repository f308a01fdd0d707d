// What a Journal holds, and how all of it reads and writes. Internal to journal/.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include "journal/errors.h"
#include "journal/journal.h"
#include "journal/lock.h"

namespace aftershock::journal {

// Of a file that is read as one that nobody writes (see open.cc): that it is still so.
struct Stamp {
  std::int64_t device = 0, inode = 0, size = 0, seconds = 0, nanoseconds = 0;
  bool log = false;  // there is something in its write-ahead log
  friend bool operator==(const Stamp&, const Stamp&) = default;
  static Stamp Of(const std::string& path);
};

struct Journal::Impl {
  std::string path;
  Access access;
  const Clock& clock;
  MonitorLock lock;  // let go of after the database is closed
  SQLite::Database db;
  std::optional<Stamp> frozen;
  bool viewing = false;
  // The image that was added last, and its row: a fabric that has not changed is not made text of. The last
  // snapshot is never pruned, and so its image is not.
  std::optional<std::pair<Image, std::int64_t>> last;

  // One transaction, committed unless `work` fails. It takes the writer's lock at its beginning: a reading
  // transaction cannot be sure to become a writing one.
  template <typename Work>
  std::invoke_result_t<Work> Write(Access needed, const Work& work) {
    using R = std::invoke_result_t<Work>;
    if (access < needed) return Fail(Errc::kDenied, path + " was not opened for writing this");
    if (viewing) return Fail(Errc::kInvalid, path + " cannot be written from within a view of it");
    return Guarded(path, [&]() -> R {
      SQLite::Transaction transaction(db, SQLite::TransactionBehavior::IMMEDIATE);
      R result = work();
      if (result) transaction.commit();
      return result;
    });
  }

  // All that `work` reads is of one moment.
  template <typename Work>
  std::invoke_result_t<Work> Read(const Work& work) {
    using R = std::invoke_result_t<Work>;
    if (viewing) return Guarded(path, work);
    const Viewing view(viewing);
    return Guarded(path, [&]() -> R {
      const SQLite::Transaction transaction(db);
      R result = work();
      if (frozen && !(Stamp::Of(path) == *frozen)) {
        return Fail(Errc::kTimeout, path + " was written while it was read; read it again");
      }
      return result;
    });
  }

  Error Damaged(const std::string& what) const { return {Errc::kMalformed, path + " is damaged: " + what}; }

 private:
  struct Viewing {
    explicit Viewing(bool& f) : flag(f) { flag = true; }
    ~Viewing() { flag = false; }
    Viewing(const Viewing&) = delete;
    Viewing& operator=(const Viewing&) = delete;
    bool& flag;
  };
};

inline std::int64_t Milliseconds(WallTime time) {
  return time.time_since_epoch().count();
}
inline std::int64_t Minutes(WallTime time) {
  return std::chrono::floor<std::chrono::minutes>(time).time_since_epoch().count();
}
inline WallTime FromMilliseconds(std::int64_t ms) {
  return WallTime(std::chrono::milliseconds(ms));
}
inline WallTime FromMinutes(std::int64_t minutes) {
  return WallTime(std::chrono::minutes(minutes));
}
inline std::optional<WallTime> TimeOrNone(const SQLite::Column& column) {
  return column.isNull() ? std::nullopt : std::optional(FromMilliseconds(column.getInt64()));
}
inline std::optional<std::int64_t> NumberOrNone(const SQLite::Column& column) {
  return column.isNull() ? std::nullopt : std::optional<std::int64_t>(column.getInt64());
}

inline void BindBlob(SQLite::Statement& statement, int index, std::string_view octets) {
  statement.bind(index, octets.data(), static_cast<int>(octets.size()));
}
inline void BindTime(SQLite::Statement& statement, int index, const std::optional<WallTime>& time) {
  time ? statement.bind(index, Milliseconds(*time)) : statement.bind(index);
}
inline void BindNumber(SQLite::Statement& statement, int index, const std::optional<std::int64_t>& number) {
  number ? statement.bind(index, *number) : statement.bind(index);
}

// Runs a statement that changes; how many rows it did, and then may be bound anew.
inline int Run(SQLite::Statement& statement) {
  const int changed = statement.exec();
  statement.reset();
  return changed;
}

}  // namespace aftershock::journal
