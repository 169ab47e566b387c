#!/usr/bin/env bash
# Runs test/aws/ against an emulator of AWS on loopback, which is installed into a virtual environment of the project
# and kept there until its requirements change. Arguments go to vitest. Fails where the emulator cannot be had.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly requirements=test/aws/requirements.txt venv=.venv
work=$(mktemp -d)
readonly work
server=

stop() {
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

fail() {
  printf 'test:aws: %s\n' "$1" >&2
  exit 1
}

# Debian ships Python without the module that makes virtual environments.
have_python() {
  python3 -c 'import ensurepip, venv' 2>/dev/null && return
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3 python3-venv >/dev/null
  fi
  python3 -c 'import ensurepip, venv' 2>/dev/null
}

# What is installed is written down last, so that an installation that was cut short is made anew.
install_emulator() {
  if cmp -s "$requirements" "$venv/requirements.txt" && "$venv/bin/python" -c 'import boto3, moto' 2>/dev/null; then
    return
  fi
  have_python || return 1
  rm -rf "$venv"
  python3 -m venv "$venv" &&
    "$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --requirement "$requirements" &&
    "$venv/bin/pip" check --quiet &&
    cp "$requirements" "$venv/requirements.txt"
}

free_port() {
  "$venv/bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# start_server PORT: the emulator of the one account of all tests, which knows the policies that AWS manages.
start_server() {
  MOTO_ACCOUNT_ID=111122223333 MOTO_EC2_LOAD_DEFAULT_AMIS=false MOTO_IAM_LOAD_MANAGED_POLICIES=true \
    "$venv/bin/moto_server" -H 127.0.0.1 -p "$1" </dev/null >"$work/server.log" 2>&1 &
  server=$!
}

# answers URL: waits a minute at most.
answers() {
  local end=$((SECONDS + 60)) ask='import sys, urllib.request as r; r.urlopen(sys.argv[1], timeout=5).read()'
  while [ "$SECONDS" -lt "$end" ]; do
    kill -0 "$server" 2>/dev/null || return 1
    "$venv/bin/python" -c "$ask" "$1/moto-api/data.json" 2>/dev/null && return
    sleep 0.2
  done
  return 1
}

install_emulator || fail 'the emulator cannot be installed: it needs python3 with the venv module, and its packages'
port=$(free_port)
start_server "$port"
if ! answers "http://127.0.0.1:$port"; then
  tail -n 20 "$work/server.log" >&2
  fail 'the emulator does not answer'
fi
npm run --silent build
PROVISO_TEST_ENDPOINT="http://127.0.0.1:$port" PROVISO_TEST_PYTHON="$PWD/$venv/bin/python" \
  node node_modules/vitest/vitest.mjs run --config vitest.aws.config.ts "$@"
