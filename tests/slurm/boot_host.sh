#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# boot_host.sh FOLDER HOST: run on the host `login`; starts a host with a link to its bridge.
set -euo pipefail
folder=$1
host=$2
here=$(dirname "$(readlink -f "$0")")
link=p${host#n}

setsid unshare --net --mount --uts --pid --mount-proc --fork --kill-child=KILL "$here/compute_host.sh" "$folder" "$host" \
  </dev/null >>"$folder/log/$host.txt" 2>&1 &
parent=$!
until [ "$(readlink "/proc/$parent/ns/net")" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.02; done
# A host that was switched off takes its link with it, which the kernel does a little later.
until ip link add "$link" type veth peer name eth0 netns "$parent" 2>/dev/null; do sleep 0.1; done
ip link set "$link" master br0 up
first=
until [ -n "$first" ]; do
  read -r first _ <"/proc/$parent/task/$parent/children" || true  # a line without an end
done
echo "$first" >"$folder/$host.pid"
