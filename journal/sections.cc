#include "journal/sections.h"

#include "journal/chunks.h"
#include "journal/digest.h"
#include "journal/impl.h"

namespace aftershock::journal {
namespace {

// Rows of (id, hash): the one with this hash.
std::optional<std::int64_t> Find(SQLite::Statement& by_hash, const std::string& hash) {
  BindBlob(by_hash, 1, hash);
  std::optional<std::int64_t> id;
  if (by_hash.executeStep()) id = by_hash.getColumn(0).getInt64();
  by_hash.reset();
  return id;
}

class SectionWriter {
 public:
  explicit SectionWriter(SQLite::Database& db)
      : db_(db),
        find_(db, "SELECT id FROM section WHERE hash = ?"),
        add_(db, "INSERT INTO section(hash) VALUES(?)"),
        find_chunk_(db, "SELECT id FROM chunk WHERE hash = ?"),
        add_chunk_(db, "INSERT INTO chunk(hash, text) VALUES(?, ?)"),
        add_place_(db, "INSERT INTO section_chunk(section, place, chunk) VALUES(?, ?, ?)") {}

  std::int64_t Write(const std::string& hash, const std::string& text) {
    if (const auto known = Find(find_, hash)) return *known;
    BindBlob(add_, 1, hash);
    Run(add_);
    const std::int64_t section = db_.getLastInsertRowid();
    std::int64_t place = 0;
    for (const std::string_view chunk : Chunks(text)) {
      add_place_.bind(1, section);
      add_place_.bind(2, place++);
      add_place_.bind(3, Chunk(chunk));
      Run(add_place_);
    }
    return section;
  }

 private:
  std::int64_t Chunk(std::string_view text) {
    const std::string hash = Digest(text);
    if (const auto known = Find(find_chunk_, hash)) return *known;
    BindBlob(add_chunk_, 1, hash);
    BindBlob(add_chunk_, 2, text);
    Run(add_chunk_);
    return db_.getLastInsertRowid();
  }

  SQLite::Database& db_;
  SQLite::Statement find_, add_, find_chunk_, add_chunk_, add_place_;
};

}  // namespace

std::string ImageHash(const std::map<std::string, std::string>& hashes) {
  std::string manifest;
  for (const auto& [name, hash] : hashes) manifest += name + '\n' + hash;
  return Digest(manifest);
}

ImageWriter::ImageWriter(const Sections& sections) : sections_(sections) {
  for (const auto& [name, text] : sections_) hashes_.emplace(name, Digest(text));
  hash_ = ImageHash(hashes_);
}

std::int64_t ImageWriter::Write(SQLite::Database& db) const {
  SQLite::Statement find(db, "SELECT id FROM image WHERE hash = ?");
  if (const auto known = Find(find, hash_)) return *known;
  SQLite::Statement add(db, "INSERT INTO image(hash) VALUES(?)");
  BindBlob(add, 1, hash_);
  Run(add);
  const std::int64_t image = db.getLastInsertRowid();
  SQLite::Statement add_section(db, "INSERT INTO image_section(image, name, section) VALUES(?, ?, ?)");
  SectionWriter writer(db);
  for (const auto& [name, text] : sections_) {
    add_section.bind(1, image);
    add_section.bind(2, name);
    add_section.bind(3, writer.Write(hashes_.at(name), text));
    Run(add_section);
  }
  return image;
}

std::optional<std::string> ReadSection(SQLite::Database& db, std::int64_t section) {
  SQLite::Statement chunks(
      db,
      "SELECT chunk.text FROM section_chunk JOIN chunk ON chunk.id = section_chunk.chunk "
      "WHERE section_chunk.section = ? ORDER BY section_chunk.place");
  chunks.bind(1, section);
  std::string text;
  while (chunks.executeStep()) text += chunks.getColumn(0).getString();
  SQLite::Statement hash(db, "SELECT hash FROM section WHERE id = ?");
  hash.bind(1, section);
  if (!hash.executeStep() || hash.getColumn(0).getString() != Digest(text)) return std::nullopt;
  return text;
}

}  // namespace aftershock::journal
