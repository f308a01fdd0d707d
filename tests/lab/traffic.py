"""Traffic that never was: counters of a simulated fabric, set as if something had gone through."""

EDR_WORDS = 12_500_000_000 // 4  # a second of 4x EDR, as the data counters count


def carry(fabric, share):
    """That much of a minute's traffic on every cable between switches; between two sweeps of a monitor."""
    for switch in fabric.switches:
        for port, (peer, _) in switch.links.items():
            if fabric.nodes[peer].kind != "switch":
                continue
            for name in ("PortXmitData", "PortRcvData"):
                fabric.command("counter", switch, port,
                               "PortCountersExtended.%s=%d" % (name, int(share * 60 * EDR_WORDS)))
