#!/bin/bash
# Starts the endpoint as its unit says, in a root where systemd isn't process 1: start-unit.sh UNIT-FILE
# Says "started" when ExecStartPost has succeeded, and stays until the endpoint ends.
set -euo pipefail
unit="$1"

values() { sed -n "s/^$1=//p" "$unit"; }

user="$(values User)"
install -d -o "$user" -m "$(values RuntimeDirectoryMode)" "/run/$(values RuntimeDirectory)"
install -d -o "$user" -m "$(values StateDirectoryMode)" "/var/lib/$(values StateDirectory)"
cd "$(values WorkingDirectory)"
umask "$(values UMask)"
read -ra start <<<"$(values ExecStart)"
read -ra post <<<"$(values ExecStartPost)"
read -ra environment <<<"$(values Environment | tr '\n' ' ')"
become=(setpriv --reuid "$user" --regid "$user" --init-groups --no-new-privs --inh-caps=-all
  env -i "PATH=$PATH" "HOME=/var/lib/$user" "${environment[@]}")

"${become[@]}" "${start[@]}" &
main=$!
"${become[@]}" "MAINPID=$main" "${post[@]}" || {
  echo "did not start"
  kill "$main" 2>/dev/null || true
  exit 1
}
echo started
wait "$main"
