"""The lab itself. Needs no aftershock binary."""

import os
import re
import signal
import subprocess
import sys
import unittest

import lab

RUNNER = """
import sys, time
sys.path.insert(0, %r)
import lab
with lab.Fabric() as f:
    f.start(["sh", "-c", "setsid sleep 600 & sleep 600"])
    print(f.dir, flush=True)
    time.sleep(600)
""" % lab.HERE


class Lab(unittest.TestCase):
    def test_a_killed_test_leaves_no_process_and_no_file_behind(self):
        runner = subprocess.Popen([sys.executable, "-B", "-c", RUNNER], stdout=subprocess.PIPE, text=True)
        self.addCleanup(runner.stdout.close)
        directory = runner.stdout.readline().strip()
        # ibsim, OpenSM, the shell, and its two children, one of which has left its session
        lab.wait_for("five processes", lambda: len(lab.members(directory)) == 5)
        pids = lab.members(directory)
        runner.send_signal(signal.SIGKILL)
        runner.wait()
        lab.wait_for("all are gone", lambda: not any(os.path.exists("/proc/%d" % pid) for pid in pids))
        lab.wait_for("the directory is gone", lambda: not os.path.exists(directory))

    def test_fabrics_side_by_side_do_not_see_each_other(self):
        with lab.Fabric() as one, lab.Fabric(("--radix", "4", "--levels", "2")) as other:
            one.unlink(one.named("leaf01a"), 9)
            switches = [len(f.run(["ibswitches"]).stdout.splitlines()) for f in (one, other)]
            self.assertEqual(switches, [6, 6])
            down = [f.run(["iblinkinfo", "-l"]).stdout.count("Down/ Polling") for f in (one, other)]
            self.assertEqual(down, [6 * 24 - 64 + 2, 0])

    def test_a_host_of_a_leaf_pair_has_a_port_and_a_lid_on_either_leaf(self):
        with lab.Fabric() as f:
            self.assertEqual(len(f.hosts), 16)
            leaves = {node.id: node.description for node in f.switches}
            for host in f.hosts:
                a, b = (leaves[host.links[port][0]] for port in (1, 2))
                self.assertEqual(a.replace("a:", "b:"), b)
            lids = re.findall(r'^0x\w+ "[^"]* mlx5_0"\s+(\d+)', f.run(["iblinkinfo", "-l"]).stdout, re.M)
            self.assertEqual(len(set(lids)), 32)

    def test_the_tap_counts_by_method(self):
        with lab.Fabric() as f:
            report = f.path("mads.txt")
            f.run(["perfquery"], tap={"report": report})
            self.assertEqual(lab.Mads(report).counts[0x04, 0x01, 0x12], 1)
            f.run(["ibportstate", "-D", "0", "1", "query"], tap={"report": report})
            self.assertIn((0x81, 0x01, 0x15), lab.Mads(report).counts)


if __name__ == "__main__":
    unittest.main(verbosity=2)
