// What SQLite's own checks do not see is found by the hashes, and by reading everything.
#include <fmt/format.h>

#include <map>

#include "base/printable.h"
#include "journal/digest.h"
#include "journal/impl.h"
#include "journal/sections.h"

namespace aftershock::journal {
namespace {

// A damaged file has many.
constexpr std::size_t kMaxFaults = 100;
using Faults = std::vector<std::string>;

void CheckPages(SQLite::Database& db, Faults& faults) {
  SQLite::Statement check(db, fmt::format("PRAGMA integrity_check({})", kMaxFaults));
  while (check.executeStep()) {
    const std::string found = check.getColumn(0).getString();
    if (found != "ok") faults.push_back("SQLite: " + Printable(found));
  }
}

void CheckReferences(SQLite::Database& db, Faults& faults) {
  SQLite::Statement check(db, "PRAGMA foreign_key_check");
  while (check.executeStep() && faults.size() < kMaxFaults) {
    faults.push_back(fmt::format(
        "row {} of {} refers to a row of {} that is not there", Printable(check.getColumn(1).getString()),
        Printable(check.getColumn(0).getString()), Printable(check.getColumn(2).getString())));
  }
}

void CheckTexts(SQLite::Database& db, Faults& faults) {
  SQLite::Statement chunks(db, "SELECT id, hash, text FROM chunk");
  while (chunks.executeStep() && faults.size() < kMaxFaults) {
    if (chunks.getColumn(1).getString() == Digest(chunks.getColumn(2).getString())) continue;
    faults.push_back(fmt::format("chunk {} is not what was written", chunks.getColumn(0).getInt64()));
  }
  SQLite::Statement sections(db, "SELECT id FROM section");
  while (sections.executeStep() && faults.size() < kMaxFaults) {
    const std::int64_t id = sections.getColumn(0).getInt64();
    if (!ReadSection(db, id)) faults.push_back(fmt::format("section {} is not what was written", id));
  }
}

void CheckImages(SQLite::Database& db, Faults& faults) {
  SQLite::Statement images(db, "SELECT id, hash FROM image");
  SQLite::Statement sections(db,
                             "SELECT name, hash FROM image_section JOIN section ON section.id = section "
                             "WHERE image = ?");
  while (images.executeStep() && faults.size() < kMaxFaults) {
    sections.bind(1, images.getColumn(0).getInt64());
    std::map<std::string, std::string> hashes;
    while (sections.executeStep()) {
      hashes.emplace(sections.getColumn(0).getString(), sections.getColumn(1).getString());
    }
    sections.reset();
    if (ImageHash(hashes) == images.getColumn(1).getString()) continue;
    faults.push_back(fmt::format("image {} is not what was written", images.getColumn(0).getInt64()));
  }
}

}  // namespace

Result<std::vector<std::string>> Journal::Verify() {
  return impl_->Read([&]() -> Result<Faults> {
    Faults faults;
    CheckPages(impl_->db, faults);
    if (!faults.empty()) return faults;
    CheckReferences(impl_->db, faults);
    CheckTexts(impl_->db, faults);
    CheckImages(impl_->db, faults);
    if (const auto windows = Windows(); !windows) faults.push_back(windows.error().what);
    if (const auto requests = UnansweredRequests(); !requests) faults.push_back(requests.error().what);
    if (const auto findings = Findings(false); !findings) faults.push_back(findings.error().what);
    return faults;
  });
}

}  // namespace aftershock::journal
