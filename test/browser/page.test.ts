import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPage } from '../../scripts/browser-page.js';
import { noBrowser, startChromium } from './chromium.ts';

const work = mkdtempSync(join(tmpdir(), 'netdrift-page-'));
const file = join(work, 'netdrift.html');
const listing = (side: string): string => readFileSync(new URL(`../../fixtures/demo/${side}/ipvsadm-ln.txt`, import.meta.url), 'utf8');

describe.skipIf(noBrowser !== undefined)(
  `the page of two pastes in Chromium${noBrowser === undefined ? '' : ` (skipped: ${noBrowser})`}`,
  () => {
    let browser: Browser;
    beforeAll(async () => {
      writeFileSync(file, await browserPage());
      browser = await startChromium();
    });
    afterAll(async () => {
      await browser.close();
      rmSync(work, { recursive: true });
    });

    async function open(width = 1280): Promise<{ readonly page: Page; readonly wrong: string[] }> {
      const page = await browser.newPage({ viewport: { width, height: 900 }, offline: true });
      const wrong: string[] = [];
      page.on('console', (message) => wrong.push(message.text()));
      page.on('pageerror', (error) => wrong.push(String(error)));
      page.on('dialog', (dialog) => wrong.push(dialog.message()));
      page.on('request', (request) => /^(file|about|data):/.test(request.url()) || wrong.push(request.url()));
      await page.goto(pathToFileURL(file).href);
      return { page, wrong };
    }

    it.each([360, 1280])('compares two pastes, %i pixels wide, and axe-core finds nothing', async (width) => {
      const { page, wrong } = await open(width);
      await page.getByLabel('Before').fill(listing('before'));
      await page.getByLabel('After').fill(listing('drifted'));
      await page.getByRole('button', { name: 'Compare' }).click();
      expect(await page.frameLocator('#report').locator('.verdict').textContent()).toMatch(/^Drift: \d+ /);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      await page.evaluate(axe.source);
      const violations: { id: string }[] = await page.evaluate('axe.run({ iframes: false }).then(({ violations }) => violations)');
      expect({ violations: violations.map(({ id }) => id), wrong }).toEqual({ violations: [], wrong: [] });
      await page.close();
    });

    it('checks one paste alone, says that nothing is pasted, and takes hostile text as text', async () => {
      const { page, wrong } = await open();
      await page.getByRole('button', { name: 'Compare' }).click();
      expect(await page.getByRole('status').textContent()).toBe('Nothing is pasted.');
      await page.getByLabel('After').fill(`${listing('before')}\n</textarea></script><script>alert(1)</script>`);
      await page.getByRole('button', { name: 'Compare' }).click();
      expect(await page.frameLocator('#report').locator('h1').textContent()).toBe('netdrift check');
      expect(wrong).toEqual([]);
      await page.close();
    });
  },
);
