import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkSnapshot, compareNodes, diffSnapshots, readSnapshot, type AnyReport, type CheckReport, rendererOf } from '@netdrift/drift';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SCRIPT, SCRIPT_HASH } from '../../packages/drift/src/render/html/script.ts';
import { snapshotFiles } from '../drift/support.ts';
import { noBrowser, startChromium } from './chromium.ts';

const work = mkdtempSync(join(tmpdir(), 'netdrift-browser-'));

const before = readSnapshot(snapshotFiles('fixtures/demo/before'));
const after = readSnapshot(snapshotFiles('fixtures/demo/drifted'));
const DEMO: Readonly<Record<string, AnyReport>> = {
  diff: diffSnapshots(before, after),
  check: checkSnapshot(after),
  nodes: compareNodes([
    { name: 'node-1', snapshot: before },
    { name: 'node-2', snapshot: after },
  ]),
};

it('the page allows its own script by its hash, and no other', () => {
  expect(SCRIPT_HASH).toBe(`sha256-${createHash('sha256').update(SCRIPT).digest('base64')}`);
});

describe.skipIf(noBrowser !== undefined)(`the HTML report in Chromium${noBrowser === undefined ? '' : ` (skipped: ${noBrowser})`}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser.close();
    rmSync(work, { recursive: true });
  });

  /** Opens a report as a file, without a network, and notes all that goes wrong. */
  async function open(rendered: AnyReport, width = 1280): Promise<{ readonly page: Page; readonly wrong: string[] }> {
    const file = join(work, 'report.html');
    writeFileSync(file, rendererOf('html')?.render(rendered) ?? '');
    const page = await browser.newPage({ viewport: { width, height: 900 }, offline: true });
    const wrong: string[] = [];
    page.on('console', (message) => wrong.push(message.text()));
    page.on('pageerror', (error) => wrong.push(String(error)));
    page.on('dialog', (dialog) => wrong.push(`dialog: ${dialog.message()}`));
    page.on('request', (request) => request.url().startsWith('file:') || wrong.push(request.url()));
    await page.goto(pathToFileURL(file).href);
    return { page, wrong };
  }

  const shown = (page: Page) => page.locator('.entry:visible').count();

  it.each(['diff', 'check', 'nodes'])(
    'of %s: axe-core finds nothing, neither in a wide nor in a narrow window, and nothing reaches out of it',
    async (command) => {
      for (const width of [360, 1280]) {
        const { page, wrong } = await open(DEMO[command] as AnyReport, width);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
        // The policy of the page keeps scripts out; a devtools call is none of the page's.
        await page.evaluate(axe.source);
        const violations: { id: string; nodes: { html: string }[] }[] = await page.evaluate(
          'axe.run().then(({ violations }) => violations)',
        );
        expect({ width, violations: violations.map(({ id, nodes }) => [id, nodes[0]?.html]), wrong }).toEqual({
          width,
          violations: [],
          wrong: [],
        });
        await page.close();
      }
    },
  );

  it('filters by severity and by service, and says how many are shown', async () => {
    const { page, wrong } = await open(DEMO['diff'] as AnyReport);
    expect([await shown(page), await page.textContent('#shown')]).toEqual([8, '8 of 8 shown']);
    await page.getByLabel('none (2)').uncheck();
    await page.getByLabel('warning (4)').uncheck();
    expect([await shown(page), await page.textContent('#shown')]).toEqual([2, '2 of 8 shown']);
    await page.getByLabel('Service or id').fill('KUBE-DNS:dns udp');
    expect(await page.locator('.entry:visible h2').allTextContents()).toEqual([
      expect.stringContaining('kube-system/kube-dns:dns (udp 10.96.0.10:53)'),
    ]);
    await page.getByLabel('Service or id').fill('nowhere');
    expect([await shown(page), wrong]).toEqual([0, []]);
    await page.close();
  });

  it('is used by keyboard alone: first the way past the filter, then each box of it, then the proofs', async () => {
    const { page } = await open(DEMO['diff'] as AnyReport);
    const order: string[] = [];
    for (let press = 0; press < 7; press++) {
      await page.keyboard.press('Tab');
      order.push(await page.locator(':focus').evaluate((element) => `${element.tagName} ${element.getAttribute('value') ?? ''}`.trim()));
    }
    expect(order).toEqual(['A', 'INPUT critical', 'INPUT warning', 'INPUT notice', 'INPUT none', 'INPUT', 'SUMMARY']);
    await page.keyboard.press('Enter');
    expect(await page.locator('details[open]').count()).toBe(1);
    await page.close();
  });

  it('draws clients, the service and its endpoints before beside after, and says the same in words', async () => {
    const { page } = await open(DEMO['diff'] as AnyReport);
    const figure = page.locator('.entry').first().locator('figure');
    expect(await figure.locator('figcaption').textContent()).toBe(
      'Connections from pod 10.244.3.9 to udp 10.96.0.10:53. Before: to 10.244.0.2:53 (50 %), 10.244.0.3:53 (50 %), source address kept. After: refused.',
    );
    const [left, right] = await Promise.all([figure.locator('.side').nth(0).boundingBox(), figure.locator('.side').nth(1).boundingBox()]);
    expect(left?.y).toBe(right?.y);
    expect(await figure.locator('.side').nth(0).locator('.lost').count()).toBe(4);
    expect(await figure.locator('.side').nth(1).locator('.end').allTextContents()).toEqual(['refused']);
    await page.close();
  });

  it('takes hostile names as text: nothing of them runs, loads or is hidden', async () => {
    const evil = `x"><img src=http://127.0.0.1:9/ onerror=alert(1)><script>alert(2)</script><style>*{display:none}</style>' onmouseover='alert(3) -->`;
    const hostile = compareNodes([
      { name: evil, snapshot: before },
      { name: '</title><base href=//x>', snapshot: after },
    ]);
    const { page, wrong } = await open(hostile);
    expect(await page.locator('th').first().textContent()).toBe(evil);
    await page.locator('th').first().hover();
    expect([await page.locator('img, base, main script').count(), wrong]).toEqual([0, []]);
    await page.close();
  });

  it('with 5,000 findings opens, and filters to one of them', async () => {
    const content = '-A -t 10.96.0.1:80 -s rr\n-a -t 10.96.0.1:80 -r 10.1.0.1:80 -m -w 0\n';
    const report = checkSnapshot(readSnapshot([{ name: 'ipvsadm-Sn.txt', content }]));
    const ofService = (address: string): CheckReport['findings'] =>
      report.findings.map((finding) => JSON.parse(JSON.stringify(finding).replaceAll('10.96.0.1', address)) as typeof finding);
    const findings = Array.from({ length: 5000 }, (_one, index) => ofService(`10.96.${index >> 8}.${index & 255}`)).flat();
    const { page, wrong } = await open({ ...report, findings });
    expect(await page.locator('.entry.critical').count()).toBe(5000);
    await page.getByLabel('Service or id').fill('10.96.19.135:80');
    expect([await shown(page), wrong]).toEqual([1, []]);
    await page.close();
  });
});
