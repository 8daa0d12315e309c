import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where Debian's packages and others put the browser. */
const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = PATHS.find((path) => existsSync(path));

/** Why nothing can be tried in a browser here; undefined where it can. */
export const noBrowser = executablePath === undefined ? `no Chromium here: none of ${PATHS.join(', ')}` : undefined;

/** Chromium without a window, and without the connections that it makes for itself. */
export async function startChromium(): Promise<Browser> {
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ];
  return chromium.launch({ args, ...(executablePath === undefined ? {} : { executablePath }) });
}
