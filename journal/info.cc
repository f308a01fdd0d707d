#include <sys/stat.h>

#include "journal/impl.h"
#include "journal/schema.h"

namespace aftershock::journal {
namespace {

std::uint64_t SizeOf(const std::string& path) {
  struct stat found {};
  return stat(path.c_str(), &found) == 0 ? static_cast<std::uint64_t>(found.st_size) : 0;
}

std::uint64_t Count(SQLite::Database& db, const char* table) {
  return static_cast<std::uint64_t>(db.execAndGet(std::string("SELECT count(*) FROM ") + table).getInt64());
}

}  // namespace

Result<Info> Journal::ReadInfo() {
  return impl_->Read([&]() -> Result<Info> {
    SQLite::Database& db = impl_->db;
    Info info;
    info.schema = VersionOf(db);
    info.file_bytes = SizeOf(impl_->path) + SizeOf(impl_->path + "-wal");
    info.snapshots = Count(db, "snapshot");
    info.sections = Count(db, "section");
    info.error_minutes = Count(db, "error_minute");
    info.findings = Count(db, "finding");
    info.events = Count(db, "event");
    info.windows = Count(db, "\"window\"");
    SQLite::Statement range(db, "SELECT min(taken), max(taken) FROM snapshot");
    if (range.executeStep()) {
      info.first = TimeOrNone(range.getColumn(0));
      info.last = TimeOrNone(range.getColumn(1));
    }
    auto heartbeat = LastHeartbeat();
    if (!heartbeat) return tl::unexpected(heartbeat.error());
    info.heartbeat = std::move(*heartbeat);
    return info;
  });
}

}  // namespace aftershock::journal
