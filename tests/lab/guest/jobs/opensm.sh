#!/bin/bash
# A real subnet manager: two HCAs cabled back to back, opensm on the first one; killed and started again.
# shellcheck source=SCRIPTDIR/lib.sh disable=SC2317
. "$JOB_DIR/lib.sh"
modprobe fakeib ndev=2 sm=0
check "ports wait for a subnet manager" has '2: INIT' $IB/fakeib0/ports/1/state
peer ib1 10.2.0.2/24
ip addr add 10.2.0.1/24 dev ib0
ip link set ib0 up
guid=$(sed 's/^fe80:0000:0000:0000:/0x/; s/://g' $IB/fakeib0/ports/1/gids/0)
start_sm() {
  opensm -g "$guid" -f /tmp/opensm.log > /tmp/opensm.out 2>&1 &
  SM=$!
}

step opensm
start_sm
up() { active fakeib0 1 && active fakeib1 1; }
check "both ports become ACTIVE" wait_for 20 up
check "ib0 joins" wait_for 20 carrier ib0
check "ping" wait_for 20 ping -c 1 -W 1 10.2.0.2
check "the SM is master" has SMINFO_MASTER <(sminfo)
check "node records" has host1 <(saquery)
check "ibnetdiscover finds both" has host1 <(ibnetdiscover)

step "killed, and started again"
kill -9 $SM
wait $SM 2> /dev/null
check "no SMInfo" fails has SMINFO <(sminfo -t 100 2>&1)
check "ping all the same" ping -c 1 -W 1 10.2.0.2
start_sm
is_master() { sminfo -t 100 | grep -q SMINFO_MASTER; }
check "the SM is back" wait_for 20 is_master

step "a pulled cable, seen at both ends"
echo 0 > $DBG/fakeib1/1/link
check "port is DOWN" down fakeib1 1
check "other end is DOWN" down fakeib0 1
echo 1 > $DBG/fakeib1/1/link
check "opensm brings them up again" wait_for 30 up
check "ping" wait_for 20 ping -c 1 -W 1 10.2.0.2
kill $SM
wait $SM
finish
