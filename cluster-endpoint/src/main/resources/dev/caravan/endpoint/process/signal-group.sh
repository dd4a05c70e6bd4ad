#!/bin/sh
# Sends a signal to a process group: signal-group.sh SIGNAL GROUP. The shell's own kill: no package needed.
kill -s "$1" -- "-$2" 2>/dev/null
