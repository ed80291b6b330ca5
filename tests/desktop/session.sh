#!/usr/bin/env bash
# A desktop for one command, gone when it ends: Xvfb, a session bus, openbox, an unlocked keyring, a home of its own.
# usage: session.sh [--locked] -- COMMAND...
set -euo pipefail

inside() {
  [ "$KEYRING" = locked ] || printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
  openbox >/dev/null 2>&1 &
  local manager=$! status=0
  for _ in $(seq 100); do
    xdotool get_desktop >/dev/null 2>&1 && break
    sleep 0.05
  done
  "$@" || status=$?
  kill "$manager" 2>/dev/null || true
  return "$status"
}

outside() {
  local home status=0 number
  home=$(mktemp -d -t gantry-desktop.XXXXXX)
  exec {ready}<> <(:)
  Xvfb -displayfd "$ready" -screen 0 1440x1000x24 -nolisten tcp >/dev/null 2>&1 &
  local server=$!
  # shellcheck disable=SC2064 # both are known now and must not change
  trap "kill $server 2>/dev/null || true; rm -rf '$home'" EXIT
  read -r -t 30 -u "$ready" number || { echo "session: Xvfb did not start" >&2; return 3; }
  mkdir -m 700 "$home/run"
  env -u WAYLAND_DISPLAY -u XDG_DATA_HOME -u XDG_CONFIG_HOME -u XDG_CACHE_HOME \
    HOME="$home" XDG_RUNTIME_DIR="$home/run" DISPLAY=":$number" XDG_CURRENT_DESKTOP='' NO_AT_BRIDGE=1 GTK_A11Y=none LC_ALL=C.UTF-8 TZ=UTC \
    dbus-run-session -- "$0" --inside "$@" || status=$?
  return "$status"
}

export KEYRING=${KEYRING:-unlocked}
case ${1:-} in
  --inside) shift; inside "$@" ;;
  --locked) shift 2; KEYRING=locked outside "$@" ;;
  --) shift; outside "$@" ;;
  *) echo "usage: session.sh [--locked] -- COMMAND..." >&2; exit 2 ;;
esac
