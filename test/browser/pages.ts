import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { reporter } from '../../src/reporters/html.ts';
import type { Run } from '../fixtures/acme-run.ts';
import { render } from '../reporters/render.ts';
import { startChromium } from './chromium.mjs';

/** A page that was opened, and everything that it should not have said or asked for. */
export interface Opened {
  readonly page: Page;
  /** What the console said, what went wrong, and requests for anything but the page. */
  readonly trouble: readonly string[];
}

/** Reports as files, opened in one browser. */
export interface Pages {
  open(run: Run, options?: BrowserContextOptions & { readonly hash?: string }): Promise<Opened>;
  close(): Promise<void>;
}

export async function openPages(): Promise<Pages> {
  const folder = await mkdtemp(join(tmpdir(), 'proviso-pages-'));
  const browser: Browser = await startChromium();
  const files = new Map<Run, string>();
  const fileOf = async (run: Run) => {
    const file = files.get(run) ?? join(folder, `report-${files.size}.html`);
    if (!files.has(run)) await writeFile(file, await render(reporter, run));
    files.set(run, file);
    return pathToFileURL(file).href;
  };
  return {
    async open(run, { hash = '', ...options } = {}) {
      const url = await fileOf(run);
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
      const page = await context.newPage();
      const trouble: string[] = [];
      page.on('console', (message) => trouble.push(`console: ${message.text()}`));
      page.on('pageerror', (error) => trouble.push(`error: ${error.message}`));
      page.on('dialog', (dialog) => {
        trouble.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      page.on('request', (request) => {
        if (request.url().split('#')[0] !== url) trouble.push(`request: ${request.url()}`);
      });
      await page.goto(url + hash);
      return { page, trouble };
    },
    async close() {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
