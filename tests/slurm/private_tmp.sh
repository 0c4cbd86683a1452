# SPDX-License-Identifier: Apache-2.0
# Sourced. private_tmp FOLDER: gives this host a /tmp of its own, where MPI's ranks meet. Of the one before, only the folder
# that the tree under test is in shows through, if that is where it is.
private_tmp() {
  local folder=$1 tree top
  tree=$(dirname "$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")")
  case "$tree/" in
    /tmp/*)
      top=/tmp/$(cut -d/ -f3 <<<"$tree")
      mkdir -p "$folder/tree"
      mount --rbind "$top" "$folder/tree"
      mount -t tmpfs -o mode=1777 none /tmp
      mkdir "$top"
      mount --rbind "$folder/tree" "$top"
      umount "$folder/tree"
      ;;
    *) mount -t tmpfs -o mode=1777 none /tmp ;;
  esac
}
