# shellcheck shell=bash disable=SC2034
# Helpers for jobs in the guest; source it with: . "$JOB_DIR/lib.sh"
DBG=/sys/kernel/debug/fakeib
IB=/sys/class/infiniband
FAILED=0

step() { echo "== $*  [$(cut -d' ' -f1 /proc/uptime)]"; }

check() { # DESCRIPTION COMMAND...
  local what=$1
  shift
  if "$@" > /tmp/check.out 2>&1; then
    echo "ok     $what"
  else
    echo "FAILED $what (status $?): $*"
    sed 's/^/       /' /tmp/check.out
    FAILED=$((FAILED + 1))
  fi
}

wait_for() { # SECONDS COMMAND...: until the command succeeds
  local end=$((${EPOCHREALTIME/[.,]/} + $1 * 1000000))
  shift
  until "$@" > /dev/null 2>&1; do
    [ "${EPOCHREALTIME/[.,]/}" -lt $end ] || return 1
    sleep 0.05
  done
}

fails() { ! "$@"; }
has() { grep -q -- "$1" "$2"; } # PATTERN FILE
carrier() { [ "$(cat "/sys/class/net/$1/carrier")" = 1 ]; } # INTERFACE
no_carrier() { ! carrier "$1"; }
active() { has '4: ACTIVE' "$IB/$1/ports/$2/state"; } # DEVICE PORT
down() { has '1: DOWN' "$IB/$1/ports/$2/state"; }

addr_gid() { # INTERFACE FILE(address|broadcast): the GID in a 20-byte hardware address
  cut -c13- "/sys/class/net/$1/$2" | tr -d : | sed 's/..../&:/g; s/:$//'
}

peer() { # INTERFACE ADDRESS/BITS: moves it into the network namespace "peer", with this address, up
  ip netns add peer 2> /dev/null
  ip link set "$1" netns peer
  ip -n peer addr add "$2" dev "$1"
  ip -n peer link set "$1" up
}
in_peer() { ip netns exec peer "$@"; }

finish() { # ends the job: 0 when no check failed and the kernel log is clean
  local bad
  bad=$(dmesg | grep -E 'BUG:|WARNING:|Oops|hung|Call Trace|refcount_t|leaked')
  [ -z "$bad" ] || { printf 'FAILED kernel log:\n%s\n' "$bad"; FAILED=$((FAILED + 1)); }
  if [ $FAILED = 0 ]; then echo "all checks passed"; else echo "$FAILED checks FAILED"; fi
  exit $((FAILED > 0))
}
