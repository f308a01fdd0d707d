"""What infiniband-diags say of a fabric."""

import collections
import re

Link = collections.namedtuple("Link", "guid port width gbps peer_guid peer_port peer_lid")

# 0x0c42a10300000081 "node16 mlx5_0"  37  1[  ] ==( 4X  25.78125 Gbps Active/  LinkUp)==>  0xb8ce…  3  8[  ] "…" ( )
LINE = re.compile(r'^(0x\w+) ".*"\s+\d+\s+(\d+)\[.*?==\(\s*(\d+)X\s+([\d.]+) Gbps\s+(?:\(\w+\) )?\w+/\s*\w+\)==>\s+(0x\w+)\s+(\d+)\s+'
                  r'(\d+)\[', re.M)


def links(fabric):
    """Both ends of every cable, as iblinkinfo has them. The GUID of an adapter is that of its port."""
    return [Link(int(m[1], 16), int(m[2]), int(m[3]), float(m[4]), int(m[5], 16), int(m[7]), int(m[6]))
            for m in LINE.finditer(fabric.run(["iblinkinfo", "-l"]).stdout)]


def counters(fabric, guid, port, *options):
    """{register: value} of perfquery."""
    text = fabric.run(["perfquery", *options, "-G", hex(guid), str(port)]).stdout
    return {m[1]: int(m[2]) for m in re.finditer(r"^(\w+):\.*(\d+)$", text, re.M)}
