#!/bin/bash
# What the SA and the SM say, and how they are silenced, moved and made to refuse.
# shellcheck source=SCRIPTDIR/lib.sh disable=SC2317
. "$JOB_DIR/lib.sh"
modprobe fakeib ndev=2
peer ib1 10.1.0.2/24
ip addr add 10.1.0.1/24 dev ib0
ip link set ib0 up
export -f addr_gid carrier
mgid=$(addr_gid ib0 broadcast) port0=$(addr_gid ib0 address) port1=$(in_peer bash -c 'addr_gid ib1 address')
joined() { saget fakeib1 1 mcm "$mgid" "$port0"; }
not_joined() { joined | grep -q 0x0300; }
rejoin() { echo 17 > $DBG/fakeib0/1/event; }
flush() {
  ip neigh flush dev ib0
  in_peer ip neigh flush dev ib1
}

step "records"
check "ib0 joins" wait_for 5 joined
check "ping" wait_for 5 ping -c 1 -W 1 10.1.0.2
check "PathRecord to the peer" has 'dlid 6 slid 2' <(saget fakeib0 1 path "$port1" "$port0")
check "PathRecord to nobody" has 0x0300 <(saget fakeib0 1 path fe80::1)
check "the group" has 'mlid 0xc000 pkey 0xffff qkey 0xb1b' <(saget fakeib0 1 mcm "$mgid")
check "a group that is not there" has 0x0300 <(saget fakeib0 1 mcm ff12:401b:ffff::1:2:3 "$port0")
check "SMInfo at the SM's LID" has 'SMINFO_MASTER' <(sminfo)
act() { sminfo | sed 's/.*activity count \([0-9]*\).*/\1/'; }
first=$(act)
moved_on() { [ "$(act)" -gt "$first" ]; }
check "its activity count moves on" wait_for 3 moved_on
echo 2 > $DBG/sm_state
check "SMInfo as standby" has SMINFO_STANDBY <(sminfo)
echo 3 > $DBG/sm_state
echo 1 > $DBG/sm_silent
check "SMInfo without an answer" fails has SMINFO <(sminfo -t 100 2>&1)
echo 0 > $DBG/sm_silent

step "a membership that vanishes"
echo 1 > $DBG/fakeib0/1/sa_forget
check "the SA knows of none" not_joined
check "the kernel keeps its carrier" carrier ib0
flush
check "multicast still arrives" ping -c 1 -W 1 10.1.0.2
echo 2 > $DBG/fakeib0/1/sa_forget
flush
check "and then no longer" fails in_peer ping -c 1 -W 1 10.1.0.1
rejoin
check "re-registration joins again" wait_for 10 joined
check "ping" wait_for 5 in_peer ping -c 1 -W 1 10.1.0.1

step "refusal and delay"
echo 0x0200 > $DBG/sa_status
check "the SA refuses" has 'status 0x0200' <(saget fakeib1 1 mcm "$mgid" "$port0")
echo 0 > $DBG/sa_status
echo 300 > $DBG/sa_delay_ms
from=${EPOCHREALTIME/[.,]/}
check "a late answer arrives" joined
check "late" test $((${EPOCHREALTIME/[.,]/} - from)) -ge 300000
echo 0 > $DBG/sa_delay_ms
echo 1 > $DBG/sa_drop
check "a silent SA" has 'no answer' <(saget fakeib1 1 mcm "$mgid" "$port0")
echo 0 > $DBG/sa_drop

step "the group's parameters"
relink() {
  echo 0 > $DBG/fakeib0/1/link
  echo 1 > $DBG/fakeib0/1/link
}
kept_out() { no_carrier ib0 && not_joined; }
echo "0xffff sl 3" > $DBG/sa_groups
echo "0xffff rate 16" > $DBG/sa_groups # 100 Gb/s
check "SL and rate" has 'rate 16 sl 3' $DBG/sa_groups
echo "2 16" > $DBG/fakeib0/1/rate # 56 Gb/s
relink
sleep 0.5
check "56 Gb/s do not join" kept_out
check "since the SA refuses it" has 'multicast join failed.*status -22' <(dmesg)
echo "2 32" > $DBG/fakeib0/1/rate
relink
check "100 Gb/s do" wait_for 5 carrier ib0
echo 3 > $DBG/fakeib0/1/mtu # 1024
relink
sleep 0.5
check "a lower MTU does not" kept_out
echo 4 > $DBG/fakeib0/1/mtu
relink
check "the group's does" wait_for 5 carrier ib0

step "the SM moves, and the kernel is not told"
echo 9 > $DBG/sa_lid
echo 9 > $DBG/fakeib0/1/sm_lid_silent
echo 9 > $DBG/fakeib1/1/sm_lid
check "sysfs has the new SM LID" has '^0x9$' $IB/fakeib0/ports/1/sm_lid
check "programs reach the SA there" joined
check "nobody answers at the old LID" fails has SMINFO <(sminfo -t 100 1 2>&1)
echo "1 0x8001" > $DBG/fakeib1/1/pkey # HCA 0 must not see an event
in_peer ip link add link ib1 name ib1.8001 type ipoib pkey 0x8001
in_peer ip link set ib1.8001 up
check "a port that was told joins a new group" wait_for 5 in_peer bash -c 'carrier ib1.8001'
ip link set ib0 down
ip link set ib0 up
sleep 1
check "one that was not cannot" no_carrier ib0
echo 13 > $DBG/fakeib0/1/event
check "SM_CHANGE heals it" wait_for 10 carrier ib0
echo 5 > $DBG/sa_sl
check "a wrong SL is not heard" has 'no answer' <(saget fakeib1 1 mcm "$mgid" "$port0")
echo 5 > $DBG/fakeib1/1/sm_sl_silent
check "sysfs has the new SL" has '^5$' $IB/fakeib1/ports/1/sm_sl
check "programs use it" joined
rx=$(cat $DBG/sa_rx)
in_peer ip link set ib1 down
check "the kernel does not" test "$(cat $DBG/sa_rx)" = "$rx"
echo 13 > $DBG/fakeib1/1/event

step "a pulled cable"
echo 0 > $DBG/fakeib0/1/link
check "the SM drops the port" not_joined
check "no path" has 0x0300 <(saget fakeib1 1 path "$port0")
finish
