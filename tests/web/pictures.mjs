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
  ['stock-product', '/stock/of/85123A'],
  ['stock-receive', '/stock/receive'],
  ['stock-count', '/stock/count'],
  ['stock-entries', '/stock/entries'],
  ['products', '/products'],
  ['product', '/products/85123A'],
  ['returns', '/returns'],
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
// Pages that live by a made warehouse: where its bins stand, and what lies in them. The demo has both.
const HOUSE = [
  ['locations', '/locations'],
  ['location', '/locations/B-07-2'],
  ['map', '/map?x=4800&y=5500&side=left'],
  ['stock-lots', '/stock/lots'],
  ['stock-kit', '/stock/of/SET-1'],
  ['product-kit', '/products/SET-1', (page) => page.locator('[name=part]').first().scrollIntoViewIfNeeded()],
];
const CARRIED = ['board', 'stock', 'stock-receive', 'orders', 'order', 'search', 'customer', 'exceptions', 'more'];

// A held lot and a kit, made as a clerk would.
async function prepare(page, url) {
  const save = () => Promise.all([page.waitForEvent('load'), page.click('form.sheet .btn.pri')]);
  await page.goto(`${url}/products/85123A`);
  await page.check('[name=lot]');
  await save();
  await page.goto(`${url}/stock/receive?sku=85123A&location=B-07-2`);
  await page.fill('[name=units]', '48');
  await page.fill('[name=lot]', 'L-2026-11');
  await save();
  await page.goto(`${url}/stock/lot?sku=85123A&lot=L-2026-11`);
  await page.fill('[name=reason]', 'The maker calls it back: paint comes off');
  await save();
  await page.goto(`${url}/products/new`);
  await page.click('details:has([name=part]) summary');
  for (const [name, value] of Object.entries({ sku: 'SET-1', name: 'Light set', price: '9.99', tax: '20' })) await page.fill(`[name=${name}]`, value);
  for (const [n, [code, units]] of [['85123A', '2'], ['71053', '1']].entries()) {
    await page.locator('[name=part]').nth(n).fill(code);
    await page.locator('[name=part-units]').nth(n).fill(units);
  }
  await save();
}

// Takes the chosen pictures of one server.
async function take(page, url, pages, suffix) {
  for (const [name, path, before] of pages) {
    const answer = await page.goto(url + path);
    if (!answer.ok()) throw new Error(`${path} is answered with ${answer.status()}`);
    await before?.(page);
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: join(out, `${name}${suffix}.png`) });
  }
}

const wished = (pages) => pages.filter(([name]) => only.length === 0 || only.includes(name));
const browser = await launch();
if (wished(HOUSE).length > 0) {
  const house = await serve(program, null, [['clerk', 'admin']]);
  try {
    const page = await person(browser, house.url, 'clerk', WIDE);
    await prepare(page, house.url);
    await take(page, house.url, wished(HOUSE), '');
  } finally {
    await house.stop();
  }
}
const server = await serve(program, orders, [['admin', 'admin']]);
try {
  for (const [viewport, scheme, suffix, wanted] of [
    [WIDE, 'light', '', PAGES], [PHONE, 'light', '-phone', PAGES.filter(([name]) => CARRIED.includes(name))],
    [WIDE, 'dark', '-dark', PAGES.filter(([name]) => name === 'orders')],
  ]) {
    const chosen = wished(wanted);
    if (chosen.length === 0) continue;
    const page = await person(browser, server.url, 'admin', viewport, scheme);
    await take(page, server.url, chosen, suffix);
    await page.context().close();
  }
  console.log(`pictures of the console are in ${out}`);
} finally {
  await browser.close();
  await server.stop();
}
