#!/bin/sh
# Makes sure that there is an nginx for the tests of several server processes, under CI=true only: Debian's package
# also starts a server of its own, which nobody wants on their desk. Without nginx those tests are skipped.
set -eu

[ "${CI:-}" = true ] || exit 0
PATH="$PATH:/usr/sbin:/usr/local/sbin"
command -v nginx >/dev/null && exit 0

as_root=
[ "$(id -u)" = 0 ] || as_root="sudo -n"
echo "Installing nginx for the tests of several server processes ..."
$as_root apt-get update -qq </dev/null
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nginx-light </dev/null
command -v nginx >/dev/null
