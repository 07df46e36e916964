// Pictures of every page of the console for the documentation: wide, and those a clerk carries about on a phone. It writes
// docs/images/office/; look at them before they are committed. Usage: node tests/web/pictures.mjs PROGRAM [NAME…]
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PHONE, WIDE, launch, person, serve } from './kit.mjs';
import { CARRIED, PAGES, orders } from './pages.mjs';

const [program, ...only] = process.argv.slice(2);
const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const out = process.env.WEB_PICTURES ?? join(root, "docs/images/office");
mkdirSync(out, { recursive: true });

// Pages that live by a made warehouse: where its bins stand, and what lies in them. The demo has both.
const HOUSE = [
  ['locations', '/locations'],
  ['location', '/locations/B-07-2'],
  ['map', '/map?x=4800&y=5500&side=left'],
  ['stock-lots', '/stock/lots'],
  ['stock-kit', '/stock/of/SET-1'],
  ['layout', '/layout'],
  ['product-kit', '/products/SET-1', (page) => page.locator('[name=part]').first().scrollIntoViewIfNeeded()],
];

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
  await page.goto(`${url}/new-product`);
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
    const carried = wished(HOUSE).filter(([name]) => CARRIED.includes(name));
    const phone = await person(browser, house.url, 'clerk', PHONE);
    await take(phone, house.url, carried, '-phone');
  } finally {
    await house.stop();
  }
}
// Enough to fill every list.
const server = await serve(program, orders(4000), [['admin', 'admin']]);
try {
  for (const [viewport, scheme, suffix, wanted] of [
    [WIDE, 'light', '', PAGES], [PHONE, 'light', '-phone', PAGES.filter(([name]) => CARRIED.includes(name))],
    [WIDE, 'dark', '-dark', PAGES.filter(([name]) => name === 'orders')],
  ]) {
    const chosen = wished(wanted).filter(([name]) => !HOUSE.some(([made]) => made === name));
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
