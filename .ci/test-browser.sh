#!/usr/bin/env bash
# Runs test/browser/, which opens the HTML report in Chromium. Installs Debian's where it is missing and root may do so;
# fails where it cannot be had. Arguments go to vitest.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

have_chromium() {
  command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null
}

if ! have_chromium && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq &&
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-liberation >/dev/null
fi
if ! have_chromium; then
  printf 'test:browser: no Chromium is on the PATH, and it cannot be installed\n' >&2
  exit 1
fi
node .ci/generate.mjs
node node_modules/vitest/vitest.mjs run --config vitest.browser.config.ts "$@"
