#!/bin/sh
# Makes sure that there is a Chromium for the browser tests: Debian's package when it is missing and can
# be installed. Without one the browser tests are skipped, but under CI=true that is a failure.
set -u

# The same names as in tests/browser/session.py.
for name in ${CHROMIUM:-chromium chromium-browser google-chrome}; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done

as_root=
[ "$(id -u)" = 0 ] || as_root="sudo -n"
if command -v apt-get >/dev/null 2>&1 && $as_root true 2>/dev/null; then
    echo "Installing Chromium for the browser tests ..."
    $as_root apt-get update -qq </dev/null &&
        $as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core </dev/null
    command -v chromium >/dev/null 2>&1 && exit 0
fi

echo "No Chromium here, and none could be installed (that takes apt-get, and root or sudo without a" >&2
echo "password). Install Chromium or Chrome, or name it: CHROMIUM=/path/to/chromium make test." >&2
[ "${CI:-}" = true ] && exit 1
echo "The browser tests will be skipped." >&2
