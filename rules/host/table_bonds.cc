#include <array>

#include "rules/host/table.h"

namespace aftershock::rules {
namespace {

constexpr std::string_view kLegSettleHelp =
    "Quiet for so long after the last event of the legs and their ports; no precedent, bonds themselves wait "
    "for miimon, mostly 100 ms.";

constexpr std::array kDegradedThresholds{ThresholdSpec{"settle_seconds", 5, 0, 3600, "s", kLegSettleHelp}};
constexpr std::array kOneSwitchThresholds{ThresholdSpec{"settle_seconds", 5, 0, 3600, "s", kLegSettleHelp}};
constexpr std::array kStandbyThresholds{
    ThresholdSpec{"settle_seconds", 5, 0, 3600, "s", kLegSettleHelp},
    ThresholdSpec{
        "probes", 2, 1, 1000, "probes",
        "So many ARP requests over a standby leg without an answer, while the peer answers another, are "
        "a dead leg; no precedent, one may be lost."},
};

}  // namespace

constexpr RuleSpec kBondDegraded{
    .id = "bond-degraded",
    .severity = Severity::kWarning,
    .unknown = false,
    .title = "A bond has fewer legs that work than it has, or had.",
    .looks_at =
        "The legs of bonds that are up: whether each is there, up, with carrier and up for the bond; and "
        "those that it "
        "had earlier in this run of the monitor. Critical when none is left.",
    .matters = "One more fault and the host is cut off.",
    .advice = "See the evidence for which leg and why, and follow it to its port, cable and switch.",
    .thresholds = kDegradedThresholds};

constexpr RuleSpec kBondOneSwitch{
    .id = "bond-one-switch",
    .severity = Severity::kWarning,
    .unknown = false,
    .title = "All live legs of a bond end at too few switches.",
    .looks_at =
        "The switch that each live leg's port is cabled to. A warning when host.expect or an earlier look of "
        "this run "
        "says more, unknown when that cannot be told, and else a note.",
    .matters = "The bond looks redundant and goes down with one switch.",
    .advice = "Cable one leg to the other switch of the pair, or say in host.expect what is meant to be.",
    .thresholds = kOneSwitchThresholds};

constexpr RuleSpec kBondStandbyDead{.id = "bond-standby-dead",
                                    .severity = Severity::kCritical,
                                    .unknown = false,
                                    .title = "The leg that would take over cannot.",
                                    .looks_at =
                                        "The standby legs of active-backup bonds: carrier, membership in the "
                                        "broadcast group, and the answers to "
                                        "probes over the leg. A warning where the bond itself knows.",
                                    .matters =
                                        "The failover that is to save the host cuts it off. Carrier says "
                                        "nothing of a leg that carries nothing: a "
                                        "bond can hold a useless leg for good.",
                                    .advice =
                                        "Repair the leg before anything is done to the active one's switch "
                                        "or cable; see the evidence for what it "
                                        "lacks.",
                                    .thresholds = kStandbyThresholds};

constexpr RuleSpec kBondSettings{
    .id = "bond-settings",
    .severity = Severity::kWarning,
    .unknown = false,
    .title = "A bond does not watch its legs.",
    .looks_at = "Whether a bond that is up has miimon or arp_interval set.",
    .matters = "With neither, a leg that loses its carrier stays the active one.",
    .advice = "Set miimon=100 in the bond's options.",
    .thresholds = {}};

}  // namespace aftershock::rules
