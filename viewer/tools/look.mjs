// Takes pictures of every view of a page in a headless Chromium, and says what the page complained of.
//
//   node tools/look.mjs PAGE FOLDER [--dark] [--views flame,table] [--hash MORE] [--browser PATH]
import { mkdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    dark: { type: 'boolean', default: false },
    views: { type: 'string', default: 'overview,flame,sunburst,sandwich,source,table' },
    hash: { type: 'string', default: '' },
    browser: { type: 'string', default: '/usr/bin/chromium' },
  },
});
const [page, folder] = positionals;
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({ executablePath: values.browser, args: ['--no-sandbox'] });
const tab = await browser.newPage({
  viewport: { width: 1400, height: 860 },
  colorScheme: values.dark ? 'dark' : 'light',
});
tab.on('console', (message) => console.log(`${message.type()}: ${message.text()}`));
tab.on('pageerror', (error) => console.log(`error: ${error.stack}`));
for (const view of values.views.split(',')) {
  await tab.goto('about:blank');
  await tab.goto(`file://${resolve(page)}#view=${view}&${values.hash}`);
  await tab.waitForSelector(`[data-testid=view-${view}]`, { timeout: 20000 });
  await tab.waitForTimeout(700);
  const name = `${basename(page, '.html')}-${view}${values.dark ? '-dark' : ''}.png`;
  await tab.screenshot({ path: join(folder, name) });
}
await browser.close();
