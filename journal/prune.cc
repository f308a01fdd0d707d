// Forgets what is old, in steps that are a transaction each, so that nobody waits for long.
//
// What an unfinished window, the baseline or a standing finding refers to stays: by foreign keys, of which
// none cascades, and by what each step leaves out. An unfinished window also keeps the events, findings and
// error minutes since the day before it was opened, unthinned: they are what it will be judged by.
#include <algorithm>
#include <limits>

#include "journal/impl.h"

namespace aftershock::journal {
namespace {

constexpr Duration kBeforeWindow = std::chrono::hours(24);
constexpr std::int64_t kMinutesPerHour = 60;
// Of one transaction.
constexpr int kSnapshotsAtOnce = 200;

WallTime Ago(WallTime now, Duration age) {
  return now - std::chrono::duration_cast<std::chrono::milliseconds>(age);
}

// Before it, no unfinished window needs anything.
std::optional<WallTime> NeededSince(SQLite::Database& db) {
  SQLite::Statement query(db, "SELECT min(coalesce(opened, asked)) FROM \"window\" WHERE ended IS NULL");
  if (!query.executeStep()) return std::nullopt;
  const auto opened = TimeOrNone(query.getColumn(0));
  return opened ? std::optional(Ago(*opened, kBeforeWindow)) : std::nullopt;
}

WallTime Before(SQLite::Database& db, WallTime limit) {
  return std::min(limit, NeededSince(db).value_or(limit));
}

std::uint64_t Delete(SQLite::Database& db, const char* sql, WallTime limit) {
  SQLite::Statement statement(db, sql);
  statement.bind(1, Milliseconds(limit));
  return static_cast<std::uint64_t>(Run(statement));
}

// ---- windows ----

// Windows that ended before a time, whose requests are answered and to which no standing finding belongs.
constexpr const char* kForgetWindows =
    "CREATE TEMP TABLE doomed AS SELECT id FROM main.\"window\" WHERE ended < ? "
    "AND id NOT IN (SELECT \"window\" FROM main.finding WHERE ended IS NULL AND \"window\" IS NOT NULL) "
    "AND id NOT IN (SELECT \"window\" FROM main.request WHERE answered = 0 AND \"window\" IS NOT NULL)";

std::uint64_t PruneWindows(SQLite::Database& db, WallTime limit) {
  Delete(db, kForgetWindows, limit);
  db.exec("DELETE FROM request WHERE \"window\" IN (SELECT id FROM temp.doomed)");
  db.exec("UPDATE finding SET \"window\" = NULL WHERE \"window\" IN (SELECT id FROM temp.doomed)");
  const int windows = db.exec("DELETE FROM \"window\" WHERE id IN (SELECT id FROM temp.doomed)");
  db.exec("DROP TABLE temp.doomed");
  Delete(db, "DELETE FROM request WHERE \"window\" IS NULL AND answered = 1 AND at < ?", limit);
  return static_cast<std::uint64_t>(windows);
}

// ---- snapshots ----

// Old baselines, and those of windows that have ended, are let go of with age. A standing finding keeps that
// of its window.
void LetGo(SQLite::Database& db, WallTime limit) {
  Delete(db,
         "DELETE FROM baseline WHERE id < (SELECT max(id) FROM baseline) "
         "AND snapshot IN (SELECT id FROM snapshot WHERE taken < ?)",
         limit);
  Delete(db,
         "UPDATE \"window\" SET baseline = NULL WHERE ended IS NOT NULL "
         "AND baseline IN (SELECT id FROM snapshot WHERE taken < ?) "
         "AND id NOT IN (SELECT \"window\" FROM finding WHERE ended IS NULL AND \"window\" IS NOT NULL)",
         limit);
}

// Too old; or old, and the same as the one before it. Not the last one, and none that something refers to.
void ChooseSnapshots(SQLite::Database& db, WallTime limit, WallTime thin) {
  SQLite::Statement choose(
      db,
      "CREATE TEMP TABLE doomed AS SELECT id, image FROM ("
      "SELECT id, taken, image, (image, complete, verdict, critical) = (lag(image) OVER before, "
      "lag(complete) OVER before, lag(verdict) OVER before, lag(critical) OVER before) AS same "
      "FROM main.snapshot WINDOW before AS (ORDER BY id)) "
      "WHERE (taken < ?1 OR (taken < ?2 AND same)) AND id < (SELECT max(id) FROM main.snapshot) "
      "AND id NOT IN (SELECT snapshot FROM main.baseline) "
      "AND id NOT IN (SELECT baseline FROM main.\"window\" WHERE baseline IS NOT NULL) LIMIT ?3");
  choose.bind(1, Milliseconds(limit));
  choose.bind(2, Milliseconds(thin));
  choose.bind(3, kSnapshotsAtOnce);
  Run(choose);
}

// What only the snapshots had that are gone.
int PruneSections(SQLite::Database& db) {
  db.exec(
      "CREATE TEMP TABLE loose_image AS SELECT DISTINCT image FROM temp.doomed "
      "WHERE image NOT IN (SELECT image FROM main.snapshot)");
  db.exec(
      "CREATE TEMP TABLE loose_section AS SELECT DISTINCT section FROM main.image_section "
      "WHERE image IN (SELECT image FROM temp.loose_image)");
  db.exec("DELETE FROM image_section WHERE image IN (SELECT image FROM temp.loose_image)");
  db.exec("DELETE FROM image WHERE id IN (SELECT image FROM temp.loose_image)");
  db.exec(
      "DELETE FROM temp.loose_section WHERE EXISTS "
      "(SELECT 1 FROM main.image_section AS used WHERE used.section = loose_section.section)");
  db.exec(
      "CREATE TEMP TABLE loose_chunk AS SELECT DISTINCT chunk FROM main.section_chunk "
      "WHERE section IN (SELECT section FROM temp.loose_section)");
  db.exec("DELETE FROM section_chunk WHERE section IN (SELECT section FROM temp.loose_section)");
  const int sections = db.exec("DELETE FROM section WHERE id IN (SELECT section FROM temp.loose_section)");
  db.exec(
      "DELETE FROM chunk WHERE id IN (SELECT chunk FROM temp.loose_chunk) "
      "AND NOT EXISTS (SELECT 1 FROM section_chunk AS used WHERE used.chunk = chunk.id)");
  db.exec("DROP TABLE temp.loose_image; DROP TABLE temp.loose_section; DROP TABLE temp.loose_chunk;");
  return sections;
}

// ---- error minutes ----

struct HourRow {
  std::int64_t node = 0;
  int port = 0;
  std::int64_t errors = 0, errored = 0, unusable = 0;
};

// The rows of one hour become one for each port.
void ThinHour(SQLite::Database& db, std::int64_t hour) {
  std::vector<HourRow> rows;
  SQLite::Statement query(db,
                          "SELECT node, port, sum(errors), sum(errored), sum(unusable) FROM error_minute "
                          "WHERE minute >= ? AND minute < ? GROUP BY node, port");
  query.bind(1, hour);
  query.bind(2, hour + kMinutesPerHour);
  while (query.executeStep()) {
    rows.push_back({query.getColumn(0).getInt64(), query.getColumn(1).getInt(), query.getColumn(2).getInt64(),
                    query.getColumn(3).getInt64(), query.getColumn(4).getInt64()});
  }
  SQLite::Statement clear(db, "DELETE FROM error_minute WHERE minute >= ? AND minute < ?");
  clear.bind(1, hour);
  clear.bind(2, hour + kMinutesPerHour);
  Run(clear);
  SQLite::Statement add(
      db, "INSERT INTO error_minute(minute, node, port, errors, errored, unusable) VALUES(?, ?, ?, ?, ?, ?)");
  for (const HourRow& row : rows) {
    add.bind(1, hour);
    add.bind(2, row.node);
    add.bind(3, row.port);
    add.bind(4, row.errors);
    add.bind(5, row.errored);
    add.bind(6, row.unusable);
    Run(add);
  }
}

std::int64_t HourOf(std::int64_t minute) {
  return minute - ((minute % kMinutesPerHour) + kMinutesPerHour) % kMinutesPerHour;
}

// Thins the first hour from `from` on that has anything but its first minute; none: there is none left.
std::optional<std::int64_t> ThinNext(SQLite::Database& db, std::int64_t from, WallTime limit) {
  SQLite::Statement query(
      db, "SELECT min(minute) FROM error_minute WHERE minute >= ? AND minute < ? AND minute % 60 != 0");
  query.bind(1, from);
  query.bind(2, HourOf(Minutes(Before(db, limit))));
  const auto minute = query.executeStep() ? NumberOrNone(query.getColumn(0)) : std::nullopt;
  if (!minute) return std::nullopt;
  ThinHour(db, HourOf(*minute));
  return HourOf(*minute) + kMinutesPerHour;
}

}  // namespace

Result<PruneResult> Journal::Prune(const PruneAges& ages, WallTime now) {
  PruneResult result;
  SQLite::Database& db = impl_->db;
  const auto step = [&](const auto& work) { return impl_->Write(Access::kMonitor, work); };
  auto done = step([&]() -> Result<void> {
    const auto kept_from = Before(db, Ago(now, ages.findings));
    result.windows = PruneWindows(db, Ago(now, ages.windows));
    result.findings =
        Delete(db,
               "DELETE FROM finding WHERE ended < ? AND (\"window\" IS NULL OR \"window\" NOT IN "
               "(SELECT id FROM \"window\" WHERE ended IS NULL))",
               kept_from);
    result.events = Delete(db, "DELETE FROM event WHERE at < ?", Before(db, Ago(now, ages.events)));
    LetGo(db, Ago(now, ages.snapshots));
    SQLite::Statement errors(db, "DELETE FROM error_minute WHERE minute < ?");
    errors.bind(1, Minutes(Before(db, Ago(now, ages.error_minutes))));
    result.error_minutes = static_cast<std::uint64_t>(Run(errors));
    return {};
  });
  for (bool more = true; done && more;) {
    done = step([&]() -> Result<void> {
      ChooseSnapshots(db, Ago(now, ages.snapshots), Ago(now, ages.thin_after));
      const int removed = db.exec("DELETE FROM snapshot WHERE id IN (SELECT id FROM temp.doomed)");
      result.snapshots += static_cast<std::uint64_t>(removed);
      result.sections += static_cast<std::uint64_t>(PruneSections(db));
      db.exec("DROP TABLE temp.doomed");
      more = removed == kSnapshotsAtOnce;
      return {};
    });
  }
  std::optional<std::int64_t> hour = std::numeric_limits<std::int64_t>::min();
  while (done && hour) {
    done = step([&]() -> Result<void> {
      hour = ThinNext(db, *hour, Ago(now, ages.thin_after));
      return {};
    });
  }
  if (!done) return tl::unexpected(done.error());
  return result;
}

}  // namespace aftershock::journal
