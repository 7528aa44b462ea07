#!/bin/sh
# Prints a Python that can make the virtual environment: 3.11 or newer, with the venv module.
# Usage: find_python.sh [PYTHON]; with a name given, only that one is tried.
set -u

found=
for python in ${1:-python3 python python3.14 python3.13 python3.12 python3.11}; do
    version=$("$python" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null) || continue
    if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        found="$found $python is $version;"
    elif ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
        found="$found $python is $version but has no venv module (on Debian and Ubuntu: apt install python3-venv);"
    else
        command -v "$python"
        exit 0
    fi
done

echo "Headlight needs Python 3.11 or newer with its venv module, and found none." >&2
[ -z "$found" ] || echo "Seen:$found" >&2
echo "Install one, or name it: make PYTHON=/path/to/python3 ..." >&2
exit 1
