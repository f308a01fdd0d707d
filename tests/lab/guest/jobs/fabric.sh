#!/bin/bash
# The two switches: walked by tools, asked by LID, taken out, put back, separated, and cables moved.
# shellcheck source=SCRIPTDIR/lib.sh
. "$JOB_DIR/lib.sh"
modprobe fakeib ndev=2 nports=2 name=mlx5_

step "what is where"
check "port 1 of HCA 0 ends at switch 0, port 1" has '^1 mlx5_0/1 up' $DBG/switch0/ports
check "port 2 of HCA 0 ends at switch 1" has ' mlx5_0/2 up' $DBG/switch1/ports
check "port 1 of HCA 1 ends at switch 1" has ' mlx5_1/1 up' $DBG/switch1/ports
check "NodeInfo one hop out" has 'Guid:.*0x0002c90300d00000' <(smpquery -C mlx5_0 -P 1 -D nodeinfo 0,1)
check "... names the switch's port" has 'LocalPort:\.*1$' <(smpquery -C mlx5_0 -P 1 -D nodeinfo 0,1)
check "... and the other switch at port 2" has 'Guid:.*0x0002c90300d00010' <(smpquery -C mlx5_0 -P 2 -D nodeinfo 0,2)
check "a far HCA, three hops out" has 'host1 HCA-1' <(smpquery -C mlx5_0 -P 1 -D nodedesc 0,1,40,2)
check "SwitchInfo" has LinearFdbCap <(smpquery -C mlx5_0 -D switchinfo 0,1)
check "the switch's port is Active" has 'LinkState:\.*Active' <(smpquery -C mlx5_0 -D portinfo 0,1 1)
check "a port without a cable is Down" has 'LinkState:\.*Down' <(smpquery -C mlx5_0 -D portinfo 0,1 9)
ibnetdiscover > /tmp/net
check "ibnetdiscover finds both switches" test "$(grep -c ^Switch /tmp/net)" = 2
check "... and both HCAs" test "$(grep -c ^Ca /tmp/net)" = 2
check "every link at its speed" fails has 'Could be' <(iblinkinfo)

step "the switches' own agents, by LID"
check "NodeDescription of switch 1" has '\.sw1$' <(smpquery -C mlx5_0 nodedesc 769)
echo "2 symbol_error 77" > $DBG/switch1/counters
check "PortCounters of switch 1" has 'SymbolErrorCounter:\.*77' <(perfquery -C mlx5_0 769 2)
check "PortCountersExtended" has 'PortXmitPkts' <(perfquery -C mlx5_0 -x 769 2)
echo 1 > $DBG/switch1/mute
check "a mute switch does not answer" fails smpquery -C mlx5_0 -P 2 -t 100 -D nodeinfo 0,2
echo 0 > $DBG/switch1/mute

step "switch 1 is taken out"
peer ib3 10.1.0.2/24
ip addr add 10.1.0.1/24 dev ib0
ip link set ib0 up
check "ping within switch 0" wait_for 5 ping -c 1 -W 1 10.1.0.2
echo 0 > $DBG/switch1/power
check "the link of HCA 0 to it is down" down mlx5_0 2
check "... and that of HCA 1" down mlx5_1 1
check "link_downed counts" has '^1$' $IB/mlx5_0/ports/2/counters/link_downed
check "a port at switch 0 does not notice" has '^0$' $IB/mlx5_0/ports/1/counters/link_downed
check "ping within switch 0" ping -c 1 -W 1 10.1.0.2
ip neigh flush dev ib0
check "broadcast within switch 0" ping -c 1 -W 1 10.1.0.2
check "the dead switch does not answer" fails smpquery -C mlx5_0 -t 100 nodedesc 769
check "switch 0 sees its peer go" has '40 switch1/40 down' $DBG/switch0/ports
echo 1 > $DBG/switch1/power
check "its links come back" wait_for 2 active mlx5_0 2
check "as does the switch" has '\.sw1$' <(smpquery -C mlx5_0 nodedesc 769)

step "switch 0, the one in use"
echo 0 > $DBG/switch0/power
check "ib0 loses its carrier" wait_for 2 no_carrier ib0
check "the peer too" wait_for 2 in_peer grep -q 0 /sys/class/net/ib3/carrier
check "a port at switch 1 does not notice" active mlx5_1 1
echo 1 > $DBG/switch0/power
check "ping again" wait_for 5 ping -c 1 -W 1 10.1.0.2

step "the cable between the switches"
echo "1" > $DBG/mlx5_1/2/switch 2> /dev/null
check "moving needs a switch and a port" has '^0 2$' $DBG/mlx5_1/2/switch
echo "1 0" > $DBG/mlx5_1/2/switch
check "the peer's cable is moved to switch 1" has ' mlx5_1/2 up' $DBG/switch1/ports
check "NodeInfo says so" has 'Guid:.*0x0002c90300d00010' <(smpquery -C mlx5_1 -P 2 -D nodeinfo 0,2)
check "ping across" wait_for 5 ping -c 1 -W 1 10.1.0.2
echo 0 > $DBG/isl
check "not without the cable" fails ping -c 1 -W 1 10.1.0.2
check "no port of an HCA notices" active mlx5_1 2
echo 1 > $DBG/isl
check "ping" wait_for 5 ping -c 1 -W 1 10.1.0.2

step "who asked"
check "MADs of programs are counted" has '^smpquery mlx5_0 1 class 0x81 method 0x01 attr 0x0011 count' $DBG/umad_sent
check "not those of the kernel" fails has 'class 0x03 method 0x02' $DBG/umad_sent
echo > $DBG/umad_sent
check "from zero again" test ! -s <(cat $DBG/umad_sent)
ip netns del peer
sleep 0.3
check "unload" rmmod fakeib
finish
