#!/bin/bash
# IPoIB, a bond, verbs events, a send queue that stops, and HCAs that come and go.
# shellcheck source=SCRIPTDIR/lib.sh disable=SC2317
. "$JOB_DIR/lib.sh"
modprobe fakeib ndev=2 nports=2 name=mlx5_
P=$DBG/mlx5_0/1

step "a bond over two switches"
check "link layer is InfiniBand" has InfiniBand $IB/mlx5_0/ports/1/link_layer
check "rate" has '100 Gb/sec (4X EDR)' $IB/mlx5_0/ports/1/rate
ip link add bond0 type bond mode active-backup miimon 100 fail_over_mac 1
ip link set ib0 master bond0
ip link set ib1 master bond0
ip addr add 10.1.0.1/24 dev bond0
ip link set bond0 up
peer ib2 10.1.0.2/24
active_leg() { [ "$(cat /sys/class/net/bond0/bonding/active_slave)" = "$1" ]; }
check "ib0 is active" wait_for 5 active_leg ib0
check "ping" wait_for 5 ping -c 1 -W 1 10.1.0.2
check "20-byte neighbour address" has ':00:02:c9:03:00:f0:00:11' <(ip neigh show dev bond0)
echo 0 > $DBG/switch0/power
check "ib1 takes over" wait_for 2 active_leg ib1
check "ping" wait_for 5 ping -c 1 -W 1 10.1.0.2
echo 1 > $DBG/switch0/power
check "ib0 gets its carrier back" wait_for 5 carrier ib0
check "ib1 stays active" active_leg ib1

step "counters, loss, rate and P_Key"
echo 1234 > $P/counters/symbol_error
check "sysfs counter" has '^1234$' $IB/mlx5_0/ports/1/counters/symbol_error
check "PMA counter by LID" has 'SymbolErrorCounter:.*1234' <(perfquery -C mlx5_1 2 1)
echo 100 > $DBG/mlx5_1/1/drop_pct
check "all data packets lost" fails ping -c 1 -W 1 10.1.0.2
echo 0 > $DBG/mlx5_1/1/drop_pct
echo "1 1" > $DBG/mlx5_1/2/rate
check "1X SDR" has '2.5 Gb/sec (1X SDR)' $IB/mlx5_1/ports/2/rate
echo "2 32" > $DBG/mlx5_1/2/rate
echo "1 0x8001" > $DBG/mlx5_1/2/pkey
ip link add link ib3 name ib3.8001 type ipoib pkey 0x8001
ip link set ib3 up
ip link set ib3.8001 up
check "a child interface with its own P_Key" wait_for 5 carrier ib3.8001

step "a send queue that stops"
ip link set ib3 down
ip link del bond0
ip addr add 10.1.0.1/24 dev ib0
ip link set ib0 up
check "ping over ib0" wait_for 5 ping -c 1 -W 1 10.1.0.2
echo 1 > $P/stall
before=$(cat /sys/class/net/ib0/statistics/tx_packets)
for ((i = 0; i < 400; i++)); do echo > /dev/udp/10.1.0.2/9; done 2> /dev/null
stopped() { dmesg | grep 'ib0: transmit timeout: latency' && dmesg | grep 'ib0: queue stopped 1'; }
check "the kernel says that it is stopped" wait_for 5 stopped
check "packets wait" has 'backlog [0-9]*b [1-9][0-9]*p' <(tc -s qdisc show dev ib0)
check "nothing leaves" test "$(cat /sys/class/net/ib0/statistics/tx_packets)" = "$before"
check "with carrier" carrier ib0
echo 0 > $P/stall
check "released: ping" wait_for 5 ping -c 1 -W 1 10.1.0.2

step "verbs events"
ibv_asyncwatch -d mlx5_0 >> /tmp/events 2>&1 &
W=$!
check "the watcher starts" wait_for 5 has 'async event FD' /tmp/events
event() { check "$1 on port $2" wait_for 2 has "IBV_EVENT_$1 .*port $2" /tmp/events; }
echo 0x55 > $P/lid
event LID_CHANGE 1
check "sysfs LID" has 0x55 $IB/mlx5_0/ports/1/lid
echo 9 > $P/sm_lid
event SM_CHANGE 1
echo "1 0x8001" > $DBG/mlx5_0/2/pkey
event PKEY_CHANGE 2
: > /tmp/events
downed=$(cat $IB/mlx5_0/ports/1/counters/link_downed)
for ((i = 0; i < 200; i++)); do
  echo 0 > $P/link
  echo 1 > $P/link
done
all() { [ "$(grep -c "IBV_EVENT_$1 .*port 1" /tmp/events)" = 200 ]; }
check "200 cable pulls, no PORT_ERR is lost" wait_for 5 all PORT_ERR
check "no PORT_ACTIVE is lost" wait_for 5 all PORT_ACTIVE
check "no CLIENT_REREGISTER is lost" wait_for 5 all CLIENT_REREGISTER
check "link_downed" test "$(cat $IB/mlx5_0/ports/1/counters/link_downed)" = $((downed + 200))

step "hot unplug while a process holds the device open"
echo "del 0" > $DBG/hotplug
check "DEVICE_FATAL" wait_for 2 has IBV_EVENT_DEVICE_FATAL /tmp/events
check "the device is gone" test ! -e $IB/mlx5_0
check "ib0 is gone" test ! -e /sys/class/net/ib0
check "its switch ports are down" fails has 'mlx5_0' $DBG/switch0/ports
kill $W
echo "add 0" > $DBG/hotplug
check "the device is back" active mlx5_0 1
check "at the same switch port" has '^1 mlx5_0/1 up' $DBG/switch0/ports
ip netns del peer
sleep 0.3
check "unload" rmmod fakeib
finish
