# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Sourced by the jobs: the settings of the site, starting Tessera under srun or mpirun with signals passed on, and the
# decision to requeue. docs/slurm.md says the same in words.
#
# TESSERA            the program, on a file system that all nodes see
# MACHINE            a site: jobs/machines/<MACHINE>.job.env is read for what is not set in the environment
# TESSERA_LAUNCHER   srun (default) or mpirun
# TESSERA_MPI        what srun --mpi= is given (pmix)
# TESSERA_MODULES    modules to load, such as "gcc/12 openmpi/4.1 hdf5-parallel/1.10"
# TESSERA_STRIPES    Lustre: over how many targets new files of the output folder are striped (-1: all)
# TESSERA_MAX_RESTARTS  requeues before the job gives up (10)

TESSERA_HOME=${TESSERA_HOME:-${SLURM_SUBMIT_DIR:?submit this file with sbatch}}
cd "$SLURM_SUBMIT_DIR" || exit 2
# shellcheck source=/dev/null
. "$TESSERA_HOME/jobs/machines/${MACHINE:-generic}.job.env"
TESSERA=${TESSERA:-$TESSERA_HOME/build/release/bin/tessera}
TESSERA_LAUNCHER=${TESSERA_LAUNCHER:-srun}
if [ -n "${TESSERA_MODULES:-}" ]; then
  # shellcheck disable=SC2086 # a list of modules
  module load $TESSERA_MODULES
fi

# Slurm tells jobs when they end only in newer versions (22.05 does not); Tessera stops by itself before that.
if [ -z "${SLURM_JOB_END_TIME:-}" ]; then
  job_end=$(squeue --noheader --jobs="$SLURM_JOB_ID" --format=%e 2>/dev/null || true)
  SLURM_JOB_END_TIME=$(date --date="${job_end:-none}" +%s 2>/dev/null || true)
  [ -z "$SLURM_JOB_END_TIME" ] || export SLURM_JOB_END_TIME
fi

launcher=     # process id of what was started last
interrupted=  # set when this script was told to stop: whatever ends by a signal then is worth another try

# The program takes USR1 as "checkpoint and leave". mpirun would answer TERM by killing its ranks, so it never gets it.
pass_on() {
  interrupted=yes
  again=yes
  [ -z "$launcher" ] || kill -USR1 "$launcher" 2>/dev/null || true
}
trap pass_on USR1 TERM

# launch RANKS PROGRAM [ARGUMENT...]: returns the exit code of the program. Ranks fill one node after the other.
launch() {
  local ranks=$1 code again
  shift
  local per_node=${SLURM_NTASKS_PER_NODE:-$ranks}
  case "$TESSERA_LAUNCHER" in
    srun)
      srun --mpi="${TESSERA_MPI:-pmix}" --kill-on-bad-exit=1 --nodes="$(((ranks + per_node - 1) / per_node))" \
        --ntasks="$ranks" "$@" &
      ;;
    mpirun)
      mpirun --quiet -n "$ranks" --map-by slot "$@" &
      ;;
    *)
      echo "TESSERA_LAUNCHER is $TESSERA_LAUNCHER; it can be srun or mpirun" >&2
      return 2
      ;;
  esac
  launcher=$!
  again=yes
  while [ -n "$again" ]; do  # a trapped signal ends `wait`, not what it waits for
    again=
    code=0
    wait "$launcher" || code=$?
  done
  launcher=
  return "$code"
}

# finish CODE: ends the job, or requeues it where another run can do better: code 5 (Tessera was interrupted and left a
# checkpoint) and what lost ranks or nodes look like (137, 143: killed; 205: mpirun lost a node).
finish() {
  local code=$1 restarts=${SLURM_RESTART_COUNT:-0} most=${TESSERA_MAX_RESTARTS:-10}
  case "$code" in
    5) ;;
    137 | 143 | 205) [ "$most" -le 3 ] || most=3 ;;  # killed for its memory, say, it would be killed each time
    *) [ -n "$interrupted" ] && [ "$code" -gt 128 ] || exit "$code" ;;
  esac
  # Once Slurm is ending the job itself (scancel, preemption, a lost node), whether it runs again is Slurm's decision.
  if ! scontrol show job -o "$SLURM_JOB_ID" | grep -qE 'JobState=RUNNING|Reason=TimeLimit'; then
    echo "exit code $code: Slurm is ending this job" >&2
    exit "$code"
  fi
  if [ "$restarts" -ge "$most" ]; then
    echo "exit code $code after $restarts restarts: not requeued again (TESSERA_MAX_RESTARTS)" >&2
    exit "$code"
  fi
  echo "exit code $code: requeued, restart $((restarts + 1)) of at most $most" >&2
  scontrol requeue "$SLURM_JOB_ID" || true  # refused where the site or --no-requeue forbids it: then the code says why
  exit "$code"
}

# stripe FOLDER: makes it if need be.
stripe() {
  mkdir -p "$1"
  if [ -n "${TESSERA_STRIPES:-}" ] && command -v lfs >/dev/null; then
    lfs setstripe --stripe-count "$TESSERA_STRIPES" "$1"
  fi
}
