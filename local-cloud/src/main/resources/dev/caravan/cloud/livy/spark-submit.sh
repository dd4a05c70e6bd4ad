#!/bin/sh
# Stands in for spark-submit: does what the job's own arguments, those after the first *.jar, say.
if [ "$1" = --version ]; then
  echo "version 2.4.8"
  exit 0
fi
echo "$*" >>"$(dirname "$0")/../starts"
while [ $# -gt 0 ]; do
  word=$1
  shift
  case "$word" in *.jar) break ;; esac
done
for step in "$@"; do
  verb=${step%% *}
  rest=${step#* }
  case "$verb" in
    print) echo "$rest" ;;
    complain) echo "$rest" >&2 ;;
    lines) seq "$rest" ;;
    line) head -c "$rest" /dev/zero | tr '\0' x ;;
    sleep) sleep "$rest" ;;
    await) while [ ! -e "$rest" ]; do sleep 0.02; done ;;
    ignore-term) trap '' TERM ;;
    exit) exit "$rest" ;;
    *)
      echo "spark-submit stand-in: what is $verb?" >&2
      exit 64
      ;;
  esac
done
