#!/usr/bin/env python3
"""What the host role costs a machine with eight InfiniBand ports: processor time, memory, MADs.

    AFTERSHOCK=build/release/app/aftershock tests/bench/host_bench.py [--seconds 120]

Runs `aftershock monitor` in the guest kernel of tests/lab/guest, on eight adapters with an IPoIB interface each, and reads
/proc and the driver's count of MADs. QEMU emulates the guest's processor without help from the machine's, some ten to
twenty times slower: the share of a core is an upper bound.
"""

import argparse
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lab"))
import guest  # noqa: E402

JOB = r"""
modprobe fakeib ndev=8 name=mlx5_
for i in 0 1 2 3 4 5 6 7; do ip addr add 10.1.$i.1/24 dev ib$i; ip link set ib$i up; done
for i in 0 1 2 3 4 5 6 7; do wait_for 10 carrier ib$i; done
inhost "$AFTERSHOCK" monitor --listen 127.0.0.1:9917 >/tmp/log 2>&1 &
P=$!
sleep 15
cpu() { awk '{print $14 + $15}' /proc/$P/stat; }
echo 0 > $DBG/umad_sent
before=$(cpu); start=$EPOCHREALTIME
sleep "$SECONDS_"
after=$(cpu); end=$EPOCHREALTIME
echo "ticks $((after - before)) micros $((${end/./} - ${start/./}))"
grep -E 'VmHWM|VmRSS|Threads' /proc/$P/status
cat $DBG/umad_sent
kill $P
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=120)
    options = parser.parse_args()
    job = guest.run(JOB, limit=options.seconds + 90, SECONDS_=str(options.seconds),
                    AFTERSHOCK="/host" + os.path.abspath(os.environ["AFTERSHOCK"]))
    ticks, micros = map(int, re.search(r"ticks (\d+) micros (\d+)", job.text).groups())
    mads = sum(int(n) for n in re.findall(r"count (\d+)", job.text))
    seconds = micros / 1e6
    print("processor  %.2f %% of an emulated core" % (ticks / seconds))
    for what, kilobytes in re.findall(r"(VmHWM|VmRSS):\s+(\d+) kB", job.text):
        print("%-10s %.1f MB" % (what, int(kilobytes) / 1024))
    print("MADs       %.3f per port and second" % (mads / seconds / 8))


if __name__ == "__main__":
    main()
