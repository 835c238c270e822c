#!/bin/sh
# Called by Maven with the npm script to run. Installs what the lock file names whenever that file has changed.
set -eu
cd "$(dirname "$0")/.."

stamp=node_modules/.narthex-lock
if ! cmp -s package-lock.json "$stamp"; then
  # No package needs its install script: what they would prepare is only a faster start of a tool.
  npm ci --ignore-scripts --no-audit --no-fund
  cp package-lock.json "$stamp"
fi
exec npm run --silent "$1"
