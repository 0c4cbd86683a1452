#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# scripts/mpirun.sh RANKS PROGRAM [ARGUMENT...]: mpirun on one machine, with more ranks than cores if asked for, as
# root in a container too.
set -euo pipefail
ranks=$1
shift
if [ "$(id -u)" -eq 0 ]; then
  export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
fi
if [ "$ranks" -gt "$(nproc)" ]; then
  export OMPI_MCA_mpi_yield_when_idle=1  # idle ranks must give way, or a collective takes a time slice
fi
# Within one machine: shared memory, no network interfaces, no out-of-band chatter on a closed network.
export OMPI_MCA_btl=${OMPI_MCA_btl:-self,vader} OMPI_MCA_btl_vader_single_copy_mechanism=${OMPI_MCA_btl_vader_single_copy_mechanism:-none}
exec mpirun --quiet --oversubscribe --bind-to none -n "$ranks" "$@"
