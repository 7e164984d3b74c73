#!/bin/sh
# Install from Debian what tests compare with and talk to, as root; without it they say
# that they were skipped. Nothing of it belongs to the program.
#
#   sh tools/peers.sh
set -eu
packages="acl attr clamav-daemon clamdscan clamav c-icap libc-icap-mod-virus-scan
    squid-openssl clamav-milter miltertest strace rspamd amavisd-new
    postfix softhsm2 nftables iproute2 postgresql"
# Clients of npm, in the versions of a lock file, for the tests alone.
peers="$(dirname "$0")/../tests/peers"
if command -v npm >/dev/null && ! cmp -s "$peers/package-lock.json" \
    "$peers/node_modules/.of-lock.json"; then
    if (cd "$peers" && npm ci --ignore-scripts --no-audit --no-fund); then
        cp "$peers/package-lock.json" "$peers/node_modules/.of-lock.json"
    else
        echo "the clients of npm could not be installed"
    fi
fi
[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || exit 0
missing=
for package in $packages; do
    dpkg -s "$package" >/dev/null 2>&1 || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
# Tests start what they need themselves; nothing is to run because it was installed.
if [ ! -e /usr/sbin/policy-rc.d ]; then
    printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d
    chmod 755 /usr/sbin/policy-rc.d
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
# shellcheck disable=SC2086 # one word a package
apt-get install -y -q --no-install-recommends $missing
