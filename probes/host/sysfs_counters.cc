#include "probes/host/sysfs_counters.h"

#include <array>
#include <limits>
#include <string>

#include "probes/host/sysfs_values.h"

namespace aftershock::host {
namespace {

struct CounterFile {
  Counter counter;
  const char* name;      // in counters
  const char* extended;  // in counters_ext; nullptr: it has none
};
constexpr std::array kFiles{
    CounterFile{Counter::kXmitData, "port_xmit_data", "port_xmit_data_64"},
    CounterFile{Counter::kRcvData, "port_rcv_data", "port_rcv_data_64"},
    CounterFile{Counter::kXmitPkts, "port_xmit_packets", "port_xmit_packets_64"},
    CounterFile{Counter::kRcvPkts, "port_rcv_packets", "port_rcv_packets_64"},
    CounterFile{Counter::kUnicastXmitPkts, "unicast_xmit_packets", "port_unicast_xmit_packets"},
    CounterFile{Counter::kUnicastRcvPkts, "unicast_rcv_packets", "port_unicast_rcv_packets"},
    CounterFile{Counter::kMulticastXmitPkts, "multicast_xmit_packets", "port_multicast_xmit_packets"},
    CounterFile{Counter::kMulticastRcvPkts, "multicast_rcv_packets", "port_multicast_rcv_packets"},
    CounterFile{Counter::kSymbolErrors, "symbol_error", nullptr},
    CounterFile{Counter::kLinkErrorRecovery, "link_error_recovery", nullptr},
    CounterFile{Counter::kLinkDowned, "link_downed", nullptr},
    CounterFile{Counter::kRcvErrors, "port_rcv_errors", nullptr},
    CounterFile{Counter::kRcvRemotePhysicalErrors, "port_rcv_remote_physical_errors", nullptr},
    CounterFile{Counter::kRcvSwitchRelayErrors, "port_rcv_switch_relay_errors", nullptr},
    CounterFile{Counter::kXmitDiscards, "port_xmit_discards", nullptr},
    CounterFile{Counter::kXmitConstraintErrors, "port_xmit_constraint_errors", nullptr},
    CounterFile{Counter::kRcvConstraintErrors, "port_rcv_constraint_errors", nullptr},
    CounterFile{Counter::kLocalLinkIntegrityErrors, "local_link_integrity_errors", nullptr},
    CounterFile{Counter::kExcessiveBufferOverrunErrors, "excessive_buffer_overrun_errors", nullptr},
    CounterFile{Counter::kVl15Dropped, "VL15_dropped", nullptr},
    CounterFile{Counter::kXmitWait, "port_xmit_wait", nullptr},
};

std::uint64_t NarrowMaximum(const CounterSpec& spec) {
  return spec.narrow_bits == 0 ? 0 : (std::uint64_t{1} << spec.narrow_bits) - 1;
}

class CounterFolder {
 public:
  CounterFolder(const Folder& port_folder, const char* name, SysfsReader& reader) : reader_(reader) {
    auto folder = port_folder.Enter(name);
    if (folder) {
      folder_.emplace(std::move(*folder));
    } else if (folder.error().code != Errc::kAbsent) {
      failed_ = true;
      reader_.Fault(port_folder.PathOf(name), std::move(folder.error()));
    }
  }

  std::optional<std::uint64_t> Read(Counter counter, const char* name) {
    if (!folder_) return std::nullopt;
    auto text = folder_->Read(name);
    if (!text) {
      const Errc code = text.error().code;
      if (code == Errc::kAbsent || code == Errc::kUnsupported) return std::nullopt;
      failed_ = true;
      reader_.Fault(folder_->PathOf(name), std::move(text.error()));
      return std::nullopt;
    }
    if (*text == kNoPma) return std::nullopt;
    const auto value = ParseRegister(counter, *text);
    if (!value) {
      failed_ = true;
      reader_.Odd(folder_->PathOf(name), *text);
    }
    return value;
  }

  bool failed() const { return failed_; }

 private:
  SysfsReader& reader_;
  std::optional<Folder> folder_;
  bool failed_ = false;
};

}  // namespace

std::optional<std::uint64_t> ParseRegister(Counter counter, std::string_view text) {
  const auto scale = static_cast<std::uint64_t>(Spec(counter).scale);
  const auto value = ParseDecimal(text);
  if (!value || *value > std::numeric_limits<std::uint64_t>::max() / scale) return std::nullopt;
  return *value * scale;
}

void ReadCounters(const Folder& port_folder, SysfsReader& reader, HostPort& port) {
  CounterFolder counters(port_folder, "counters", reader);
  CounterFolder extended(port_folder, "counters_ext", reader);
  std::array<bool, kCounterCount> narrow{};
  for (const CounterFile& file : kFiles) {
    auto value = file.extended != nullptr ? extended.Read(file.counter, file.extended) : std::nullopt;
    if (!value) {
      value = counters.Read(file.counter, file.name);
      narrow[static_cast<std::size_t>(file.counter)] = value.has_value();
    }
    if (value) port.counters.Set(file.counter, *value);
  }
  const bool wide_traffic = port.counters.Has(Counter::kUnicastXmitPkts);
  for (const CounterFile& file : kFiles) {
    const CounterSpec& spec = Spec(file.counter);
    const bool wide = spec.group == CounterGroup::kTraffic && wide_traffic;
    if (!narrow[static_cast<std::size_t>(file.counter)] || wide || spec.narrow_bits == 0) continue;
    const std::uint64_t stuck = NarrowMaximum(spec) * static_cast<std::uint64_t>(spec.scale);
    port.counters.SetSaturated(file.counter, port.counters[file.counter] == stuck);
  }
  const bool failed = counters.failed() || extended.failed();
  port.counters_answer = !port.counters.Empty() ? Answer::kAnswered
                         : failed               ? Answer::kError
                                                : Answer::kUnsupported;
}

}  // namespace aftershock::host
