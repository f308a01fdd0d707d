#include "probes/host/kernel_log.h"

#include <fcntl.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <system_error>
#include <utility>

#include "base/printable.h"

namespace aftershock::host {
namespace {

// A record is 8 KiB at most (CONSOLE_EXT_LOG_MAX); a smaller buffer would be refused with EINVAL.
constexpr std::size_t kRecord = 16'384;
constexpr std::chrono::seconds kOneTimeout{1};
constexpr std::size_t kMaxInterfaces = 1024;  // whose last line is remembered

struct Phrase {
  std::string_view before;  // the interface's name stands before it, or after it
  std::string_view later;   // and this somewhere behind
  bool name_first;
  bool of_ipoib;
};
constexpr std::array kPhrases{
    Phrase{": transmit timeout: latency ", "", true, true},
    Phrase{": queue stopped ", "tx_head", true, true},
    Phrase{": TX timeout detected", "", true, false},
    Phrase{": NETDEV WATCHDOG: CPU: ", " timed out", true, false},
    Phrase{"NETDEV WATCHDOG: ", " timed out", false, false},
};

// dev_valid_name() of net/core/dev.c.
bool IsInterfaceName(std::string_view name) {
  return !name.empty() && name.size() < IFNAMSIZ && name != "." && name != ".." &&
         std::ranges::none_of(name, [](char c) { return c == '/' || c == ':' || c == ' '; });
}

std::optional<std::string_view> NameBeside(std::string_view text, const Phrase& phrase) {
  const auto at = text.find(phrase.before);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view behind = text.substr(at + phrase.before.size());
  if (behind.find(phrase.later) == std::string_view::npos) return std::nullopt;
  std::string_view name;
  if (phrase.name_first) {
    // "mlx5_core 0000:3b:00.0 ib0": the device may stand in front.
    name = text.substr(0, at);
    name = name.substr(name.rfind(' ') + 1);
  } else if (at == 0) {
    name = behind.substr(0, behind.find(" ("));
  }
  if (!IsInterfaceName(name)) return std::nullopt;
  return name;
}

// A decimal number at the front of `text`, and the comma behind it.
std::optional<std::uint64_t> TakeField(std::string_view& text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const auto used = static_cast<std::size_t>(end - text.data());
  if (error != std::errc() || used >= text.size() || text[used] != ',') return std::nullopt;
  text.remove_prefix(used + 1);
  return value;
}

bool IsInfiniBand(const std::string& interface) {
  const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  ifreq request{};
  std::memcpy(request.ifr_name, interface.data(), std::min<std::size_t>(interface.size(), IFNAMSIZ - 1));
  const bool known = ::ioctl(fd, SIOCGIFHWADDR, &request) == 0;
  ::close(fd);
  return known && request.ifr_hwaddr.sa_family == ARPHRD_INFINIBAND;
}

Errc CodeOf(int error) {
  if (error == ENOENT || error == ENXIO || error == ENODEV) return Errc::kAbsent;
  return error == EACCES || error == EPERM ? Errc::kDenied : Errc::kInternal;
}

}  // namespace

std::optional<StuckLine> ParseStuckLine(std::string_view record) {
  const auto start = record.find(';');
  if (start == std::string_view::npos) return std::nullopt;
  std::string_view head = record.substr(0, start);
  const auto level = TakeField(head);
  const auto sequence = TakeField(head);
  const auto at = TakeField(head);
  constexpr std::uint64_t kLevels = 8;  // above them: the facility, 0 for the kernel
  constexpr std::uint64_t kAges = 1'000'000'000'000'000;
  if (!level || *level >= kLevels || !sequence || !at || *at > kAges) return std::nullopt;
  std::string_view text = record.substr(start + 1);
  text = text.substr(0, text.find('\n'));  // behind it: properties of the device
  for (const Phrase& phrase : kPhrases) {
    if (const auto name = NameBeside(text, phrase)) {
      return StuckLine{std::string(*name), text, std::chrono::microseconds(*at), phrase.of_ipoib};
    }
  }
  return std::nullopt;
}

std::optional<std::string> StuckInterface(std::string_view record) {
  auto line = ParseStuckLine(record);
  if (!line) return std::nullopt;
  return std::move(line->interface);
}

Result<std::unique_ptr<KernelLog>> KernelLog::Open(const std::string& path, Timeline& timeline) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) {
    const Errc code = CodeOf(errno);
    std::string what = path + ": " + std::generic_category().message(errno);
    if (code == Errc::kDenied) what += "; CAP_SYSLOG is needed where kernel.dmesg_restrict is set";
    return Fail(code, std::move(what));
  }
  std::unique_ptr<KernelLog> log(new KernelLog(fd, timeline));
  if (::lseek(fd, 0, SEEK_END) < 0) {
    return Fail(Errc::kInternal, path + ": " + std::generic_category().message(errno));
  }
  return log;
}

KernelLog::~KernelLog() {
  ::close(fd_);
}

Result<void> KernelLog::Poll() {
  std::array<char, kRecord> buffer;
  for (int records = 0; records < kMaxRecords; ++records) {
    const ssize_t got = ::read(fd_, buffer.data(), buffer.size());
    if (got == 0 || (got < 0 && errno == EAGAIN)) return {};
    if (got < 0 && (errno == EPIPE || errno == EINTR)) continue;
    if (got < 0) return Fail(CodeOf(errno), "the kernel's log: " + std::generic_category().message(errno));
    Take({buffer.data(), static_cast<std::size_t>(got)});
  }
  return {};
}

void KernelLog::Take(std::string_view record) {
  const auto line = ParseStuckLine(record);
  if (!line || (!line->of_ipoib && !IsInfiniBand(line->interface))) return;
  if (last_.size() >= kMaxInterfaces && !last_.contains(line->interface)) last_.clear();
  const auto [last, first] = last_.try_emplace(line->interface, line->at);
  const bool same = !first && line->at >= last->second && line->at - last->second < kOneTimeout;
  last->second = line->at;
  if (same) return;
  HostEvent event;
  event.kind = HostEventKind::kTransmitTimeout;
  event.interface = Printable(line->interface);
  event.detail = Printable(line->text);
  timeline_.Add(std::move(event));
}

}  // namespace aftershock::host
