#!/bin/sh
# Installs bobchat from a release: picks the executable for this machine, checks its SHA-256, and puts it
# into a folder of yours. It needs no root, and changes nothing else.
#   sh install.sh [--from URL|FOLDER] [--to FOLDER]

set -eu

# The release that this script came with; the one in the source has none.
from=

usage() {
  echo "usage: sh install.sh [--from URL|FOLDER] [--to FOLDER]"
  echo "  --from  a release: where SHA256SUMS and the executables are${from:+ ($from)}"
  echo "  --to    where to put bobchat (~/.local/bin)"
}

fail() {
  echo "install.sh: $1" >&2
  exit "${2-1}"
}

# Prints the name of the executable for this machine.
pick() {
  case $(uname -m) in
    x86_64 | amd64) cpu=x86_64 ;;
    aarch64 | arm64) cpu=aarch64 ;;
    *) fail "there is no executable for $(uname -m): run bobchat with Deno" ;;
  esac
  case $(uname -s) in
    Linux)
      # musl's ldd says its name on stderr, and fails.
      case $(ldd --version 2>&1 || true) in
        *musl*) fail "the executable needs glibc, and this system has musl: run bobchat with Deno" ;;
      esac
      echo "bobchat-$cpu-unknown-linux-gnu"
      ;;
    Darwin)
      # A shell under Rosetta takes the machine for another.
      [ "$(sysctl -n hw.optional.arm64 2>/dev/null || echo 0)" = 1 ] && cpu=aarch64
      echo "bobchat-$cpu-apple-darwin"
      ;;
    *) fail "there is no executable for $(uname -s) here: download it from the release" ;;
  esac
}

# Copies a file of the release.
get() {
  case $from in
    http://* | https://*)
      if command -v curl >/dev/null; then
        curl -fsSL --retry 2 -o "$2" "$from/$1"
      elif command -v wget >/dev/null; then
        wget -q -O "$2" "$from/$1"
      else
        fail "neither curl nor wget is here: install one, or download the release and give --from FOLDER"
      fi
      ;;
    *) cp -- "$from/$1" "$2" ;;
  esac || fail "$from has no $1: check --from, and your network"
}

sha256() {
  if command -v sha256sum >/dev/null; then
    sha256sum <"$1"
  elif command -v shasum >/dev/null; then
    shasum -a 256 <"$1"
  else
    fail "neither sha256sum nor shasum is here, so nothing can be checked"
  fi | cut -d ' ' -f 1
}

install() {
  to=${HOME:+$HOME/.local/bin}
  while [ $# -gt 0 ]; do
    case $1 in
      -h | --help) usage && exit ;;
      --from | --to) [ $# -gt 1 ] || fail "$1 needs a value" 2 ;;
      *) fail "there is no option $1: see sh install.sh --help" 2 ;;
    esac
    case $1 in
      --from) from=${2%/} ;;
      --to) to=$2 ;;
    esac
    shift 2
  done
  [ -n "$from" ] || fail "which release? Give --from URL or --from FOLDER" 2
  [ -n "$to" ] || fail "where to? Give --to FOLDER" 2

  name=$(pick)
  { mkdir -p -- "$to" && to=$(cd -- "$to" && pwd) && new=$(mktemp -d "$to/.bobchat.XXXXXX"); } ||
    fail "$to cannot be written to: give --to another folder"
  trap 'rm -rf "$new"' EXIT
  trap 'exit 1' HUP INT TERM
  [ ! -d "$to/bobchat" ] || fail "$to/bobchat is a folder: give --to another one"

  get SHA256SUMS "$new/SHA256SUMS"
  wanted=$(sed -n "s/^\([0-9a-f]\{64\}\) [ *]$name\$/\1/p" "$new/SHA256SUMS")
  [ -n "$wanted" ] || fail "SHA256SUMS of $from does not list $name once: nothing was installed"
  get "$name" "$new/bobchat"
  [ "$(sha256 "$new/bobchat")" = "$wanted" ] ||
    fail "$name has another SHA-256 than SHA256SUMS says, so it is not what was released: nothing was installed"

  chmod 755 "$new/bobchat"
  version=$("$new/bobchat" --version) || fail "$name does not run on this machine: nothing was installed"
  mv -f -- "$new/bobchat" "$to/bobchat"
  echo "$version is $to/bobchat"
  case :$PATH: in
    *:"$to":*) ;;
    *) echo "To have it found, put this into your shell's profile: export PATH=\"$to:\$PATH\"" ;;
  esac
}

# At the end, so that a script that was cut off in transit does nothing.
install "$@"
