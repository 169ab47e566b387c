import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'chrome'];

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @throws Error when no Chromium is on the PATH */
function findChromium() {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const found = names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
  if (found === undefined) throw new Error(`none of ${names.join(', ')} is on the PATH: install Debian's chromium`);
  return found;
}

/**
 * Starts the machine's Chromium. It runs without its sandbox, which root may not use; it only opens our own files.
 *
 * @returns {Promise<import('playwright-core').Browser>}
 */
export async function startChromium() {
  return chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}
