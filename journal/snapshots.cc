// Snapshots, their images, and the baseline.
#include <fmt/format.h>

#include <map>

#include "base/printable.h"
#include "journal/digest.h"
#include "journal/impl.h"
#include "journal/sections.h"

namespace aftershock::journal {
namespace {

using Hashes = std::vector<std::pair<std::string, std::string>>;

Hashes HashesOf(SQLite::Database& db, std::int64_t image) {
  SQLite::Statement query(db,
                          "SELECT name, hash FROM image_section JOIN section ON section.id = section "
                          "WHERE image = ? ORDER BY name");
  query.bind(1, image);
  Hashes hashes;
  while (query.executeStep()) {
    hashes.emplace_back(query.getColumn(0).getString(), Hex(query.getColumn(1).getString()));
  }
  return hashes;
}

// But for when they were taken.
bool Same(const Image& a, const Image& b) {
  return a.planes == b.planes && a.hosts == b.hosts && a.pairs == b.pairs;
}

// Of a query for id, taken, complete, verdict, critical, image.
std::vector<SnapshotRow> ReadRows(SQLite::Database& db, SQLite::Statement& query) {
  std::vector<SnapshotRow> rows;
  std::map<std::int64_t, Hashes> images;
  while (query.executeStep()) {
    const std::int64_t image = query.getColumn(5).getInt64();
    auto [hashes, added] = images.try_emplace(image);
    if (added) hashes->second = HashesOf(db, image);
    rows.push_back({query.getColumn(0).getInt64(), FromMilliseconds(query.getColumn(1).getInt64()),
                    query.getColumn(2).getInt() != 0, static_cast<Verdict>(query.getColumn(3).getInt() & 3),
                    query.getColumn(4).getInt() != 0, hashes->second});
  }
  return rows;
}

}  // namespace

Result<std::int64_t> Journal::AddSnapshot(const Image& image, bool complete, Verdict verdict, bool critical) {
  const bool same = impl_->last && Same(impl_->last->first, image);
  const Sections sections = same ? Sections() : ToSections(image);
  const ImageWriter writer(sections);
  std::int64_t row = 0;
  auto added = impl_->Write(Access::kMonitor, [&]() -> Result<std::int64_t> {
    row = same ? impl_->last->second : writer.Write(impl_->db);
    SQLite::Statement add(
        impl_->db, "INSERT INTO snapshot(taken, complete, verdict, critical, image) VALUES(?, ?, ?, ?, ?)");
    add.bind(1, Milliseconds(image.taken));
    add.bind(2, complete ? 1 : 0);
    add.bind(3, static_cast<int>(verdict));
    add.bind(4, critical ? 1 : 0);
    add.bind(5, row);
    Run(add);
    return impl_->db.getLastInsertRowid();
  });
  if (added && !same) impl_->last.emplace(image, row);
  return added;
}

Result<std::optional<SnapshotRow>> Journal::LastSnapshot() {
  return impl_->Read([&]() -> Result<std::optional<SnapshotRow>> {
    SQLite::Statement query(
        impl_->db,
        "SELECT id, taken, complete, verdict, critical, image FROM snapshot ORDER BY id DESC LIMIT 1");
    auto rows = ReadRows(impl_->db, query);
    if (rows.empty()) return std::nullopt;
    return std::move(rows.front());
  });
}

Result<std::vector<SnapshotRow>> Journal::Snapshots(WallTime from, WallTime to) {
  return impl_->Read([&]() -> Result<std::vector<SnapshotRow>> {
    SQLite::Statement query(impl_->db,
                            "SELECT id, taken, complete, verdict, critical, image FROM snapshot "
                            "WHERE taken BETWEEN ? AND ? ORDER BY taken, id");
    query.bind(1, Milliseconds(from));
    query.bind(2, Milliseconds(to));
    return ReadRows(impl_->db, query);
  });
}

Result<Image> Journal::ReadImage(std::int64_t snapshot) {
  return impl_->Read([&]() -> Result<Image> {
    SQLite::Statement query(
        impl_->db,
        "SELECT taken, name, section FROM snapshot "
        "JOIN image_section ON image_section.image = snapshot.image WHERE snapshot.id = ?");
    query.bind(1, snapshot);
    Sections sections;
    WallTime taken{};
    while (query.executeStep()) {
      taken = FromMilliseconds(query.getColumn(0).getInt64());
      const std::string name = query.getColumn(1).getString();
      auto text = ReadSection(impl_->db, query.getColumn(2).getInt64());
      if (!text) {
        return tl::unexpected(impl_->Damaged(
            fmt::format("section \"{}\" of snapshot {} is not what was written", Printable(name), snapshot)));
      }
      sections.emplace(name, std::move(*text));
    }
    if (sections.empty()) {
      SQLite::Statement row(impl_->db, "SELECT taken FROM snapshot WHERE id = ?");
      row.bind(1, snapshot);
      if (!row.executeStep()) {
        return Fail(Errc::kInvalid, fmt::format("{} has no snapshot {}", impl_->path, snapshot));
      }
      taken = FromMilliseconds(row.getColumn(0).getInt64());
    }
    auto image = ImageFromSections(sections, taken);
    if (!image) return tl::unexpected(Error{image.error().code, impl_->path + ": " + image.error().what});
    return image;
  });
}

Result<void> Journal::SetBaseline(std::int64_t snapshot, std::string because) {
  return impl_->Write(Access::kMonitor, [&]() -> Result<void> {
    SQLite::Statement add(impl_->db, "INSERT INTO baseline(snapshot, since, because) VALUES(?, ?, ?)");
    add.bind(1, snapshot);
    add.bind(2, Milliseconds(impl_->clock.Wall()));
    add.bind(3, Printable(because));
    Run(add);
    return {};
  });
}

Result<std::optional<BaselineRow>> Journal::Baseline() {
  return impl_->Read([&]() -> Result<std::optional<BaselineRow>> {
    SQLite::Statement query(impl_->db,
                            "SELECT id, snapshot, since, because FROM baseline ORDER BY id DESC LIMIT 1");
    if (!query.executeStep()) return std::nullopt;
    return BaselineRow{query.getColumn(0).getInt64(), query.getColumn(1).getInt64(),
                       FromMilliseconds(query.getColumn(2).getInt64()), query.getColumn(3).getString()};
  });
}

}  // namespace aftershock::journal
