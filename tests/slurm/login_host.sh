#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# login_host.sh FOLDER HOSTS: the first process of the host `login`, and so of the whole cluster: munged and slurmctld for
# all, the bridge that joins the hosts, and the hosts themselves. cluster.sh starts it in namespaces of its own.
set -euo pipefail
folder=$1
hosts=$2
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=tests/slurm/private_tmp.sh
. "$here/private_tmp.sh"
export SLURM_CONF=$folder/slurm.conf PATH=$PATH:/usr/sbin:/sbin

hostname login
mount --make-rprivate /
private_tmp "$folder"
mount -t tmpfs -o mode=1777 none /dev/shm
mount --bind "$folder/hosts" /etc/hosts
ip link set lo up
ip link add br0 type bridge
ip address add 10.99.0.1/24 dev br0
ip link set br0 up

# One for all hosts: its socket is a file, and files are shared.
munged --socket="$folder/munge.socket" --key-file="$folder/munge.key" --log-file="$folder/log/munged.txt" \
  --pid-file="$folder/munged.pid" --seed-file="$folder/munge.seed"
slurmctld -i >"$folder/log/slurmctld.txt" 2>&1
for ((number = 1; number <= hosts; ++number)); do
  "$here/boot_host.sh" "$folder" "n$number"
done
until [ "$(timeout 5 sinfo --noheader --Node --format=%T 2>/dev/null | grep -c idle)" = "$hosts" ]; do sleep 0.2; done
touch "$folder/ready"
# A first process adopts what loses its parent: bash collects it while it waits.
while :; do sleep 3600 & wait $!; done
