# shellcheck shell=bash
# Sourced by the scripts of this folder.

# install_packages GROUP…: installs what is missing of the groups in packages.txt, and says what. Quiet when nothing is.
install_packages() {
  local list group package missing=() as_root=() services=()
  list=$(dirname -- "${BASH_SOURCE[0]}")/packages.txt
  while read -r group package; do
    [[ " $* " == *" $group "* ]] || continue
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
  done < <(grep -v '^ *\(#\|$\)' "$list")
  [[ ${#missing[@]} -gt 0 ]] || return 0

  if [[ $(id -u) -ne 0 ]]; then
    command -v sudo > /dev/null || { printf 'Missing packages, and no sudo to install them: %s\n' "${missing[*]}" >&2; return 1; }
    as_root=(sudo)
  fi
  printf 'Installing with apt: %s\n' "${missing[*]}"

  # Debian starts the service of a package when it is installed. A second subnet manager on a real fabric, or a
  # Prometheus that nobody asked for, is not what was meant.
  [[ " ${missing[*]} " != *' opensm '* ]] || services+=(opensm.service)
  [[ " ${missing[*]} " != *' prometheus '* ]] || services+=(prometheus.service)
  if [[ -d /run/systemd/system && ${#services[@]} -gt 0 ]]; then
    printf 'Masking, so that they do not start by themselves (systemctl unmask undoes it): %s\n' "${services[*]}"
    "${as_root[@]}" systemctl --quiet mask "${services[@]}"
  fi
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq update
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq -o Dpkg::Use-Pty=0 install -y --no-install-recommends "${missing[@]}" > /dev/null
}

# configure PRESET: of CMakePresets.json; silent unless it fails.
configure() {
  local launcher=() out
  ! command -v ccache > /dev/null || launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
  out=$(cmake --preset "$1" "${launcher[@]}" 2>&1) || { printf '%s\n' "$out" >&2; return 1; }
}

# build PRESET [TARGET]: shows its progress on a terminal, and only what is wrong elsewhere.
build() {
  local target=() quiet=()
  [[ $# -lt 2 ]] || target=(--target "$2")
  [[ -t 1 ]] || quiet=(--quiet)
  configure "$1"
  cmake --build --preset "$1" "${target[@]}" -- "${quiet[@]}"
}
