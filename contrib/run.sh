#!/usr/bin/env bash
# Shows aftershock at work: run.sh [--once]
#
# With an Active InfiniBand port: monitors and checks that fabric, and changes nothing on it. Without one: starts a
# simulated fabric (ibsim, OpenSM) of 16 hosts on redundant leaf pairs, and pulls a cable of it. The exporter then runs
# until Ctrl-C; with --once everything ends by itself. Installs what is missing with apt and says what.
#
# Exit code: 0 all that was shown is as it should be, 1 it is not; on a real fabric that of `aftershock check`;
# 64 wrong usage.
# shellcheck disable=SC2317  # some functions are called by a trap and by wait_until
set -euo pipefail

case "$#,${1:-}" in
  0,) once= ;;
  1,--once) once=1 ;;
  *) echo 'usage: run.sh [--once]' >&2; exit 64 ;;
esac

cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
# shellcheck source=contrib/lib.sh
. contrib/lib.sh

fabric=$PWD/tests/lab/fabric/fabric
aftershock=$PWD/build/release/app/aftershock
work=$(mktemp -d)
export FABRIC_DIR=$work/fabric
in_fabric=()  # what stands before a command that shall see the simulated fabric
monitor=

clean_up() {
  if [[ -n $monitor ]]; then
    kill "$monitor" 2> /dev/null || true
    wait "$monitor" || true
  fi
  [[ ! -d $FABRIC_DIR ]] || "$fabric" down
  rm -rf -- "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

title() { printf '\n== %s\n' "$*"; }
fail() { printf '\nrun.sh: %s\n' "$*" >&2; exit 1; }

has_active_port() {
  local port
  for port in /sys/class/infiniband/*/ports/*; do
    grep -qs InfiniBand "$port/link_layer" && grep -qs ACTIVE "$port/state" && return 0
  done
  return 1
}

start_fabric() {
  local netfile=$work/topology.txt
  python3 tests/lab/fabric/fattree.py --leaf-pairs --radix 24 --leaves 4 --hosts-per-leaf 8 --oversubscription 2 \
    --spines 2 -o "$netfile"
  in_fabric=("$fabric" run --at "$(awk -F '"' '/^Ca/ { print $2; exit }' "$netfile")")
  spine=$(awk -F '"' '/^Switch/ && /spine01/ { print $2 }' "$netfile")
  "$fabric" up "$netfile"
  "$fabric" sm
  "$fabric" ready
}

start_monitor() {
  local port=9917
  while (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null; do port=$((port + 1)); done
  url=http://127.0.0.1:$port
  printf 'fabric:\n  interval: 5s\n' > "$work/aftershock.yaml"
  "${in_fabric[@]}" "$aftershock" monitor --fabric --config "$work/aftershock.yaml" --listen "127.0.0.1:$port" \
    > "$work/monitor.log" 2>&1 &
  monitor=$!
  wait_until "the first sweep of the monitor" curl -fsS -o /dev/null "$url/readyz"
}

wait_until() { # WHAT CMD…: until CMD succeeds
  local what=$1 deadline=$((SECONDS + 120))
  shift
  until "$@" 2> /dev/null; do
    kill -0 "$monitor" 2> /dev/null || { cat "$work/monitor.log" >&2; fail 'the monitor has ended'; }
    ((SECONDS < deadline)) || { cat "$work/monitor.log" >&2; fail "waited in vain for $what"; }
    sleep 0.2
  done
}

# The finding's line, which is also what the wait is for.
lost_link() { curl -fsS "$url/metrics" | grep '^aftershock_finding{.*rule="link-lost"'; }

findings() {
  curl -fsS "$url/report.json" | python3 -c '
import json, sys
report = json.load(sys.stdin)
print("verdict:", report["verdict"])
for f in report["findings"]:
    if f["severity"] != "note" and not f.get("because"):
        print("%s %s: %s\n  next: %s" % (f["severity"].upper(), f["rule"], f["summary"], f["advice"]))'
}

install_packages build show
simulated=
if ! has_active_port; then
  simulated=1
  install_packages lab
fi

title 'Building aftershock'
build release aftershock

if [[ -n $simulated ]]; then
  title 'No Active InfiniBand port here: a simulated fabric of 16 hosts on redundant leaf pairs'
  start_fabric
fi

title 'aftershock monitor'
start_monitor
echo "$url/metrics"

title 'aftershock check --window 2s'
verdict=0
"${in_fabric[@]}" "$aftershock" check --fabric --window 2s || verdict=$?

if [[ -n $simulated ]]; then
  [[ $verdict -eq 0 ]] || fail "a healthy fabric was not found healthy (exit code $verdict)"
  title "A cable is pulled: port 1 of spine01"
  "$fabric" unlink "$spine" 1
  wait_until 'the warning' lost_link
  findings
  verdict=0
fi

if [[ -z $once ]]; then
  title "The exporter runs until Ctrl-C: $url/metrics"
  wait "$monitor"
fi
exit "$verdict"
