#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# compute_host.sh FOLDER HOST: the first process of a compute host; boot_host.sh starts it in namespaces of its own.
set -euo pipefail
folder=$1
host=$2
# shellcheck source=tests/slurm/private_tmp.sh
. "$(dirname "$(readlink -f "$0")")/private_tmp.sh"
export SLURM_CONF=$folder/slurm.conf PATH=$PATH:/usr/sbin:/sbin

hostname "$host"
mount --make-rprivate /
private_tmp "$folder"
mount -t tmpfs -o mode=1777 none /dev/shm
mount --bind "$folder/hosts" /etc/hosts
mount -t tmpfs none /sys/fs/cgroup  # slurmd asks for a control group even where no plugin uses one
ip link set lo up
until ip link show eth0 >/dev/null 2>&1; do sleep 0.02; done
ip address add "10.99.0.$((10 + ${host#n}))/24" dev eth0
ip link set eth0 up

rm -rf "$folder/state/spool-$host"  # sockets of steps before a power failure would be in the way of the next ones
mkdir -p "$folder/state/spool-$host"
ulimit -c 0
ulimit -n 65536 || true
slurmd
while :; do sleep 3600 & wait $!; done
