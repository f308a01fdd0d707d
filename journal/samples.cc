// What is counted and heard: errors by the minute, events; the rules' states and the heartbeat.
#include <algorithm>
#include <limits>

#include "base/printable.h"
#include "journal/impl.h"

namespace aftershock::journal {
namespace {

std::uint32_t Clamp(std::int64_t number) {
  return static_cast<std::uint32_t>(
      std::clamp<std::int64_t>(number, 0, std::numeric_limits<std::uint32_t>::max()));
}

}  // namespace

Result<void> Journal::AddErrorMinutes(std::span<const ErrorMinute> minutes) {
  return impl_->Write(Access::kMonitor, [&]() -> Result<void> {
    // A minute that is told of twice has the errors of both; one time unusable is unusable. A row that stands
    // for an hour takes one more.
    SQLite::Statement add(impl_->db,
                          "INSERT INTO error_minute(minute, node, port, errors, errored, unusable) "
                          "VALUES(?1, ?2, ?3, ?4, 1 - ?5, ?5) "
                          "ON CONFLICT(minute, node, port) DO UPDATE SET errors = errors + excluded.errors, "
                          "errored = CASE WHEN errored + unusable > 1 THEN errored + excluded.errored "
                          "ELSE 1 - max(unusable, excluded.unusable) END, "
                          "unusable = CASE WHEN errored + unusable > 1 THEN unusable + excluded.unusable "
                          "ELSE max(unusable, excluded.unusable) END");
    for (const ErrorMinute& minute : minutes) {
      if (minute.errors == 0 && !minute.unusable) continue;
      add.bind(1, Minutes(minute.minute));
      add.bind(2, static_cast<std::int64_t>(minute.port.node));
      add.bind(3, static_cast<int>(minute.port.port));
      add.bind(4, static_cast<std::int64_t>(minute.errors));
      add.bind(5, minute.unusable ? 1 : 0);
      Run(add);
    }
    return {};
  });
}

Result<std::vector<ErrorMinute>> Journal::ErrorMinutes(WallTime from, WallTime to) {
  return impl_->Read([&]() -> Result<std::vector<ErrorMinute>> {
    SQLite::Statement query(impl_->db,
                            "SELECT minute, node, port, errors, errored, unusable FROM error_minute "
                            "WHERE minute BETWEEN ? AND ?");
    query.bind(1, Minutes(from));
    query.bind(2, Minutes(to));
    std::vector<ErrorMinute> minutes;
    while (query.executeStep()) {
      ErrorMinute minute;
      minute.minute = FromMinutes(query.getColumn(0).getInt64());
      minute.port = {static_cast<Guid>(query.getColumn(1).getInt64()),
                     static_cast<std::uint8_t>(query.getColumn(2).getInt())};
      const std::uint32_t errored = Clamp(query.getColumn(4).getInt64());
      const std::uint32_t unusable = Clamp(query.getColumn(5).getInt64());
      minute.errors = Clamp(query.getColumn(3).getInt64());
      if (errored > 0) {
        minute.minutes = errored;
        minutes.push_back(minute);
        minute.errors = 0;
      }
      if (unusable == 0) continue;
      minute.unusable = true;
      minute.minutes = unusable;
      minutes.push_back(minute);
    }
    // GUIDs are stored as signed numbers.
    std::ranges::stable_sort(minutes, {}, [](const ErrorMinute& m) { return std::pair(m.minute, m.port); });
    return minutes;
  });
}

Result<void> Journal::AddEvent(const Event& event) {
  return impl_->Write(Access::kMonitor, [&]() -> Result<void> {
    SQLite::Statement add(impl_->db, "INSERT INTO event(at, kind, subject, text) VALUES(?, ?, ?, ?)");
    add.bind(1, Milliseconds(event.at));
    add.bind(2, Printable(event.kind));
    add.bind(3, Printable(event.subject));
    add.bind(4, Printable(event.text));
    Run(add);
    return {};
  });
}

Result<std::vector<Event>> Journal::Events(WallTime from, WallTime to) {
  return impl_->Read([&]() -> Result<std::vector<Event>> {
    SQLite::Statement query(
        impl_->db, "SELECT id, at, kind, subject, text FROM event WHERE at BETWEEN ? AND ? ORDER BY at, id");
    query.bind(1, Milliseconds(from));
    query.bind(2, Milliseconds(to));
    std::vector<Event> events;
    while (query.executeStep()) {
      events.push_back({query.getColumn(0).getInt64(), FromMilliseconds(query.getColumn(1).getInt64()),
                        query.getColumn(2).getString(), query.getColumn(3).getString(),
                        query.getColumn(4).getString()});
    }
    return events;
  });
}

Result<void> Journal::PutState(std::string_view name, std::string_view text) {
  return impl_->Write(Access::kMonitor, [&]() -> Result<void> {
    SQLite::Statement put(
        impl_->db,
        "INSERT INTO state(name, text) VALUES(?, ?) ON CONFLICT(name) DO UPDATE SET text = excluded.text");
    put.bind(1, std::string(name));
    put.bind(2, std::string(text));
    Run(put);
    return {};
  });
}

Result<std::optional<std::string>> Journal::State(std::string_view name) {
  return impl_->Read([&]() -> Result<std::optional<std::string>> {
    SQLite::Statement query(impl_->db, "SELECT text FROM state WHERE name = ?");
    query.bind(1, std::string(name));
    if (!query.executeStep()) return std::nullopt;
    return query.getColumn(0).getString();
  });
}

Result<void> Journal::Beat(const Heartbeat& heartbeat) {
  return impl_->Write(Access::kMonitor, [&]() -> Result<void> {
    SQLite::Statement put(
        impl_->db,
        "INSERT OR REPLACE INTO heartbeat(id, wall, boot_id, boot_time_ns, by, stale_after_ns) "
        "VALUES(1, ?, ?, ?, ?, ?)");
    put.bind(1, Milliseconds(heartbeat.wall));
    put.bind(2, Printable(heartbeat.boot_id));
    put.bind(3, static_cast<std::int64_t>(heartbeat.boot_time.count()));
    put.bind(4, Printable(heartbeat.by));
    put.bind(5, static_cast<std::int64_t>(heartbeat.stale_after.count()));
    Run(put);
    return {};
  });
}

Result<std::optional<Heartbeat>> Journal::LastHeartbeat() {
  return impl_->Read([&]() -> Result<std::optional<Heartbeat>> {
    SQLite::Statement query(impl_->db,
                            "SELECT wall, boot_id, boot_time_ns, by, stale_after_ns FROM heartbeat");
    if (!query.executeStep()) return std::nullopt;
    return Heartbeat{FromMilliseconds(query.getColumn(0).getInt64()), query.getColumn(1).getString(),
                     Duration(query.getColumn(2).getInt64()), query.getColumn(3).getString(),
                     Duration(query.getColumn(4).getInt64())};
  });
}

}  // namespace aftershock::journal
