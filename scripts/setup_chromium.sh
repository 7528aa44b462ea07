#!/bin/sh
# Makes sure that there is a Chromium for the browser tests: Debian's package when it is missing and can
# be installed. Without one the browser tests are skipped, but under CI=true that is a failure.
# Usage: setup_chromium.sh PYTHON, the one that runs the tests
set -u

found() {
    "$1" -c '
import sys
from playwright.sync_api import sync_playwright
from tests.browser.session import find_chromium
with sync_playwright() as playwright:
    sys.exit(find_chromium(playwright) is None)'
}

found "$1" && exit 0

as_root=
[ "$(id -u)" = 0 ] || as_root="sudo -n"
if [ -z "${CHROMIUM:-}" ] && command -v apt-get >/dev/null 2>&1 && $as_root true 2>/dev/null; then
    echo "Installing Chromium for the browser tests ..."
    $as_root apt-get update -qq </dev/null &&
        $as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core </dev/null
    found "$1" && exit 0
fi

echo "No Chromium was found for the browser tests, and none could be installed here. Either install" >&2
echo "Chromium or Chrome, or name it (make test CHROMIUM=/path/to/chromium), or get Playwright's:" >&2
echo "    $1 -m playwright install chromium" >&2
[ "${CI:-}" = true ] && exit 1
echo "The browser tests will be skipped." >&2
