#!/bin/sh
# Writes Node's version to the file given if it is new enough; else says what is missing and leaves no file.
set -u
mkdir -p "$(dirname "$1")"
rm -f "$1"

found=$(node --version 2>/dev/null) || found=none
if [ "$found" != none ]; then
  command -v npm >/dev/null || found="$found without npm"
fi
version=${found#v}
major=${version%%.*}
rest=${version#*.}
minor=${rest%%.*}
case "$found" in
  *npm | none) ;;
  *) if [ "$major" -gt 20 ] || { [ "$major" -eq 20 ] && [ "$minor" -ge 19 ]; }; then echo "$found" >"$1"; fi ;;
esac
[ -f "$1" ] || echo "console: Node 20.19 or newer is needed, found $found; see https://nodejs.org" >&2
exit 0
