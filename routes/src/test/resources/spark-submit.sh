#!/usr/bin/env bash
# Stands in for spark-submit: does what the job's own arguments, the last of the command line, say.
set -u
home="$(cd "$(dirname "$0")/.." && pwd)"
if [ "${1:-}" = --version ]; then
  echo "version 0"
  exit 0
fi
while [ $# -gt 0 ] && [ "$1" != local:/jobs/jobs.jar ]; do shift; done
shift
echo "$*" >>"$home/started"
case "$1" in
  exit)
    [ "$2" = 0 ] || echo "caravan-spark-jobs: this job was told to end with $2" >&2
    exit "$2"
    ;;
  sleep) exec sleep "$2" ;;
  await)
    # A minute at most.
    for _ in $(seq 1200); do
      [ -e "$2" ] && exit 0
      sleep 0.05
    done
    exit 1
    ;;
  tell)
    cat "$2"
    # A minute at most for what follows, and for the end.
    for _ in $(seq 1200); do
      if [ -e "$2.more" ]; then
        cat "$2.more"
        mv "$2.more" "$2.told"
      fi
      [ -e "$3" ] && exit 0
      sleep 0.05
    done
    exit 1
    ;;
  first-fails)
    [ -e "$2" ] && exit 0
    touch "$2"
    exit 1
    ;;
  fails-on)
    # The third word may be several dates.
    if [[ ",$3," == *",$2,"* ]]; then
      echo "caravan-spark-jobs: this job was told to fail on $2" >&2
      exit 66
    fi
    exit 0
    ;;
  print)
    cat "$2"
    cat "$3" >&2
    ;;
  put) exec curl -sS --fail --max-time 10 -X PUT --data-binary "@$2" "$3" ;;
  *)
    echo "caravan-spark-jobs: what is $1?" >&2
    exit 64
    ;;
esac
