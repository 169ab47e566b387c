import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acmeRun, type Run } from '../fixtures/acme-run.ts';
import { hostileNames, hostileRun } from './hostile.ts';
import { openPages, type Pages } from './pages.ts';

let pages: Pages;
let acme: Run;
let hostile: Run;

beforeAll(async () => {
  [pages, acme, hostile] = await Promise.all([openPages(), acmeRun(), hostileRun()]);
});
afterAll(() => pages?.close());

const widths = [1280, 390] as const;
const schemes = ['light', 'dark'] as const;
const places = widths.flatMap((width) => schemes.map((colorScheme) => ({ width, colorScheme })));

/** Opens everything that can be opened. */
async function openAll(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const node of document.querySelectorAll('details')) node.open = true;
  });
  await page.waitForFunction(() =>
    [...document.querySelectorAll('#list details')].every((node) => node.childElementCount === 2),
  );
}

async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const found: unknown = await page.evaluate(`axe.run().then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html.slice(0, 200))))`);
  return found as readonly string[];
}

const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** What stands on the page, its data and its script left out. */
const shownText = (page: Page) =>
  page.evaluate(() => {
    const body = document.body.cloneNode(true) as HTMLElement;
    for (const node of body.querySelectorAll('script')) node.remove();
    return body.textContent ?? '';
  });

const shownNames = (page: Page) => page.locator('#list .what').allTextContents();

describe.each([
  ['an account', () => acme],
  ['a hostile account', () => hostile],
])('the page of %s', (_, runOf) => {
  it.each(places)('is silent, whole and usable at $width in the $colorScheme', async ({ width, colorScheme }) => {
    const { page, trouble } = await pages.open(runOf(), { viewport: { width, height: 800 }, colorScheme });
    expect(await overflow(page)).toBe(0);
    await openAll(page);
    expect(await overflow(page)).toBe(0);
    expect(await violations(page)).toEqual([]);
    expect(trouble).toEqual([]);
    await page.context().close();
  });
});

describe('hostile names', () => {
  it('are text and nothing else', async () => {
    const { page, trouble } = await pages.open(hostile);
    await openAll(page);
    expect(await page.locator('main img, main b, main i, main [onerror], main [onmouseover]').count()).toBe(0);
    expect(await page.locator('script:not([type])').count()).toBe(1);
    const links = await page.locator('a').evaluateAll((nodes) => nodes.map((node) => node.getAttribute('href') ?? ''));
    expect(links.filter((href) => !href.startsWith('#'))).toEqual([]);
    expect(await page.locator('#list details').count()).toBe(hostileNames.length * 2);
    expect((await shownText(page)).match(/[^\P{Cc}\n\t]|[\p{Cf}\u2028\u2029]/u)).toBeNull();
    expect(trouble).toEqual([]);
    await page.context().close();
  });

  it('cannot run what is added to the page', async () => {
    const { page, trouble } = await pages.open(acme);
    await page.evaluate(() => {
      const script = document.createElement('script');
      try {
        script.text = 'document.title = "owned"';
      } catch {
        // Refused before it could be added.
      }
      document.body.append(script);
      document.body.append(Object.assign(document.createElement('img'), { src: 'https://example.com/x.png' }));
    });
    await expect.poll(() => trouble.length).toBeGreaterThan(0);
    expect(await page.title()).not.toBe('owned');
    expect(trouble.join('\n')).toMatch(/Content Security Policy/);
    await page.context().close();
  });
});

describe('the first screen', () => {
  it.each([true, false])('says the figure, its limits and three answers (scripts: %s)', async (javaScriptEnabled) => {
    const { page } = await pages.open(acme, { javaScriptEnabled });
    const inView = await page.locator('#summary').boundingBox();
    expect((inView?.y ?? 0) + (inView?.height ?? 0)).toBeLessThan(1000);
    const text = (await page.locator('#summary').textContent()) ?? '';
    expect(text).toContain('of 7 promises');
    expect(text).toMatch(/Emulated\..*127\.0\.0\.1/);
    expect(text).toMatch(/Limited\..*us-west-2/);
    expect(text).toMatch(/Incomplete\./);
    for (const question of ['Which promises are broken', 'Whose they are', 'What could not be checked'])
      expect(text).toContain(question);
    expect(text).toContain('ssm:ListComplianceItems');
    expect(await page.locator('#summary svg[role=img]').getAttribute('aria-label')).toContain('of 7 promises');
    await page.context().close();
  });

  it('is followed by examples with their evidence where no script runs', async () => {
    const { page } = await pages.open(acme, { javaScriptEnabled: false });
    expect(await page.locator('#list .finding').count()).toBeGreaterThan(4);
    expect(await page.locator('#list .evidence').count()).toBeGreaterThan(4);
    expect(await page.locator('#filters').isVisible()).toBe(false);
    await page.context().close();
  });
});

describe('addresses', () => {
  const failing = () => acme.results.filter(({ outcome }) => outcome === 'fail');

  it('open a finding', async () => {
    const { page } = await pages.open(acme);
    const link = page.locator('#list details').nth(3);
    const id = (await link.getAttribute('id')) ?? '';
    await page.context().close();
    const { page: again } = await pages.open(acme, { hash: `#${id}` });
    const finding = again.locator(`#${id}`);
    expect(await finding.getAttribute('open')).not.toBeNull();
    expect(await finding.locator('.evidence').count()).toBeGreaterThan(0);
    const hasFocus = () => finding.locator('summary').evaluate((node) => node === document.activeElement);
    await expect.poll(hasFocus).toBe(true);
    await again.context().close();
  });

  it('say when the report lists no such finding', async () => {
    const { page } = await pages.open(acme, { hash: '#f_0000000000000000' });
    expect(await page.locator('#count').textContent()).toContain('lists no finding f_0000000000000000');
    await page.context().close();
  });

  it('open a clause', async () => {
    const { page } = await pages.open(acme, { hash: '#clause-1.3-server-2' });
    expect(await page.locator('[id="clause-1.3-server-2"]').getAttribute('open')).not.toBeNull();
    await page.context().close();
  });

  it('carry filters there and back', async () => {
    const { page } = await pages.open(acme, { hash: '#findings?outcome=fail&account=111122223333' });
    expect(await page.locator('select[name=outcome]').inputValue()).toBe('fail');
    const wanted = failing().filter(({ account }) => account === '111122223333');
    await expect.poll(() => page.locator('#list details').count()).toBe(wanted.length);
    await page.locator('select[name=severity]').selectOption('critical');
    expect(new URL(page.url()).hash).toBe('#findings?outcome=fail&severity=critical&account=111122223333');
    const critical = wanted.filter(({ severity }) => severity === 'critical');
    expect(await page.locator('#list details').count()).toBe(critical.length);
    await page.getByRole('button', { name: 'Show all' }).last().click();
    await expect.poll(() => page.locator('#list details').count()).toBe(acme.results.length);
    await page.context().close();
  });

  it('narrow clauses by their verdict', async () => {
    const { page } = await pages.open(acme);
    await page.locator('.legend a', { hasText: 'Broken' }).click();
    const broken = acme.assessment.clauses.filter(({ verdict }) => verdict === 'broken').map(({ id }) => id);
    await expect.poll(() => page.locator('[data-clause]:visible .id').allTextContents()).toEqual(broken);
    await page.context().close();
  });
});

describe('filters', () => {
  const rulesOf = (wanted: (clause: Run['assessment']['clauses'][number]) => boolean) =>
    new Set(acme.assessment.clauses.filter(wanted).flatMap(({ rules }) => rules));

  it.each([
    ['outcome', 'unknown', () => acme.results.filter(({ outcome }) => outcome === 'unknown').length],
    ['severity', 'critical', () => acme.results.filter(({ severity }) => severity === 'critical').length],
    ['region', 'eu-west-1', () => acme.results.filter(({ region }) => region === 'eu-west-1').length],
    ['account', '444455556666', () => acme.results.filter(({ account }) => account === '444455556666').length],
    ['rule', 'sg-closed', () => acme.results.filter(({ rule }) => rule === 'sg-closed').length],
    [
      'owner',
      'platform',
      () => acme.results.filter(({ rule }) => rulesOf((c) => c.owner === 'platform').has(rule)).length,
    ],
    [
      'verdict',
      'broken',
      () => acme.results.filter(({ rule }) => rulesOf((c) => c.verdict === 'broken').has(rule)).length,
    ],
  ] as const)('narrow by %s', async (name, value, count) => {
    const { page } = await pages.open(acme);
    await page.locator(`select[name=${name}]`).selectOption(value);
    expect(count()).toBeGreaterThan(0);
    await expect.poll(() => page.locator('#list details').count()).toBe(count());
    expect(await page.locator('#count').textContent()).toContain(`${count()} of ${acme.results.length} listed`);
    await page.context().close();
  });

  it('search names and messages', async () => {
    const { page } = await pages.open(acme);
    await page.locator('#search').fill('WEB-SG-3 is open');
    expect(await shownNames(page)).toEqual(['web-sg-3']);
    await page.locator('#search').fill('nothing is called so');
    expect(await page.locator('#list').textContent()).toContain('No result fits');
    await page.context().close();
  });
});

describe('the keyboard', () => {
  it('reaches everything: search, findings, their details, and out again', async () => {
    const { page } = await pages.open(acme);
    const focused = () => page.evaluate(() => document.activeElement?.id || document.activeElement?.parentElement?.id);
    const ids = await page.locator('#list details').evaluateAll((nodes) => nodes.map(({ id }) => id));
    await page.keyboard.press('/');
    expect(await focused()).toBe('search');
    await page.keyboard.type('j/k');
    expect(await page.locator('#search').inputValue()).toBe('j/k');
    await page.keyboard.press('Escape');
    expect(await page.locator('#search').inputValue()).toBe('');
    expect(await page.locator('#list details').count()).toBe(ids.length);
    for (const [key, index] of [
      ['j', 0],
      ['j', 1],
      ['j', 2],
      ['k', 1],
    ] as const) {
      await page.keyboard.press(key);
      expect(await focused()).toBe(ids[index]);
    }
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator(`#${ids[1]} .evidence`).count()).toBeGreaterThan(0);
    await page.keyboard.press('Escape');
    expect(await page.locator(`#${ids[1]}`).getAttribute('open')).toBeNull();
    await page.keyboard.press('?');
    expect(await page.locator('#keys').getAttribute('open')).not.toBeNull();
    await page.context().close();
  });
});

describe('on paper', () => {
  it('everything is open, and closed again afterwards', async () => {
    const { page, trouble } = await pages.open(acme);
    await page.evaluate(() => {
      addEventListener('beforeprint', () => {
        const all = [...document.querySelectorAll('details')];
        document.documentElement.dataset.printed = `${all.filter((node) => node.open).length}/${all.length}`;
      });
    });
    const before = await page.locator('details[open]').count();
    expect((await page.pdf()).length).toBeGreaterThan(20_000);
    const [open, all] = (await page.locator('html').getAttribute('data-printed'))?.split('/') ?? [];
    expect(open).toBe(all);
    await expect.poll(() => page.locator('details[open]').count()).toBe(before);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('#filters').isVisible()).toBe(false);
    expect(trouble).toEqual([]);
    await page.context().close();
  });
});

it('the theme can be turned by hand', async () => {
  const { page } = await pages.open(acme, { colorScheme: 'light' });
  const colour = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await colour();
  await page.locator('#theme').click();
  expect(await colour()).not.toBe(light);
  await page.locator('#theme').click();
  expect(await colour()).toBe(light);
  await page.context().close();
});
