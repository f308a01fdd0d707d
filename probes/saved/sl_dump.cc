#include "probes/saved/sl_dump.h"

#include <charconv>
#include <fstream>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "base/printable.h"

namespace aftershock::saved {
namespace {

constexpr std::size_t kMaxLine = 4096;
constexpr unsigned kMaxSl = 15;
constexpr std::string_view kBaseLid = ", base LID ";

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r";
  text.remove_prefix(std::min(text.find_first_not_of(kSpace), text.size()));
  return text.substr(0, text.find_last_not_of(kSpace) + 1);
}

std::optional<unsigned> Number(std::string_view text, int base) {
  unsigned value = 0;
  const char* const end = text.data() + text.size();
  if (std::from_chars(text.data(), end, value, base) != std::from_chars_result{end, std::errc()})
    return std::nullopt;
  return value;
}

bool IsHeading(std::string_view line) {
  return line.starts_with("Channel Adapter 0x") || line.starts_with("Switch 0x") ||
         line.starts_with("Router 0x");
}

class Reader {
 public:
  // False: the line is none of such a file.
  bool Take(std::string_view line) {
    if (line.empty() || line.front() == '#') return true;
    return IsHeading(line) ? TakeHeading(line) : TakePath(line);
  }
  bool Full() const { return bytes_ > kMaxPathSls; }
  bool Any() const { return !sls_.by_source.empty(); }
  PathSls Done() { return std::move(sls_); }

 private:
  static std::optional<std::uint16_t> LidOf(std::optional<unsigned> number) {
    if (!number || *number == 0 || *number >= kFirstMulticastLid) return std::nullopt;
    return static_cast<std::uint16_t>(*number);
  }

  bool TakeHeading(std::string_view line) {
    const std::size_t at = line.find(kBaseLid);
    if (at == std::string_view::npos) return false;
    std::string_view rest = line.substr(at + kBaseLid.size());
    const auto lid = LidOf(Number(rest.substr(0, rest.find(',')), 10));
    source_ = lid ? &sls_.by_source[*lid] : nullptr;  // a port without a LID sends nothing
    headed_ = true;
    return true;
  }

  bool TakePath(std::string_view line) {
    const std::size_t colon = line.find(':');
    if (!headed_ || !line.starts_with("0x") || colon == std::string_view::npos) return false;
    const auto lid = LidOf(Number(Trim(line.substr(2, colon - 2)), 16));
    if (!lid) return false;
    const std::string_view rest = Trim(line.substr(colon + 1));
    if (rest == "UNREACHABLE") return true;
    const auto sl = Number(Trim(rest.substr(0, rest.find(':'))), 10);
    if (!sl || *sl > kMaxSl) return false;
    if (source_ == nullptr) return true;
    if (source_->size() <= *lid) {
      bytes_ += *lid + 1u - source_->size();
      if (Full()) return true;
      source_->resize(std::size_t{*lid} + 1, PathSls::kUnknown);
    }
    (*source_)[*lid] = static_cast<std::uint8_t>(*sl);
    return true;
  }

  PathSls sls_;
  std::vector<std::uint8_t>* source_ = nullptr;
  bool headed_ = false;
  std::size_t bytes_ = 0;
};

}  // namespace

Result<PathSls> ParseSlDump(std::istream& in, std::string_view name) {
  Reader reader;
  std::string line;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    if (line.size() > kMaxLine || !reader.Take(Trim(line))) {
      return Fail(Errc::kMalformed,
                  fmt::format("{}:{}: not a line of a dump of path records", Printable(name), number));
    }
    if (reader.Full())
      return Fail(Errc::kMalformed, fmt::format("{}: more paths than a fabric has", Printable(name)));
  }
  if (in.bad()) return Fail(Errc::kInternal, fmt::format("{}: could not be read", Printable(name)));
  if (!reader.Any())
    return Fail(Errc::kMalformed, fmt::format("{}: there is no path in it", Printable(name)));
  return reader.Done();
}

Result<PathSls> LoadSlDump(const std::filesystem::path& file) {
  const std::string name = Printable(file.string());
  std::error_code error;
  const auto status = std::filesystem::status(file, error);
  if (!std::filesystem::exists(status)) return Fail(Errc::kAbsent, name + ": there is no such file");
  if (!std::filesystem::is_regular_file(status)) return Fail(Errc::kInvalid, name + ": is not a file");
  std::ifstream in(file);
  if (!in) return Fail(Errc::kDenied, name + ": cannot be opened");
  return ParseSlDump(in, name);
}

}  // namespace aftershock::saved
