#!/usr/bin/env bash
# Installs the Debian packages that tests need, where something is missing and we are root; else says what to install.
set -euo pipefail

missing=()
while read -r package command; do
    if [[ -n $package && $package != \#* ]] && ! PATH="$PATH:/usr/sbin:/sbin" command -v "$command" > /dev/null; then
        missing+=("$package")
    fi
done < "$(dirname "$0")/system-packages.txt"

if ((${#missing[@]} == 0)); then
    exit 0
fi
if ((EUID != 0)); then
    echo "The tests need these Debian packages; as root, run: apt-get install ${missing[*]}" >&2
    exit 1
fi
echo "· Debian packages for the tests: ${missing[*]}"
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends "${missing[@]}" > /dev/null
