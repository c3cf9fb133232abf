// Measures a page in a headless Chromium: the first picture, and the longest frame of each thing that a
// person does. Times are milliseconds.
//
//   node tools/measure.mjs PAGE [--browser PATH]
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { browser: { type: 'string', default: '/usr/bin/chromium' } },
});
const browser = await chromium.launch({ executablePath: values.browser, args: ['--no-sandbox'] });
// Else a step that fails would leave the browser, and us waiting for it.
process.on('uncaughtException', (error) => {
  console.log(`error: ${error.message}`);
  process.exit(1);
});
const tab = await browser.newPage({ viewport: { width: 1400, height: 860 } });
tab.on('pageerror', (error) => console.log(`error: ${error.stack}`));
await tab.addInitScript(() => {
  window.longTasks = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      window.longTasks.push([Math.round(entry.startTime), Math.round(entry.duration)]);
    }
  }).observe({ entryTypes: ['longtask'] });
});
const address = `file://${resolve(positionals[0])}`;
await tab.goto(`${address}#view=flame`);
await tab.waitForSelector('[data-testid=flame-canvas]');
const first = await tab.evaluate(
  () =>
    new Promise((done) => {
      const look = () => {
        const canvas = document.querySelector('[data-testid=flame-canvas]');
        const pixel = canvas.getContext('2d').getImageData(5, 5, 1, 1).data;
        if (pixel[3] > 0) {
          const navigation = performance.getEntriesByType('navigation')[0];
          done({ picture: performance.now(), parsed: navigation.domInteractive });
        } else {
          requestAnimationFrame(look);
        }
      };
      look();
    }),
);
const marks = await tab.evaluate(() =>
  performance
    .getEntriesByType('mark')
    .map((m) => `${m.name} ${Math.round(m.startTime)}`)
    .join(', '),
);
console.log(marks);
console.log(`first picture ${Math.round(first.picture)} (page parsed ${Math.round(first.parsed)})`);

async function frames(name, action) {
  await tab.waitForTimeout(400);
  await tab.evaluate(() => {
    window.longTasks.length = 0;
    window.gaps = [];
    let last = performance.now();
    window.watching = true;
    const step = () => {
      const now = performance.now();
      window.gaps.push(now - last);
      last = now;
      if (window.watching) {
        requestAnimationFrame(step);
      }
    };
    requestAnimationFrame(step);
  });
  await action();
  await tab.waitForTimeout(500);
  const { gaps, tasks } = await tab.evaluate(() => {
    window.watching = false;
    return { gaps: window.gaps.slice(1), tasks: window.longTasks };
  });
  const longest = Math.max(...gaps);
  console.log(
    `${name}: longest frame ${longest.toFixed(0)}, long tasks ${tasks.map(([, time]) => time).join(' ') || 'none'}`,
  );
}

const box = await tab.locator('[data-testid=flame-canvas]').boundingBox();
const line = await tab.locator('[data-testid=timeline-canvas]').boundingBox();
await frames('hover', async () => {
  for (let i = 0; i < 30; ++i) {
    await tab.mouse.move(box.x + 20 + i * 25, box.y + 30 + i * 8);
  }
});
await frames('zoom in', async () => {
  for (let i = 0; i < 5; ++i) {
    await tab.mouse.click(box.x + 60, box.y + 19 * (i + 2) + 8);
    await tab.waitForTimeout(60);
  }
});
await frames('zoom out', () => tab.click('[data-testid=zoom-reset]'));
await frames('search', async () => {
  await tab.locator('[data-testid=search]').pressSequentially('method_12', { delay: 40 });
});
await frames('search cleared', () => tab.fill('[data-testid=search]', ''));
await frames('drag a range', async () => {
  await tab.mouse.move(line.x + 200, line.y + 60);
  await tab.mouse.down();
  for (let i = 0; i < 40; ++i) {
    await tab.mouse.move(line.x + 200 + i * 12, line.y + 60);
    await tab.waitForTimeout(16);
  }
  await tab.mouse.up();
});
await frames('range cleared', () => tab.click('[data-testid=range]'));
await frames('clock', () => tab.click('[data-testid=clock-cpu]'));
await frames('in time', () => tab.click('[data-testid=order-time]'));
await frames('in time: zoom', async () => {
  await tab.mouse.move(box.x + 400, box.y + 100);
  await tab.keyboard.down('Shift');
  for (let i = 0; i < 15; ++i) {
    await tab.mouse.wheel(0, -100);
    await tab.waitForTimeout(16);
  }
  await tab.keyboard.up('Shift');
});
await frames('left-heavy', () => tab.click('[data-testid=order-heavy]'));
await frames('callees first', () => tab.click('[data-testid=direction-callees]'));
await frames('callers first', () => tab.click('[data-testid=direction-callers]'));
await frames('by line', () => tab.click('[data-testid=by-line]'));
await frames('by thread', () => tab.click('[data-testid=group-thread]'));
await frames('overview', () => tab.click('[data-testid=tab-overview]'));
await frames('sunburst', () => tab.click('[data-testid=tab-sunburst]'));
await frames('sandwich', () => tab.click('[data-testid=tab-sandwich]'));
await frames('table', () => tab.click('[data-testid=tab-table]'));
await frames('table: scroll', async () => {
  await tab.mouse.move(box.x + 400, box.y + 200);
  for (let i = 0; i < 20; ++i) {
    await tab.mouse.wheel(0, 300);
    await tab.waitForTimeout(16);
  }
});
await frames('table: sort by name', () => tab.click('[data-testid=sort-name]'));
await frames('table: lines', () => tab.click('[data-testid=rows-line]'));
await frames('table: expressions', () => tab.click('[data-testid=rows-expression]'));
await frames('source', () => tab.click('[data-testid=tab-source]'));
if ((await tab.locator('[data-testid=file]').count()) > 1) {
  await frames('source: next file', () => tab.click('[data-testid=file] >> nth=1'));
}
await browser.close();
