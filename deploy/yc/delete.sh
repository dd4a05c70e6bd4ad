#!/usr/bin/env bash
# Deletes what create.sh has created, but for the buckets, which hold data: it prints how to delete those. See --help.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: deploy/yc/delete.sh --folder-id ID [--name NAME] (--dry-run | --yes)

  --folder-id ID    the cloud folder
  --name NAME       what create.sh was given (caravan)
  --dry-run         prints the commands, and calls nothing
  --yes             deletes: Caravan's journal is lost with its VM, so copy it first (docs/deploy.md)
TEXT
}

die() {
  echo "delete.sh: $*" >&2
  exit 2
}

folder='' name=caravan mode=''
while [ $# -gt 0 ]; do
  case "$1" in
    --folder-id | --name)
      [ $# -ge 2 ] || die "$1 needs a value"
      if [ "$1" = --name ]; then name="$2"; else folder="$2"; fi
      shift
      ;;
    --dry-run) mode=dry-run ;;
    --yes) mode=delete ;;
    -h | --help)
      usage
      exit 0
      ;;
    *) die "unknown option '$1' (--help lists them)" ;;
  esac
  shift
done
[[ "$folder" =~ ^[a-z0-9]{20}$ ]] || die "--folder-id must be an id of 20 lower-case letters and digits, but is '$folder'"
[[ "$name" =~ ^[a-z][a-z0-9-]{1,30}[a-z0-9]$ ]] || die "--name must have 3 to 32 lower-case letters, digits and hyphens, but is '$name'"
[ -n "$mode" ] || die "add --dry-run to see the commands, or --yes to call them"
[ "$mode" = dry-run ] || type -P yc >/dev/null || die "there is no yc on the PATH"

run() {
  if [ "$mode" = dry-run ]; then
    printf 'yc'
    printf ' %q' "$@" --folder-id "$folder"
    echo
  else
    echo "yc $*" >&2
    yc "$@" --folder-id "$folder" >/dev/null
  fi
}

# exists KIND... NAME
exists() {
  [ "$mode" != dry-run ] || return 0
  local names
  names="$(yc "${@:1:$#-1}" list --format json --jq '.[].name' --folder-id "$folder")" || die "yc can't list ${*:1:$#-1}: see above"
  grep -qxF -- "${*: -1}" <<<"${names//\"/}"
}

delete() {
  if exists "$@"; then run "${@:1:$#-1}" delete "${@: -1}"; fi
}

# What uses a thing goes before it.
delete compute instance "$name"
if exists dataproc cluster "$name"; then
  run dataproc cluster update "$name" --deletion-protection=false
  run dataproc cluster delete "$name"
fi
delete lockbox secret "$name-endpoint"
delete lockbox secret "$name-s3"
delete iam service-account "$name-cluster"
delete iam service-account "$name"
delete vpc security-group "$name-cluster"
delete vpc security-group "$name-vm"
delete vpc subnet "$name"
delete vpc route-table "$name-nat"
delete vpc gateway "$name-nat"
delete vpc network "$name"
echo "The buckets are left. To delete them with all that they hold, empty them in the console, then: yc storage bucket delete NAME" >&2
