#include <array>

#include "rules/routing/table.h"

namespace aftershock::rules {
namespace {

constexpr std::array kCreditLoopThresholds{
    ThresholdSpec{
        "agreeing_paths", 64, 1, 1000000, "paths",
        "When so many sampled paths, or all there are, have one service level, it is taken for that "
        "of every path; where an engine gives one path of twenty another, 64 fail to show it one time in "
        "27. No precedent, a starting point."},
};

}  // namespace

constexpr RuleSpec kRoutingUnread{
    .id = "routing-unread",
    .severity = Severity::kWarning,
    .unknown = true,
    .title = "A switch's forwarding table could not be read.",
    .looks_at =
        "Switches that answer and whose linear forwarding table did not, is not read so far, or changed "
        "again "
        "and again while it was read. Ways through them are not judged.",
    .matters = "Traffic that such a switch loses or sends in a circle would go unseen.",
    .advice =
        "Read the table by hand (ibroute); if it keeps changing, look at the subnet manager's log for what "
        "makes it route anew.",
    .thresholds = {}};

constexpr RuleSpec kRouteMissing{
    .id = "route-missing",
    .severity = Severity::kCritical,
    .unknown = false,
    .title = "A switch has no way to a LID that traffic comes for.",
    .looks_at =
        "Each LID of each Active adapter and router port, all of its LMC range, and of each switch: the "
        "linear forwarding tables are followed from every switch with a sender. Senders are adapters, "
        "routers "
        "and the master subnet manager; what they cannot come to is not looked at. Tables that changed since "
        "the last sweep have to show it twice. Switches without a way to other switches, as up/down and "
        "fat-tree routing leave them on purpose, are a note.",
    .matters =
        "Packets are discarded, one pair of hosts loses each other, and no counter of errors moves "
        "where they are sent.",
    .advice =
        "Look at the entry with ibroute and at the subnet manager's log for this switch; make it route anew "
        "(a heavy sweep, SIGHUP), and compare again.",
    .thresholds = {}};

constexpr RuleSpec kRouteDeadEnd{
    .id = "route-dead-end",
    .severity = Severity::kCritical,
    .unknown = false,
    .title = "A forwarding table leads out of a port that carries nothing.",
    .looks_at =
        "Entries of linear forwarding tables that traffic comes to and whose exit port does not exist, has "
        "no "
        "cable or signal, or is not Active. Tables that changed since the last sweep have to show it twice.",
    .matters = "The subnet manager has not routed around a link that is gone: packets are discarded there.",
    .advice =
        "See whether the subnet manager has swept since the link went down (its log, its state); make it "
        "route anew, or bring the link back.",
    .thresholds = {}};

constexpr RuleSpec kRouteLoop{
    .id = "route-loop",
    .severity = Severity::kCritical,
    .unknown = false,
    .title = "Forwarding tables send packets in a circle.",
    .looks_at =
        "Ways along the linear forwarding tables that come to a switch a second time. Tables that changed "
        "since the last sweep have to show it twice.",
    .matters =
        "The packets circle until their lifetime ends; they fill the buffers of every link on the circle and "
        "take other traffic with them.",
    .advice =
        "Look at the entries of the switches on the circle with ibroute; an entry that the subnet manager "
        "did "
        "not write points at a switch that missed an update. Make it route anew.",
    .thresholds = {}};

constexpr RuleSpec kRouteWrongExit{
    .id = "route-wrong-exit",
    .severity = Severity::kCritical,
    .unknown = false,
    .title = "A forwarding table delivers packets to a port whose LID it is not.",
    .looks_at =
        "Ways along the linear forwarding tables that end at another adapter, router or switch than the one "
        "with the LID. Tables that changed since the last sweep have to show it twice.",
    .matters = "The port that gets them discards them, and the one they are for waits.",
    .advice =
        "See whether cables were swapped or a LID was handed out anew; look at the entry with ibroute and "
        "make the subnet manager route anew.",
    .thresholds = {}};

constexpr RuleSpec kCreditLoop{
    .id = "credit-loop",
    .severity = Severity::kCritical,
    .unknown = false,
    .title = "The routes let links wait for each other in a circle.",
    .looks_at =
        "The channel dependency graph of the linear forwarding tables: which exit of a switch follows which, "
        "on the ways that adapters and routers take to each other. Where more than one data lane is "
        "operational, by lane, with service levels from sampled path records or from the subnet manager's "
        "dump (fabric.sl_dump); a cycle that service levels might part and are not known for is unknown. A "
        "cycle that the baseline has, as after baseline accept of all, is a warning. Not judged where a "
        "switch "
        "routes adaptively.",
    .matters =
        "Under load every buffer on the cycle can fill with packets that wait for the next one: the links "
        "stop for good, with every port Active and no error counted.",
    .advice =
        "Route with an engine that is free of credit loops on this topology (updn, ftree, dor on a torus "
        "with "
        "lanes, dfsssp, lash); look in the subnet manager's log whether it fell back to minhop, and at what "
        "was taken out or cabled otherwise.",
    .thresholds = kCreditLoopThresholds};

}  // namespace aftershock::rules
