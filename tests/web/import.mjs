// Bringing a list in, walked through as a clerk would in Chromium: sending it, naming its columns, trying it, reading which rows are
// wrong, taking the good ones in; wide and phone, light and dark, each page by the rules of accessibility.
// Usage: node tests/web/import.mjs PROGRAM
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PHONE, WIDE, ensure, launch, person, say, serve, sound, until } from './kit.mjs';

const ORDERS = `InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
536365,85123A,WHITE HANGING HEART T-LIGHT HOLDER,6.0,2010-12-01 08:26:00,2.55,17850.0,United Kingdom
`;
const LIST = 'Artikelnummer;Bezeichnung;Preis;Gewicht\nN-1;Kaffee;12,50;250\nN-2;;3,00;\nN-3;Tee;viel;100\n85123A;;2,75;\n';

const settled = (page) => until(async () => {
  await page.reload();
  return (await page.locator('[data-poll]').count()) === 0;
}, 'the list is through');

async function walk(page, url, folder, name) {
  writeFileSync(join(folder, name), LIST);
  await page.goto(`${url}/import`);
  await sound(page, `lists ${name}`);
  await page.selectOption('select[name=kind]', 'products');
  await page.setInputFiles('input[type=file]', join(folder, name));
  await page.click('form.upload button');
  await page.waitForURL('**/import/*');
  ensure(await page.isChecked('[name=comma]'), 'decimal commas are seen');
  ensure((await page.inputValue('[name=f-sku]')) === '0', 'the code is guessed');
  ensure((await page.inputValue('[name=f-price]')) === '2', 'the price is guessed');
  await sound(page, `columns ${name}`);
  await page.selectOption('[name=f-weight_g]', '3');
  await page.click('form.sheet button');
  await settled(page);
  const wrong = await page.locator('table.rows tbody tr').evaluateAll((rows) => rows.map((row) => row.cells[0].textContent));
  ensure(wrong.includes('3') && wrong.includes('4'), `rows 3 and 4 are wrong: ${wrong}`);
  await sound(page, `tried ${name}`);
  const taken = page.waitForEvent('download');
  await page.click('a[download]');
  const text = readFileSync(await (await taken).path(), 'utf8');
  ensure(text.trim().split('\n').length === 3, 'two wrong rows in the file');
  await page.click('form[action$="/run"] button');
  await settled(page);
  ensure((await page.textContent('main')).includes(say('sheet-far', { n: 2, of: 4, bad: 2 })), 'two rows are taken in');
  await sound(page, `done ${name}`);
  await page.goto(`${url}/import`);
  ensure((await page.locator(`text=${name}`).count()) === 1, 'the list is listed');
}

async function refusals(page, url, folder) {
  writeFileSync(join(folder, 'picture.csv'), Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'));
  await page.goto(`${url}/import`);
  await page.setInputFiles('input[type=file]', join(folder, 'picture.csv'));
  await page.click('form.upload button');
  await page.waitForSelector('[role=alert]');
  ensure((await page.textContent('[role=alert]')).includes(say('sheet-strange')), 'a picture is no list');
  // The status is what the walk asks for.
  page.complaints.length = 0;
  await sound(page, 'a refused list');
}

const program = process.argv[2];
if (!program) throw new Error('usage: node tests/web/import.mjs PROGRAM');
const folder = mkdtempSync(join(tmpdir(), 'packbench-lists.'));
const server = await serve(program, ORDERS, [['desk', 'office'], ['phone', 'office']]);
const browser = await launch();
try {
  const wide = await person(browser, server.url, 'desk', WIDE);
  await walk(wide, server.url, folder, 'wide.csv');
  await refusals(wide, server.url, folder);
  const phone = await person(browser, server.url, 'phone', PHONE, 'dark');
  await walk(phone, server.url, folder, 'phone.csv');
  console.log('the lists: all walked');
} finally {
  await browser.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
