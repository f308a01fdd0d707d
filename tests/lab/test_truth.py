"""Every link and every counter is what infiniband-diags say."""

import random
import re

from program import LabTest, Monitor, main

# Register of perfquery: the rest of the metric's name. All of them stand still unless they are set.
ERRORS = {
    "SymbolErrorCounter": ("port_symbol_error_total", 65535),
    "LinkErrorRecoveryCounter": ("port_link_error_recovery_total", 255),
    "LinkDownedCounter": ("port_link_downed_total", 255),
    "PortRcvErrors": ("port_receive_errors_total", 65535),
    "PortRcvRemotePhysicalErrors": ("port_receive_remote_physical_errors_total", 65535),
    "PortRcvSwitchRelayErrors": ("port_receive_switch_relay_errors_total", 65535),
    "PortXmitDiscards": ("port_transmit_discards_total", 65535),
    "PortXmitConstraintErrors": ("port_transmit_constraint_errors_total", 255),
    "PortRcvConstraintErrors": ("port_receive_constraint_errors_total", 255),
    "LocalLinkIntegrityErrors": ("port_local_link_integrity_errors_total", 15),
    "ExcessiveBufferOverrunErrors": ("port_excessive_buffer_overrun_errors_total", 15),
    "VL15Dropped": ("port_vl15_dropped_total", 65535),
}
LINK = re.compile(r'^(0x\w+) "[^"]*"\s+(\d+)\s+(\d+)\[.*?==\( (\d+)X\s+([\d.]+) Gbps\s+(\w+)/\s*(\w+)\)==>\s+(0x\w+)\s+'
                  r'(\d+)\s+(\d+)\[', re.M)


class Truth(LabTest):
    def test_links_are_those_of_iblinkinfo(self):
        f = self.fabric(("--levels", "3", "--radix", "8", "--degrade-speed", "2", "--remove-cables", "2"))
        monitor = Monitor(f).wait_ready()
        expected = {}
        for m in LINK.finditer(f.run(["iblinkinfo", "-l"]).stdout):
            expected[int(m[1], 16), int(m[3])] = (int(m[8], 16), int(m[10]), int(m[9]))
        self.assertEqual(len(expected), 2 * 384 - 4)
        seen = {}
        for kind in ("switch", "hca"):
            for have, _ in monitor.metrics("infiniband_%s_uplink_info" % kind):
                seen[int(have["guid"], 16), int(have["port"])] = (
                    int(have["uplink_guid"], 16), int(have["uplink_port"]), int(have["uplink_lid"]))
        self.assertEqual(seen, expected)

    def test_rates_are_those_of_iblinkinfo(self):
        f = self.fabric(("--levels", "2", "--radix", "8", "--degrade-speed", "2", "--degrade-width", "2"))
        monitor = Monitor(f).wait_ready()
        # 8b/10b up to QDR, 64b/66b above: octets per second of data.
        data = lambda width, gbps: width * gbps / 8 * (0.8 if gbps <= 10 else 64 / 66)
        for m in LINK.finditer(f.run(["iblinkinfo", "-l"]).stdout):
            have = monitor.metrics("infiniband_switch_port_rate_bytes_per_second", guid=m[1], port=m[3])
            if int(m[1], 16) in {s.guid for s in f.switches}:
                self.assertEqual(len(have), 1, m[0])
                self.assertAlmostEqual(have[0][1] / 1e9, data(int(m[4]), float(m[5])), 2, m[0])

    def test_error_counters_are_those_of_perfquery(self):
        f = self.fabric()
        rng = random.Random(7)
        ports = [(n, p) for n in f.nodes.values() for p in n.links]
        for node, port in rng.sample(ports, 12):
            f.counter(node, port, **{field: rng.randrange(1, limit)
                                     for field, (_, limit) in ERRORS.items() if rng.random() < 0.6})
        monitor = Monitor(f).wait_ready()
        for node, port in ports:
            switch = node.kind == "switch"
            guid = node.guid if switch else node.guid + port
            text = f.run(["perfquery", "-G", hex(guid), str(port)]).stdout
            registers = {m[1]: int(m[2]) for m in re.finditer(r"^(\w+):\.*(\d+)$", text, re.M)}
            for register, (metric, _) in ERRORS.items():
                value = monitor.value("infiniband_%s_%s" % ("switch" if switch else "hca", metric),
                                      guid="0x%016x" % guid, port=str(port))
                self.assertEqual((str(node), port, register, value), (str(node), port, register, registers[register]))

    def test_traffic_lies_between_what_perfquery_says_before_and_after(self):
        f = self.fabric()
        leaf = f.named("leaf02a")
        def words():
            text = f.run(["perfquery", "-x", "-G", hex(leaf.guid), "9"]).stdout
            return int(re.search(r"PortXmitData:\.*(\d+)", text)[1])
        before = words()
        monitor = Monitor(f, interval="1h").wait_ready()
        seen = monitor.value("infiniband_switch_port_transmit_data_bytes_total", guid="0x%016x" % leaf.guid, port="9")
        self.assertLessEqual(4 * before, seen)
        self.assertLessEqual(seen, 4 * words())


if __name__ == "__main__":
    main()
