"""Every link and every counter is what infiniband-diags say."""

import random

import diags
from program import LabTest, Monitor, main, parse_metrics

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

class Truth(LabTest):
    def test_links_are_those_of_iblinkinfo(self):
        f = self.fabric(("--levels", "3", "--radix", "8", "--degrade-speed", "2", "--remove-cables", "2"))
        monitor = Monitor(f).wait_ready()
        expected = {link[:2] + link[4:] for link in diags.links(f)}
        self.assertEqual(len(expected), 2 * 384 - 4)
        self.assertEqual(monitor.links(), expected)

    def test_rates_are_those_of_iblinkinfo(self):
        f = self.fabric(("--levels", "2", "--radix", "8", "--degrade-speed", "2", "--degrade-width", "2"))
        monitor = Monitor(f).wait_ready()
        # 8b/10b up to QDR, 64b/66b above: octets per second of data.
        data = lambda width, gbps: width * gbps * 1e9 / 8 * (0.8 if gbps <= 10 else 64 / 66)
        expected = {(link.guid, link.port): round(data(link.width, link.gbps) / 1e7) for link in diags.links(f)
                    if link.guid in {s.guid for s in f.switches}}
        rates = {(int(have["guid"], 16), int(have["port"])): round(value / 1e7)
                 for have, value in monitor.metrics("infiniband_switch_port_rate_bytes_per_second")}
        self.assertEqual({end: rates.get(end) for end in expected}, expected)

    def test_error_counters_are_those_of_perfquery(self):
        f = self.fabric()
        rng = random.Random(7)
        ports = [(n, p) for n in f.nodes.values() for p in n.links]
        for node, port in rng.sample(ports, 12):
            f.counter(node, port, **{field: rng.randrange(1, limit)
                                     for field, (_, limit) in ERRORS.items() if rng.random() < 0.6})
        page = parse_metrics(Monitor(f).wait_ready().get("/metrics")[1])
        values = {(name, have.get("guid"), have.get("port")): value for name, have, value in page}
        for node, port in ports:
            switch = node.kind == "switch"
            guid = node.guid if switch else node.guid + port
            registers = diags.counters(f, guid, port)
            for register, (metric, _) in ERRORS.items():
                name = "infiniband_%s_%s" % ("switch" if switch else "hca", metric)
                value = values.get((name, "0x%016x" % guid, str(port)))
                self.assertEqual((str(node), port, register, value), (str(node), port, register, registers[register]))

    def test_traffic_lies_between_what_perfquery_says_before_and_after(self):
        f = self.fabric()
        leaf = f.named("leaf02a")
        words = lambda: diags.counters(f, leaf.guid, 9, "-x")["PortXmitData"]
        before = words()
        monitor = Monitor(f, interval="1h").wait_ready()
        seen = monitor.value("infiniband_switch_port_transmit_data_bytes_total", guid="0x%016x" % leaf.guid, port="9")
        self.assertLessEqual(4 * before, seen)
        self.assertLessEqual(seen, 4 * words())


if __name__ == "__main__":
    main()
