import axe from 'axe-core';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { loadCatalogue } from '../../harness/catalogue.ts';
import { findChromium } from '../../scripts/chromium.ts';
import { describeChecks } from '../details.ts';
import { fakeClusterRun, fakeRun, fakeVerdict } from '../testing.ts';
import { html } from './index.ts';

const executablePath = findChromium();
const skipped = executablePath === undefined && !process.env['CI'];
if (skipped) console.warn('No Chromium on the PATH: the HTML report is NOT tested in a browser. Install chromium.');

const catalogue = await loadCatalogue();
const details = describeChecks(catalogue);
const report = html(fakeClusterRun([...catalogue.keys()]), details);

describe.skipIf(skipped)('report.html in Chromium', { timeout: 120_000 }, () => {
  let browser: Browser;

  beforeAll(async () => {
    if (executablePath === undefined) throw new Error('no Chromium on the PATH: install chromium');
    // Chromium's own sandbox refuses to work for root.
    browser = await chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 });
  }, 60_000);
  afterAll(() => browser.close());

  /**
   * The page as a server gives it, with all that belongs to it, and what it asked for and complained of. No script of its
   * own could run in it.
   */
  async function open(text: string, options: BrowserContextOptions = {}) {
    const requests: string[] = [];
    const server = createServer(({ url }, response) => {
      requests.push(url ?? '');
      response.setHeader('content-type', 'text/html; charset=utf-8').end(url === '/' ? text : '');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const context = await browser.newContext(options);
    onTestFinished(async () => {
      await context.close();
      server.close();
    });
    const page = await context.newPage();
    const messages: string[] = [];
    page.on('console', (message) => messages.push(message.text()));
    page.on('request', (request) => requests.push(`asked: ${new URL(request.url()).pathname}`));
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    return { page, requests, messages };
  }

  const laptop = { viewport: { width: 1280, height: 800 } };
  const phone = { viewport: { width: 360, height: 740 } };
  const details = (page: Page, name: string) => page.locator('details.check', { hasText: name }).first();

  it('asks for nothing but itself, and complains of nothing', async () => {
    const { requests, messages } = await open(report, laptop);
    expect(requests.sort()).toEqual(['/', 'asked: /']);
    expect(messages).toEqual([]);
  });

  it('would stop whatever got into it', async () => {
    const inserted = `<script>document.title = 'ran'</script><p id="styled" style="color: rgb(1, 2, 3)"></p>
      <img src="/image"/><link rel="stylesheet" href="/sheet"/><iframe src="/frame"></iframe></main>`;
    const attacked = report.replace('</main>', inserted);
    const { page, requests, messages } = await open(attacked, laptop);
    expect(await page.title()).toMatch(/^Breached/);
    expect(await page.evaluate("getComputedStyle(document.querySelector('#styled')).color")).not.toBe('rgb(1, 2, 3)');
    expect(requests.filter((one) => !one.startsWith('asked'))).toEqual(['/']);
    await expect.poll(() => messages.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(4);
    // Without this the test proves nothing: without the policy the same things run and load.
    const unguarded = await open(attacked.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, ''), laptop);
    expect(await unguarded.page.title()).toBe('ran');
    expect(unguarded.requests).toEqual(expect.arrayContaining(['/image', '/sheet', '/frame']));
  });

  it('shows what a container wrote as text', async () => {
    const text = '<script>document.title = "ran"</script><b onclick="x()">bold</b> &amp; \u202eturned';
    const hostile = fakeRun([fakeVerdict({ verdict: 'breached', reason: text, observed: text, control: text })]);
    const { page } = await open(html(hostile, new Map()), laptop);
    expect(await page.title()).toMatch(/^Breached/);
    const shown = text.replace('\u202e', '\\u{202e}');
    expect(await page.locator('.reason').textContent()).toBe(shown);
    expect(await page.locator('.seen dd').nth(1).textContent()).toBe(shown);
    expect(await page.locator('main b').count()).toBe(0);
  });

  it.each([
    ['a laptop, light', { ...laptop, colorScheme: 'light' }],
    ['a laptop, dark', { ...laptop, colorScheme: 'dark' }],
    ['a phone, dark', { ...phone, colorScheme: 'dark' }],
  ] as const)('has nothing that axe finds, on %s', async (_, options) => {
    const { page } = await open(report, options);
    await details(page, 'boot-id-is-not-the-nodes').locator('summary').first().click();
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(async () => {
      const found = await (globalThis as unknown as { axe: typeof axe }).axe.run();
      return { violations: found.violations.map(({ id, nodes }) => [id, nodes.slice(0, 3).map((node) => node.html)]) };
    });
    expect(violations).toEqual([]);
  });

  it.each([
    ['a phone', phone],
    ['a laptop', laptop],
  ])('fits %s: nothing is cut off and only tables scroll sideways', async (_, options) => {
    const { page } = await open(report, options);
    await details(page, 'boot-id-is-not-the-nodes').locator('summary').first().click();
    expect(await page.evaluate('document.documentElement.scrollWidth - window.innerWidth')).toBeLessThanOrEqual(0);
  });

  describe('without any script', () => {
    const noScript = { ...laptop, javaScriptEnabled: false };

    it('filters by verdict, from the keyboard', async () => {
      const { page } = await open(report, noScript);
      const rows = page.locator('.matrix tbody tr:has(a):visible');
      const entries = page.locator('details.check:visible');
      expect([await rows.count(), await entries.count()]).toEqual([catalogue.size, catalogue.size]);
      await page.locator('#show-all').focus();
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      expect(await page.locator('#show-breached').isChecked()).toBe(true);
      expect(await rows.allInnerTexts()).toEqual([expect.stringContaining('node-disk-cannot-be-opened')]);
      expect(await entries.count()).toBe(1);
      await page.keyboard.press('Home');
      await page.locator('#show-all').press('Space');
      expect(await rows.count()).toBe(catalogue.size);
    });

    it('opens a check that a link leads to, and one from the keyboard', async () => {
      const { page } = await open(report, noScript);
      const inside = details(page, 'boot-id-is-not-the-nodes').locator('.inside');
      expect(await inside.isVisible()).toBe(false);
      await page.getByRole('link', { name: 'boot-id-is-not-the-nodes' }).click();
      await inside.waitFor({ state: 'visible' });
      const other = details(page, 'boot-time-is-not-the-nodes');
      await other.locator('summary').first().press('Enter');
      await other.locator('.inside').waitFor({ state: 'visible' });
    });

    it('begins with a way past the summary', async () => {
      const { page } = await open(report, noScript);
      await page.keyboard.press('Tab');
      expect(await page.locator('a.skip:focus').count()).toBe(1);
    });
  });

  it('has everything on paper, dark or not', async () => {
    const { page } = await open(report, { ...laptop, colorScheme: 'dark' });
    const color = () => page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
    const entry = details(page, 'boot-id-is-not-the-nodes');
    const closed = (await entry.boundingBox())!.height;
    expect(await color()).not.toBe('rgb(255, 255, 255)');
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await color()).toBe('rgb(255, 255, 255)');
    expect((await entry.boundingBox())!.height).toBeGreaterThan(2 * closed);
    expect(await page.locator('.filter').isVisible()).toBe(false);
  });
});
