#!/bin/sh
# Runs one batch: run-batch.sh DIRECTORY PROGRAM [ARGUMENT...], as the leader of a session of its own.
# Leaves DIRECTORY/pid, its own process id, and at the end DIRECTORY/exit, the program's exit code, so that
# an endpoint that was killed and came back can take the batch up again.
directory=$1
shift
# The endpoint has made the two .new files full of blanks: written over without truncation, they need no room on the disk.
# Linking fails if the file is there: after a crash the endpoint makes it first, and then nothing may start here.
echo "$$" 1<>"$directory/pid.new" && ln "$directory/pid.new" "$directory/pid" 2>/dev/null || exit 75
# Signals to the group are for the program; this shell must outlive them to write the exit code down.
trap : TERM INT HUP
"$@"
code=$?
echo "$code" 1<>"$directory/exit.new" && mv "$directory/exit.new" "$directory/exit"
exit "$code"
