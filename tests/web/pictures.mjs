// Pictures of every page of the console for the documentation: wide, and those a clerk carries about on a phone. It writes
// docs/images/office/; look at them before they are committed. Usage: node tests/web/pictures.mjs PROGRAM [NAME…]
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { PHONE, WIDE, launch, person, serve } from './kit.mjs';

const [program, ...only] = process.argv.slice(2);
const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const out = process.env.WEB_PICTURES ?? join(root, "docs/images/office");
mkdirSync(out, { recursive: true });

// The newest orders of the demo's week are enough to fill every list.
const [head, ...week] = gunzipSync(readFileSync(join(root, 'assets/demo/week.csv.gz'))).toString('utf8').trim().split('\n');
const orders = `${[head, ...week.slice(0, 4000)].join('\n')}\n`;

// Name, address, and what is done before the picture.
const PAGES = [
  ['orders', '/orders'],
  ['orders-filter', '/orders', (page) => page.click('details.filter summary')],
  ['order', '/orders/536365'],
  ['board', '/board'],
  ['board-stages', '/board/stages'],
  ['board-reminders', '/board/reminders'],
  ['order-new', '/orders/new'],
  ['order-rules', '/orders/rules'],
  ['order-exports', '/orders/exports'],
  ['search', '/search?q=lantern'],
  ['more', '/exceptions', (page) => page.click('nav .more summary')],
  ['customers', '/customers'],
  ['customer', '/customers/17850'],
  ['import', '/import'],
  ['stock', '/stock'],
  ['stock-product', '/stock/85123A'],
  ['stock-receive', '/stock/receive'],
  ['stock-count', '/stock/count'],
  ['stock-lots', '/stock/lots'],
  ['stock-entries', '/stock/entries'],
  ['products', '/products'],
  ['product', '/products/85123A'],
  ['locations', '/locations'],
  ['map', '/map'],
  ['returns', '/returns'],
  ['handover', '/handover'],
  ['handover-manifests', '/handover/manifests'],
  ['messages', '/messages'],
  ['message-templates', '/messages/templates'],
  ['message-settings', '/messages/settings'],
  ['webhooks', '/webhooks'],
  ['stations', '/stations'],
  ['exceptions', '/exceptions'],
  ['people', '/people'],
  ['person-new', '/people/new'],
  ['roles', '/roles'],
  ['keys', '/keys'],
  ['audit', '/audit'],
];
const CARRIED = ['board', 'handover', 'stock', 'stock-receive', 'orders', 'order', 'search', 'customer', 'exceptions', 'more'];

const server = await serve(program, orders, [['admin', 'admin']]);
const browser = await launch();
try {
  for (const [viewport, scheme, suffix, wanted] of [
    [WIDE, 'light', '', PAGES], [PHONE, 'light', '-phone', PAGES.filter(([name]) => CARRIED.includes(name))],
    [WIDE, 'dark', '-dark', PAGES.filter(([name]) => name === 'orders')],
  ]) {
    const chosen = wanted.filter(([name]) => only.length === 0 || only.includes(name));
    if (chosen.length === 0) continue;
    const page = await person(browser, server.url, 'admin', viewport, scheme);
    for (const [name, path, before] of chosen) {
      const answer = await page.goto(server.url + path);
      if (!answer.ok()) throw new Error(`${path} is answered with ${answer.status()}`);
      await before?.(page);
      await page.evaluate(() => document.fonts.ready);
      await page.screenshot({ path: join(out, `${name}${suffix}.png`) });
    }
    await page.context().close();
  }
  console.log(`pictures of the console are in ${out}`);
} finally {
  await browser.close();
  await server.stop();
}
