// The table of orders walked through as clerks would, in Chromium: filters, views, columns, keys, the chosen and undo, a field two
// clerks change at once, rows that follow without reload, the counter of new orders; wide and phone, light and dark, each
// page by the rules of accessibility. Usage: node tests/web/orders.mjs PROGRAM
import { readFileSync } from 'node:fs';
import { PHONE, WIDE, ensure, launch, person, say, serve, sound, until } from './kit.mjs';

const HEAD = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
const lines = [HEAD];
const countries = ['United Kingdom', 'France', 'Germany', 'EIRE'];
for (let n = 0; n < 60; n += 1) {
  const [number, day, customer] = [536365 + n, String(1 + (n % 28)).padStart(2, '0'), 12345 + (n % 23)];
  for (let line = 0; line <= n % 4; line += 1) {
    const item = [['85123A', 'WHITE HANGING HEART T-LIGHT HOLDER', '2.55'], ['71053', 'WHITE METAL LANTERN', '3.39'],
      ['22728', 'ALARM CLOCK BAKELIKE PINK', '3.75'], ['22139', 'RETROSPOT TEA SET CERAMIC 11 PC', '4.95']][line];
    lines.push(`${number},${item[0]},${item[1]},${1 + ((n * 7) % 40)}.0,2010-12-${day} 08:26:00,${item[2]},${customer}.0,${countries[n % 4]}`);
  }
}

const order = (page, number) => page.locator(`tr[data-order="${number}"]`);
const numbers = (page) => page.locator('#orders tbody tr').evaluateAll((rows) => rows.map((row) => row.dataset.order));

async function filters(page, url) {
  await page.goto(`${url}/orders`);
  ensure((await numbers(page)).length === 50, 'fifty rows a page');
  await page.click('a[rel=next]');
  ensure((await numbers(page)).length === 10, 'ten on the second page');
  await page.goto(`${url}/orders`);
  await page.keyboard.press('/');
  await page.keyboard.type('53636');
  await page.keyboard.press('Enter');
  await page.waitForURL('**search=53636**');
  ensure((await numbers(page)).length === 5, 'numbers that begin so');
  await page.click('.chip');
  await page.click('details.filter summary');
  await sound(page, 'orders with open filters');
  await page.check('details.filter [name=fulfillment][value=unfulfilled]');
  await page.fill('details.filter [name=from]', '2010-12-05');
  await page.fill('details.filter [name=until]', '2010-12-06');
  await page.click('details.filter .btn.pri');
  await page.waitForURL('**from=2010-12-05**');
  ensure((await page.locator('.chip').count()) === 3, 'three chips');
  await page.click('thead th[data-column=total] a');
  ensure((await page.getAttribute('thead th[data-column=total]', 'aria-sort')) === 'descending', 'greatest first');
  await page.click('details.drop:has(form[action="/orders/views"]) summary');
  await page.fill('form[action="/orders/views"] [name=name]', 'Early December');
  await page.click('form[action="/orders/views"] .btn.pri');
  await page.waitForSelector('nav.tabs a.on:has-text("Early December")');
  await sound(page, 'a saved view');
}

async function anything(page, url) {
  await page.goto(`${url}/stations`);
  await page.keyboard.press('/');
  await page.keyboard.type('lantern');
  await page.waitForSelector('#palette li:has-text("71053")');
  await page.keyboard.press('Escape');
  await page.goto(`${url}/search?q=5363`);
  await sound(page, 'what was found');
  await page.fill('#search', '536370');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/orders/536370');
}

async function columns(page, url) {
  await page.goto(`${url}/orders`);
  const column = page.locator('thead th[data-column=customer]');
  const before = (await column.boundingBox()).width;
  const grip = await column.locator('.grip').boundingBox();
  await page.mouse.move(grip.x + 4, grip.y + 8);
  await page.mouse.down();
  await page.mouse.move(grip.x + 104, grip.y + 8, { steps: 5 });
  const kept = page.waitForResponse('**/orders/columns');
  await page.mouse.up();
  await kept;
  await page.reload();
  ensure((await column.boundingBox()).width >= before + 90, 'the width is kept');
  await page.click('details:has(#columns) summary');
  await page.check('#columns [name=on-note]');
  await page.check('#columns [name=on-ship-by]');
  await page.uncheck('#columns [name=on-status]');
  await page.fill('#columns [name=at-total]', '2');
  await sound(page, 'the columns');
  await page.click('#columns .btn.pri');
  await page.waitForSelector('thead th[data-column=note]');
  const heads = await page.locator('thead th[data-column]').evaluateAll((all) => all.map((th) => th.dataset.column));
  ensure(!heads.includes('status') && heads.indexOf('total') <= 2, `the columns are as set: ${heads}`);
}

// What is done to all that fit, not only to those of the page, is asked once more, and taken back as a whole.
async function every(page, url) {
  await page.goto(`${url}/orders`);
  await page.check('#all');
  await page.check('#bulk [name=every]');
  await page.click('#bulk [value=hold]');
  await sound(page, 'all that fit, asked once more');
  await page.click('form[action="/orders/many"] .btn.pri');
  await page.waitForURL('**/orders/many/*');
  await page.waitForSelector('[data-state=done][data-done="60"]');
  await sound(page, 'held, all that fit');
  await page.click('form[action$="/undo"] button');
  await page.waitForSelector('[data-state=done][data-done="60"]');
  await page.goto(`${url}/orders/many`);
  ensure((await page.locator('tbody tr').count()) === 2, 'two jobs');
  await sound(page, 'what was done to many orders');
}

async function keys(page, url) {
  await page.goto(`${url}/orders`);
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await until(async () => (await page.textContent('#chosen')).includes('2'), 'two are chosen');
  const chosen = await page.locator('#orders tr.on').evaluateAll((rows) => rows.map((row) => row.dataset.order));
  await page.click('#bulk [value=hold]');
  await page.waitForSelector('.result[data-done="2"]');
  await order(page, chosen[0]).locator(`text=${say('fulfillment-held')}`).first().waitFor();
  await sound(page, 'orders held with undo');
  await page.click('.result button');
  await until(async () => (await page.textContent('.result')).includes(say('orders-act-let-go')), 'undone');
  await until(async () => !(await order(page, chosen[0]).textContent()).includes(say('fulfillment-held')), 'no longer held');
  await page.locator('#orders tbody tr').first().focus();
  await page.keyboard.press('Control+k');
  await page.keyboard.type(say('console-exceptions'));
  await sound(page, 'the palette');
  await page.fill('#palette input', chosen[0]);
  await page.waitForSelector(`#palette li:has-text("${chosen[0]}") svg`);
  await sound(page, 'the palette with what the server found');
  await page.keyboard.press('Escape');
  await page.keyboard.press('k');
  const first = await page.evaluate(() => document.activeElement.dataset.order);
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/orders/${first}`);
  await sound(page, 'an order');
}

// Two browsers: what one does the other sees without reload, and of two who write one field the slower chooses.
async function together(one, two, url) {
  await one.goto(`${url}/orders?sort=number`);
  await two.goto(`${url}/orders?sort=number`);
  const number = (await numbers(one))[0];
  await one.evaluate(() => { window.stayed = true; });
  await order(two, number).locator('details.acts summary').click();
  await order(two, number).locator('button[value^="first "]').click();
  await order(one, number).locator(`text=${say('orders-flag-expedited')}`).first().waitFor();
  const note = (page) => order(page, number).locator('details.edit[data-field=office_note]');
  await note(one).locator('summary').click();
  await note(one).locator('textarea').fill('Ring before noon');
  await note(two).locator('summary').click();
  await note(two).locator('textarea').fill('Ring after noon');
  await note(two).locator('button').click();
  await order(two, number).locator('text=Ring after noon').first().waitFor();
  await note(one).locator('button').click();
  await order(one, number).locator('form.conflict').waitFor();
  ensure((await order(one, number).textContent()).includes('Ring after noon'), 'the slower one reads what is there');
  ensure((await order(one, number).locator('textarea').inputValue()) === 'Ring before noon', 'and keeps what was typed');
  await sound(one, 'a conflict');
  await order(one, number).locator('form.conflict .btn.pri').click();
  await order(two, number).locator('text=Ring before noon').first().waitFor();
  ensure(await one.evaluate(() => window.stayed), 'nothing was loaded anew');
}

// An order that is typed at one browser is counted and shown at the other.
async function typed(one, two, url) {
  await one.goto(`${url}/orders`);
  await two.goto(`${url}/stations`);
  const seller = await one.context().newPage();
  await seller.goto(`${url}/orders/new`);
  await seller.locator('form:has([name=kind][value=b2b]) .btn.pri').click();
  await seller.waitForURL('**/general');
  await seller.click('[name=go][value=next]');
  await seller.waitForURL('**/customer');
  const address = { name: 'A. Buyer', company: 'Buyer & Co', line1: '1 High Street', postcode: 'LS1 1AA', city: 'Leeds', country: 'GB', phone: '+441130000000' };
  for (const [name, value] of Object.entries(address)) await (name === 'country' ? seller.selectOption(`[name=${name}]`, value) : seller.fill(`[name=${name}]`, value));
  await seller.click('[name=go][value=next]');
  await seller.waitForURL('**/items');
  await seller.fill('[name=find]', 'lantern');
  await seller.press('[name=find]', 'Enter');
  await seller.check('[name=pick]');
  await seller.click('[name=go][value=add]');
  await seller.waitForSelector('[name=units-0]');
  await seller.check('[name=backorder]');
  await seller.click('[name=go][value=next]');
  await seller.waitForURL('**/payment');
  await seller.click('[name=go][value=next]');
  await seller.waitForURL('**/overview');
  await seller.locator('form[action$="/submit"] .btn.pri').click();
  await seller.waitForURL('**/orders/M*');
  const number = seller.url().split('/').pop();
  await seller.close();
  await order(one, number).waitFor();
  await until(() => two.locator('#new-orders').isVisible(), 'the other browser counts it on every page');
  ensure((await two.textContent('#new-orders .n')) === '1', 'one new order');
  await two.goto(`${url}/orders`);
  await order(two, number).locator('.new').waitFor();
}

// A file is asked for, comes by itself, and holds what was shown.
async function files(page, url) {
  await page.goto(`${url}/orders?tab=all&search=53636`);
  await page.click('details:has(form[action="/orders/exports"]) summary');
  await page.click('form[action="/orders/exports"] [value=csv]');
  await page.waitForURL('**/orders/exports');
  await page.locator('a[download]').waitFor();
  await sound(page, 'files of orders');
  const [taken] = await Promise.all([page.waitForEvent('download'), page.click('a[download]')]);
  const text = readFileSync(await taken.path(), 'utf8');
  ensure(text.trim().split('\n').length === 6, `a head and five rows: ${text}`);
}

async function look(browser, url) {
  for (const [what, viewport, scheme] of [['phone light', PHONE, 'light'], ['phone dark', PHONE, 'dark'], ['wide dark', WIDE, 'dark']]) {
    const page = await person(browser, url, 'admin', viewport, scheme);
    for (const path of ['/orders', '/orders?tab=all&sort=status,-total', '/orders/rules']) {
      await page.goto(url + path);
      await sound(page, `${path} ${what}`);
    }
    if (viewport === PHONE) {
      await page.goto(`${url}/orders`);
      await page.locator('#orders tbody tr input[name=pick]').first().check();
      await page.click('#bulk [value=hold]');
      await page.waitForSelector('.result[data-done="1"]');
      await sound(page, `held on a ${what}`);
      await page.click('.result button');
      await until(async () => (await page.textContent('.result')).includes(say('orders-act-let-go')), 'undone on a phone');
    }
    await page.context().close();
  }
}

const server = await serve(process.argv[2], `${lines.join('\n')}\n`, [['admin', 'admin'], ['desk', 'office'], ['lead', 'lead']]);
const browser = await launch();
try {
  const admin = await person(browser, server.url, 'admin', WIDE);
  await sound(admin, 'orders');
  await filters(admin, server.url);
  await anything(admin, server.url);
  await every(admin, server.url);
  await columns(admin, server.url);
  await keys(admin, server.url);
  const lead = await person(browser, server.url, 'lead', WIDE);
  await columns(lead, server.url);
  await together(admin, lead, server.url);
  await typed(admin, lead, server.url);
  await files(admin, server.url);
  await look(browser, server.url);
  for (const page of [admin, lead]) ensure(page.complaints.length === 0, page.complaints.join('; '));
  console.log('the table of orders: walked wide and on a phone, by two at once; no violation found');
} finally {
  await browser.close();
  await server.stop();
}
