"""Captures of real fabrics, where AFTERSHOCK_DATA says that they are."""

import os
import unittest

import diags
from program import LabTest, Monitor, judge, main

DATA = os.environ.get("AFTERSHOCK_DATA")


@unittest.skipUnless(DATA, "AFTERSHOCK_DATA does not name the folder of the captures")
class Captures(LabTest):
    def judge_capture(self, *path):
        f = self.fabric(os.path.join(DATA, *path))
        checked = judge(f, timeout=120)
        self.assertEqual(checked.coverage["nodes"]["answered"], len(f.nodes), checked)
        self.assertEqual(checked.coverage["ports"]["unanswered"], 0, checked)
        self.assertEqual(Monitor(f).wait_ready().links(), {link[:2] + link[4:] for link in diags.links(f)})
        return checked

    def test_a_fat_tree_of_152_nodes_is_read_in_full_and_nothing_is_critical(self):
        checked = self.judge_capture("kalcher+infiniband_topology", "topo")
        self.assertLessEqual(checked.code, 1, checked)

    def test_a_cluster_with_four_rails_and_aggregation_nodes_is_read_in_full_and_nothing_is_critical(self):
        checked = self.judge_capture("NVIDIA+topograph", "tests", "output", "ibnetdiscover", "example.out")
        # Min Hop's ways close circles there. ibsim runs eight lanes, and the service levels of few paths are known.
        self.assertNotEqual(checked.code, 2, checked)
        self.assertEqual([f for f in checked.alarms() if f["rule"] != "credit-loop"], [], checked)


if __name__ == "__main__":
    main()
