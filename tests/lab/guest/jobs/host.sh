#!/bin/bash
# Programs of the host on the guest's kernel.
# shellcheck source=SCRIPTDIR/lib.sh
. "$JOB_DIR/lib.sh"
modprobe fakeib ndev=2 nports=2 name=mlx5_
ip link set ib0 up
check "ib0 gets a carrier" wait_for 5 carrier ib0
inhost /bin/sh -c 'exit 7'
check "exit status" test $? = 7
check "the host's directory" has "^\(/host\)*$HOST_PWD\$" <(inhost pwd)
check "the host's libraries" inhost ls /usr/lib
check "this kernel" has "^$(uname -r)\$" <(inhost uname -r)
check "it sees ib0" has InfiniBand <(inhost cat $IB/mlx5_0/ports/1/link_layer)
check "the tree is read-only" fails inhost touch ./x
check "/tmp is writable and shared" bash -c 'inhost cp /etc/hostname /tmp/h && test -s /tmp/h'
ip netns add n1
ip link set ib1 netns n1
check "another namespace's /sys" ip netns exec n1 inhost test -e /sys/class/net/ib1 -a ! -e /sys/class/net/ib0
check "debugfs there" ip netns exec n1 inhost test -e $DBG/mlx5_0/1/link
check "this namespace's /sys" inhost test -e /sys/class/net/ib0 -a ! -e /sys/class/net/ib1
finish
