// Everything as NDJSON, each line an object with "kind".
#include <algorithm>

#include "journal/digest.h"
#include "journal/impl.h"
#include "journal/schema.h"
#include "journal/sections.h"
#include "model/json/window.h"

namespace aftershock::journal {
namespace {

using nlohmann::json;
using Line = std::function<void(std::string_view)>;

json OrNull(const std::optional<WallTime>& time) {
  return time ? json(FormatTime(*time)) : json();
}

void Put(const Line& line, const char* kind, json object) {
  object["kind"] = kind;
  // A rule's state may be any octets.
  line(object.dump(-1, ' ', false, json::error_handler_t::replace));
}

// The text's line ends are between the parts of the JSON; those within text are escaped.
std::string OneLine(std::string text) {
  std::erase(text, '\n');
  return text;
}

void PutBaselines(SQLite::Database& db, const Line& line) {
  SQLite::Statement query(db, "SELECT id, snapshot, since, because FROM baseline ORDER BY id");
  while (query.executeStep()) {
    Put(line, "baseline",
        {{"id", query.getColumn(0).getInt64()},
         {"snapshot", query.getColumn(1).getInt64()},
         {"set", FormatTime(FromMilliseconds(query.getColumn(2).getInt64()))},
         {"because", query.getColumn(3).getString()}});
  }
}

void PutErrors(SQLite::Database& db, const Line& line) {
  SQLite::Statement query(db, "SELECT minute, node, port, errors, errored, unusable FROM error_minute");
  while (query.executeStep()) {
    Put(line, "errors",
        {{"minute", FormatTime(FromMinutes(query.getColumn(0).getInt64()))},
         {"guid", ToString(static_cast<Guid>(query.getColumn(1).getInt64()))},
         {"port", query.getColumn(2).getInt()},
         {"errors", query.getColumn(3).getInt64()},
         {"minutes_errored", query.getColumn(4).getInt64()},
         {"minutes_unusable", query.getColumn(5).getInt64()}});
  }
}

void PutEvents(SQLite::Database& db, const Line& line) {
  SQLite::Statement query(db, "SELECT id, at, kind, subject, text FROM event ORDER BY id");
  while (query.executeStep()) {
    Put(line, "event",
        {{"id", query.getColumn(0).getInt64()},
         {"at", FormatTime(FromMilliseconds(query.getColumn(1).getInt64()))},
         {"event", query.getColumn(2).getString()},
         {"subject", query.getColumn(3).getString()},
         {"text", query.getColumn(4).getString()}});
  }
}

void PutStates(SQLite::Database& db, const Line& line) {
  SQLite::Statement query(db, "SELECT name, text FROM state ORDER BY name");
  while (query.executeStep()) {
    Put(line, "state", {{"name", query.getColumn(0).getString()}, {"text", query.getColumn(1).getString()}});
  }
}

void PutHead(SQLite::Database& db, const Line& line, const std::optional<Heartbeat>& beat) {
  json object{{"schema", VersionOf(db)}};
  if (beat) {
    object["heartbeat"] = {{"wall", FormatTime(beat->wall)},
                           {"boot_id", beat->boot_id},
                           {"boot_time_seconds", ToSeconds(beat->boot_time)},
                           {"by", beat->by},
                           {"stale_after_seconds", ToSeconds(beat->stale_after)}};
  }
  Put(line, "journal", std::move(object));
}

void PutSnapshot(const Line& line, const SnapshotRow& row) {
  json sections = json::object();
  for (const auto& [name, hash] : row.hashes) sections[name] = hash;
  Put(line, "snapshot",
      {{"id", row.id},
       {"taken", FormatTime(row.taken)},
       {"complete", row.complete},
       {"verdict", ToString(row.verdict)},
       {"critical", row.critical},
       {"sections", std::move(sections)}});
}

void PutFinding(const Line& line, const FindingRow& row) {
  Put(line, "finding",
      {{"id", row.id},
       {"first_seen", FormatTime(row.first_seen)},
       {"last_seen", FormatTime(row.last_seen)},
       {"ended", OrNull(row.ended)},
       {"window", row.window ? json(WindowName(*row.window)) : json()},
       {"finding", ToJson(row.finding)}});
}

}  // namespace

Result<void> Journal::Export(const Line& line) {
  return impl_->Read([&]() -> Result<void> {
    SQLite::Database& db = impl_->db;
    const auto beat = LastHeartbeat();
    if (!beat) return tl::unexpected(beat.error());
    PutHead(db, line, *beat);
    SQLite::Statement sections(db, "SELECT id, hash FROM section ORDER BY id");
    while (sections.executeStep()) {
      const auto text = ReadSection(db, sections.getColumn(0).getInt64());
      if (!text) return tl::unexpected(impl_->Damaged("a section is not what was written"));
      line(R"({"kind":"section","sha256":")" + Hex(sections.getColumn(1).getString()) + R"(","content":)" +
           OneLine(*text) + "}");
    }
    const auto snapshots = Snapshots(WallTime::min(), WallTime::max());
    if (!snapshots) return tl::unexpected(snapshots.error());
    for (const SnapshotRow& row : *snapshots) PutSnapshot(line, row);
    PutBaselines(db, line);
    const auto windows = Windows();
    if (!windows) return tl::unexpected(windows.error());
    for (const Window& window : *windows) Put(line, "window", ToJson(window));
    SQLite::Statement requests(db, "SELECT id FROM request ORDER BY id");
    while (requests.executeStep()) {
      const auto request = FindRequest(requests.getColumn(0).getInt64());
      if (!request) return tl::unexpected(request.error());
      // A request has a kind of its own.
      if (*request) Put(line, "request", {{"request", ToJson(**request)}});
    }
    const auto findings = Findings(false);
    if (!findings) return tl::unexpected(findings.error());
    for (const FindingRow& row : *findings) PutFinding(line, row);
    PutEvents(db, line);
    PutErrors(db, line);
    PutStates(db, line);
    return {};
  });
}

}  // namespace aftershock::journal
