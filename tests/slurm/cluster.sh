#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# tests/slurm/cluster.sh: a real Slurm whose hosts are namespaces of this machine, for tests. Needs root.
#   check                        says whether this machine can do it; exit code 77 if not
#   keep FOLDER [HOSTS]          brings up hosts n1, n2, ... (4) and prints "ready"; keeps them until standard input ends,
#                                SIGTERM, or CLUSTER_LIFETIME seconds (900); then nothing is left, FOLDER included
#   up FOLDER [HOSTS]            the same in the background, until `down FOLDER` or the end of its lifetime
#   down FOLDER                  ends what keep or up started
#   on FOLDER HOST COMMAND...    runs a command on a host; `login` is the one with slurmctld, where jobs are submitted
#   cut|mend FOLDER HOST         takes the host's network link away, or gives it back
#   stop|start FOLDER HOST       kills the host's slurmd (what runs there runs on), or starts it again
#   power-off|boot FOLDER HOST   kills everything on a host at once, or starts it again
# FOLDER must not exist yet and must be outside /tmp, for each host has a /tmp of its own. All processes are descendants of
# one process in a pid namespace, and all interfaces and mounts belong to theirs: when it dies, so does everything.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
lifetime=${CLUSTER_LIFETIME:-900}

missing() { echo "skipped: $1"; exit 77; }

check() {
  [ "$(id -u)" -eq 0 ] || missing "only root can make namespaces for hosts"
  local tool
  for tool in munged slurmctld slurmd sbatch scontrol ip unshare nsenter setpriv; do
    PATH=$PATH:/usr/sbin command -v "$tool" >/dev/null || missing "$tool is not installed (scripts/install_deps.sh test)"
  done
  # shellcheck disable=SC2016 # expanded inside
  unshare --mount --net --uts --pid --mount-proc --fork sh -ec 'hostname h; mount -t tmpfs none /tmp
    ip link add br0 type bridge; ip link add veth1 type veth peer name veth2; unshare --net --pid --fork true' \
    >/dev/null 2>&1 || missing "this machine grants no namespaces, bridges or mounts"
}

# enter FOLDER HOST COMMAND...: in the namespaces of a host.
enter() {
  local folder=$1 host=$2 into
  shift 2
  into=(nsenter -t "$(cat "$folder/login.pid")" -n -u -m -p --)
  [ "$host" = login ] || into+=(nsenter -t "$(cat "$folder/$host.pid")" -n -u -m -p --)
  exec "${into[@]}" env SLURM_CONF="$folder/slurm.conf" "$@"
}

write_settings() {
  local folder=$1 hosts=$2 number
  printf '127.0.0.1 localhost\n10.99.0.1 login\n' >"$folder/hosts"
  sed "s|@FOLDER@|$folder|" "$here/slurm.conf.in" >"$folder/slurm.conf"
  for ((number = 1; number <= hosts; ++number)); do
    echo "10.99.0.$((10 + number)) n$number" >>"$folder/hosts"
    echo "NodeName=n$number CPUs=4 RealMemory=4000" >>"$folder/slurm.conf"
  done
  echo 'PartitionName=all Nodes=ALL Default=YES DefaultTime=5 MaxTime=INFINITE' >>"$folder/slurm.conf"
  echo 'CgroupPlugin=cgroup/v1' >"$folder/cgroup.conf"
  (umask 377 && head -c 1024 /dev/urandom >"$folder/munge.key")
}

end_all() {
  trap '' TERM INT HUP
  if [ -n "${namespace:-}" ]; then
    kill -KILL "$namespace" 2>/dev/null || true
    wait "$namespace" 2>/dev/null || true
    # The first process of the namespace is gone only when all in it are.
    for _ in $(seq 200); do [ -z "${first:-}" ] || [ -d "/proc/$first" ] || break; sleep 0.05; done
  fi
  rm -rf "$folder"
}

keep() {
  folder=$(readlink -m "$1")
  local hosts=${2:-4}
  check
  case "$folder/" in /tmp/*) echo "$folder is in /tmp, which no host shares" >&2; exit 2 ;; esac
  mkdir -m 0711 "$folder"
  trap 'exit 143' TERM INT HUP
  trap end_all EXIT
  mkdir "$folder/state" "$folder/log" "$folder/work"
  echo $$ >"$folder/keeper.pid"
  write_settings "$folder" "$hosts"
  # Dies with this script however this script dies.
  setpriv --pdeathsig KILL unshare --mount --net --uts --pid --mount-proc --fork --kill-child=KILL \
    "$here/login_host.sh" "$folder" "$hosts" </dev/null >"$folder/log/login.txt" 2>&1 &
  namespace=$!
  local try
  for ((try = 0; try < 300; ++try)); do
    read -r first _ <"/proc/$namespace/task/$namespace/children" || true
    [ -z "$first" ] || { [ -e "$folder/login.pid" ] || echo "$first" >"$folder/login.pid"; }
    [ -e "$folder/ready" ] && break
    kill -0 "$namespace" 2>/dev/null || break
    sleep 0.1
  done
  if ! [ -e "$folder/ready" ]; then
    echo "the cluster did not come up:" >&2
    tail -n 5 "$folder"/log/* >&2
    exit 1
  fi
  echo ready
  read -r -t "$lifetime" _ || true
}

up() {
  local scratch keeper
  scratch=$(mktemp -d /var/tmp/cluster-up.XXXXXX)
  # Standard input that never ends, for the keeper holds its other end too: only `down` and the lifetime end it.
  mkfifo "$scratch/open"
  touch "$scratch/log"
  setsid "$0" keep "$@" <>"$scratch/open" >"$scratch/log" 2>&1 &
  keeper=$!
  while kill -0 "$keeper" 2>/dev/null && ! grep -q '^ready' "$scratch/log"; do sleep 0.1; done
  cat "$scratch/log"
  rm -r "$scratch"
  kill -0 "$keeper" 2>/dev/null || wait "$keeper"
}

down() {
  local keeper
  keeper=$(cat "$1/keeper.pid")
  kill -TERM "$keeper"
  for _ in $(seq 100); do [ -d "/proc/$keeper" ] || return 0; sleep 0.1; done
  exit 1
}

command=${1:-}
[ $# -gt 0 ] && shift
case "$command" in
  check) check ;;
  keep) keep "$@" ;;
  up) up "$@" ;;
  down) down "$@" ;;
  on) enter "$@" ;;
  cut) enter "$1" login ip link set "p${2#n}" down ;;
  mend) enter "$1" login ip link set "p${2#n}" up ;;
  stop) enter "$1" "$2" sh -c "kill -KILL \$(cat $1/slurmd-$2.pid)" ;;
  start) enter "$1" "$2" slurmd ;;
  power-off) enter "$1" login kill -KILL "$(cat "$1/$2.pid")" ;;
  boot) enter "$1" login "$here/boot_host.sh" "$1" "$2" ;;
  *) sed -n '3,14s/^# //p' "$0" >&2; exit 2 ;;
esac
