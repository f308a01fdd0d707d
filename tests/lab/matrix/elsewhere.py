"""Rows that run as tests of their own: on a guest's kernel with real IPoIB interfaces, which a simulated fabric lacks, or
on a fabric that nothing else may use.

A row names its test; that the test is there is looked after by the matrix, that it passes by CTest.
"""

import os
import re

from row import FAULT, HEALTHY, Row

LAB = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")


def fault(name, story, reference, *alarms, **how):
    return Row(FAULT, name, story, alarms=tuple(alarms), reference=reference, **how)


def healthy(name, story, reference):
    return Row(HEALTHY, name, story, reference=reference)


def there(row):
    """Whether the test that the row names exists."""
    file, group, test = row.reference.split(".")
    with open(os.path.join(LAB, file + ".py"), encoding="utf-8") as f:
        body = re.search(r"^class %s\b.*?(?=^class |\Z)" % group, f.read(), re.M | re.S)
    return bool(body and re.search(r"def %s\(" % test, body[0]))


ROWS = [
    fault("member-halting", "a leaf of a pair functions to a degree: a third of the packets is lost",
          "test_pair_losses.Losses.test_a_member_that_loses_30_percent_functions_to_a_degree",
          "pair-intermittent warning"),
    fault("both-members-halting", "both leaves of a pair function to a degree, together",
          "test_pair_losses.Losses.test_both_members_at_30_percent_are_one_critical_finding",
          "pair-both-intermittent critical"),
    fault("member-restarts", "a leaf of a pair restarts and is back before the next sweep",
          "test_pair_members.Events.test_a_member_that_restarts_between_two_sweeps_is_seen",
          "pair-member-restarted warning"),
    fault("one-lane", "a cable runs at one lane beside others that run at four",
          "test_slow_links.SlowLinks.test_a_cable_at_1x_beside_one_at_4x_is_link_slower_than_siblings",
          "link-slower-than-siblings warning"),
    fault("below-enabled", "a cable runs below what both of its ends enable",
          "test_slow_links.SlowLinks.test_a_cable_below_what_both_ends_enable_is_link_degraded",
          "link-degraded warning"),
    fault("member-forgotten", "the SA forgets an interface; the kernel keeps its carrier",
          "test_guest_sa.Forgotten.test_a_member_that_the_sa_forgot_is_critical_though_the_kernel_has_carrier",
          "ipoib-not-member critical"),
    fault("standby-member-forgotten", "the SA forgets the leg of a bond that stands by",
          "test_guest_sa.Forgotten.test_a_forgotten_standby_leg_is_found_before_it_is_needed",
          "ipoib-not-member critical"),
    fault("sa-silent", "the SA answers nothing",
          "test_guest_sa.Silent.test_an_sa_that_does_not_answer_is_unknown_and_not_green", "sa-silent unknown"),
    fault("sm-no-master", "what answers at the port's SM LID is no master",
          "test_guest_sa.Silent.test_an_sm_that_is_no_master_is_critical", "ipoib-sm-not-master critical"),
    fault("sm-moved-silently", "the subnet manager moves, and no event tells the kernel",
          "test_guest_monitor.Moved.test_a_manager_that_moved_without_an_event_is_stale_at_that_port_alone",
          "ipoib-sm-stale critical"),
    fault("failover", "the switch of a bond's active leg is taken out",
          "test_guest_monitor.Failover.test_a_failover_is_one_warning_that_remembers_two_switches",
          "host-port-down warning", folded=("bond-one-switch",)),
    fault("events-burst", "a cable flaps two hundred times",
          "test_guest_monitor.Failover.test_200_flaps_are_a_burst", "hca-event-burst warning"),
    fault("standby-deaf", "a bond's standby leg has carrier and hears nothing",
          "test_guest_legs.Legs.test_a_standby_leg_that_hears_nothing_is_dead_though_it_has_carrier",
          "bond-standby-dead critical"),
    fault("standby-down", "a bond's standby leg is taken down",
          "test_guest_legs.Legs.test_a_standby_leg_that_was_taken_down_is_a_degraded_bond", "bond-degraded warning"),
    fault("bond-blind", "a bond does not watch its legs",
          "test_guest_legs.Legs.test_a_bond_that_does_not_watch_its_legs_is_a_warning", "bond-settings warning"),
    fault("one-switch", "both legs of a bond end at one switch, where two are expected",
          "test_guest_legs.Legs.test_both_legs_at_one_switch_are_a_warning_where_two_are_expected",
          "bond-one-switch warning"),
    fault("slower-than-group",
          "a port comes up slower than its broadcast group, and stays a member until it has to join",
          "test_guest_links.Group.test_a_port_slower_than_the_group_is_found_while_it_is_still_a_member",
          "ipoib-rate-below-group warning"),
    fault("group-mtu", "the broadcast group carries less than the interfaces send",
          "test_guest_links.Group.test_a_group_that_carries_less_than_the_interfaces_send_is_a_warning_for_each",
          "ipoib-mtu-mismatch warning"),
    fault("queue-stopped", "nothing leaves an interface's queue although it has carrier",
          "test_guest_links.Queue.test_a_queue_that_stopped_is_critical_by_check_and_monitor",
          "ipoib-tx-stalled critical"),
    fault("adapter-removed", "an adapter vanishes from the bus",
          "test_guest_hotplug.HotPlug.test_a_removed_adapter_is_critical_with_its_leg_folded", "hca-removed critical"),
    fault("not-permitted", "the program may not open the umad port", "test_guest_access.Denied."
          "test_what_an_ordinary_user_may_not_see_is_unknown_with_the_reason_and_the_rest_is_seen",
          "host-not-visible unknown"),
    fault("host-uneven", "a host of a pair is cabled twice to the same leaf",
          "test_pair_hosts.Hosts.test_a_host_cabled_twice_to_the_same_member_is_uneven", "pair-uneven warning"),
    fault("shared-feed", "both leaves of a pair hang on one power feed",
          "test_pair_hosts.Check.test_a_shared_feed_is_told_before_anything_fails", "pair-shared-risk warning"),
    fault("member-unknown", "the configuration names a leaf that is not in the fabric",
          "test_pair_hosts.Check.test_a_member_that_is_not_in_the_fabric_names_line_and_key",
          "pair-member-unknown unknown"),
    fault("no-carrier", "an interface cannot join, since its port is too slow",
          "test_guest_links.Group.test_without_carrier_it_is_critical_and_the_rate_is_the_cause",
          "ipoib-rate-below-group critical", folded=("ipoib-no-carrier",)),
    fault("sa-silent-fabric", "the SA answers nothing to the fabric's monitor",
          "test_guest_fabric.Manager.test_an_sa_that_answers_nothing_is_unknown", "sa-silent unknown"),
    fault("sa-slow", "the SA takes 0.7 s for each answer",
          "test_guest_fabric.Manager.test_an_sa_that_takes_long_again_and_again_is_slow", "sa-slow warning"),
    fault("only-standby", "the one manager that there is stands by",
          "test_guest_fabric.Manager.test_a_manager_that_only_stands_by_is_no_master", "sm-missing critical"),
    fault("lid-split", "one port was told of another manager than the rest",
          "test_guest_fabric.Manager.test_a_port_that_was_told_another_manager_than_the_rest_is_a_split",
          "sm-lid-split critical"),
    fault("sm-does-nothing", "the master answers and does nothing any more (here: for 6 s)",
          "test_guest_fabric.Manager.test_a_manager_that_answers_and_does_nothing_any_more_is_stuck", "sm-stuck warning"),
    fault("ends-disagree", "the two ends of a cable say different widths",
          "test_guest_fabric.Manager.test_a_cable_whose_ends_say_different_things_is_a_warning",
          "link-ends-disagree warning"),
    fault("member-lost", "an interface that the baseline has as a member is none any more",
          "test_guest_changes.Changes.test_a_membership_that_the_baseline_had_is_named_as_left",
          "ipoib-not-member critical", folded=("member-left",)),
    fault("mtu-fell-back", "an interface runs with a smaller MTU than before",
          "test_guest_changes.Changes.test_another_mtu_is_told_once", "ipoib-settings-changed warning",
          folded=("host-settings-changed",)),
    fault("bond-set-otherwise", "a bond watches its legs less often than in the baseline",
          "test_guest_changes.Changes.test_a_bond_that_is_set_otherwise_is_told", "host-settings-changed warning"),
    fault("neighbour-moved", "a peer has another queue pair, and the kernel keeps the old one",
          "test_guest_changes.Changes.test_a_neighbour_that_nobody_is_any_more_is_stale", "ipoib-neighbour-stale warning"),
    fault("group-made-anew", "the broadcast group has another Q_Key than in the baseline",
          "test_guest_changes.Changes.test_a_group_with_another_key_is_told", "multicast-changed warning"),
    fault("carrier-flaps", "an interface loses its carrier three times",
          "test_guest_changes.Changes.test_a_carrier_that_comes_and_goes_flaps", "port-counters warning",
          folded=("ipoib-flapping",)),
    fault("events-in-soak", "a cable of a host flaps on while its window soaks",
          "test_guest_changes.Windows.test_events_that_go_on_after_closing_hold_the_window",
          "events-since-change warning", gate=1),
    fault("adapter-missing", "an adapter that the configuration expects is not there",
          "test_guest_changes.Missing.test_an_adapter_that_is_expected_and_is_not_there_is_critical",
          "hca-missing critical"),
    fault("firmware-of-pair", "the members of a pair are told apart by their firmware",
          "test_pair_hosts.Check.test_members_whose_firmware_the_configuration_tells_apart_are_a_warning",
          "pair-firmware-differs warning"),
    fault("firmware-changed", "an adapter has other firmware than in the baseline",
          "test_guest_changes.Changes.test_other_firmware_is_a_note", notes=("firmware-changed",)),
    fault("windows-unread", "the monitor that keeps the windows does not answer a host's",
          "test_guest_changes.Missing.test_that_nobody_tells_what_is_announced_is_a_note", notes=("windows-unknown",)),
    healthy("flaps-announced", "an announced host's carrier goes three times in its window: nothing then, nothing later",
            "test_guest_changes.Windows."
            "test_a_carrier_that_went_again_and_again_as_announced_flaps_neither_then_nor_later"),
    healthy("host-all-the-time", "a healthy host with a bond over both switches",
            "test_guest_healthy.Healthy.test_a_healthy_host_is_ok_all_the_time"),
    healthy("sm-moves-told", "the subnet manager moves, and an event tells the kernel",
            "test_guest_monitor.Moved.test_a_manager_that_moved_with_its_event_is_no_fault"),
    healthy("clock-set", "the wall clock is set two hours back, and forward",
            "test_guest_monitor.Moved.test_the_wall_clock_may_be_set_back_and_forward"),
    healthy("queue-busy", "an interface's queue is busy",
            "test_guest_links.Queue.test_a_queue_that_is_busy_is_well"),
    healthy("sa-late", "the SA answers late",
            "test_guest_sa.Silent.test_a_late_answer_is_an_answer"),
    healthy("switch-back", "the switch that was taken out is put back",
            "test_guest_legs.Switches.test_the_switch_put_back_ends_it"),
    healthy("cut-and-joined", "the fabric is cut in two, each half with its manager, and joined again: nothing is left",
            "test_sm.Several.test_a_fabric_cut_in_two_and_joined_again_ends_with_no_finding_left"),
    healthy("higher-priority", "a manager of higher priority comes, and the master hands over",
            "test_sm.Standby.test_a_master_that_hands_over_to_one_of_higher_priority_is_no_fault"),
]
