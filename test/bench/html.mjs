import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startChromium } from '../browser/chromium.mjs';
import { runMeasured } from './measured.mjs';
import { median, round } from './numbers.mjs';
import { writeSnapshot } from './snapshot.mjs';

const goalMs = 2000;

/** What the page says of itself once its list stands there and has been painted. */
async function openOnce(browser, url) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const started = performance.now();
  await page.goto(url);
  await page.waitForFunction(() => document.querySelectorAll('#list details').length > 0);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  const readyMs = performance.now() - started;
  const { metrics } = await session.send('Performance.getMetrics');
  const cpuMs = 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0);
  const paintMs = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0);
  const [searchMs, nodes] = await page.evaluate(() => {
    const search = document.getElementById('search');
    const before = performance.now();
    search.value = 'acme';
    search.dispatchEvent(new Event('input', { bubbles: true }));
    return [performance.now() - before, document.querySelectorAll('*').length];
  });
  await context.close();
  return { readyMs, cpuMs, paintMs, searchMs, nodes };
}

async function openRepeatedly(url, rounds) {
  const browser = await startChromium();
  try {
    const runs = [];
    for (let turn = 0; turn < rounds; turn += 1) runs.push(await openOnce(browser, url));
    const middle = (name) => round(median(runs.map((run) => run[name])), 0);
    return {
      paintMs: middle('paintMs'),
      readyMs: middle('readyMs'),
      cpuMs: middle('cpuMs'),
      searchMs: middle('searchMs'),
      nodes: middle('nodes'),
    };
  } finally {
    await browser.close();
  }
}

/** Writes the page of a large snapshot and opens it, each time in a fresh profile. */
export async function measureHtml({ inside, root, folder, size, rounds }) {
  const snapshot = join(folder, 'snapshot-html');
  const out = join(folder, 'run-html');
  const file = join(folder, 'report.html');
  await writeSnapshot(inside, snapshot, size);
  const args = [join(root, 'dist/cli.js'), 'audit', '--from', snapshot, '--out', out, '--quiet'];
  const policy = ['--policy', join(root, 'policies.yaml'), '--report', file];
  const written = await runMeasured([...args, ...policy], { codes: [0, 1, 3] });
  const { totals } = JSON.parse(await readFile(join(out, 'assessment.json'), 'utf8'));
  const opened = await openRepeatedly(pathToFileURL(file).href, rounds);
  const megabytes = round((await stat(file)).size / 1e6);
  for (const path of [snapshot, out, file]) await rm(path, { recursive: true });
  return {
    rounds,
    results: Object.values(totals).reduce((sum, count) => sum + count, 0),
    findings: totals.fail + totals.unknown + totals['not-evaluated'],
    megabytes,
    writeRssMb: round(written.rss, 0),
    ...opened,
    goalMs,
  };
}
