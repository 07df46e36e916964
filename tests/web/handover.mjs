// The dock walked through as a clerk would, in Chromium: parcels scanned faster than the answers come, refused, taken off, handed over, and
// what the order's page and the customer's say then; wide and phone, light and dark, each page by the rules of accessibility.
// Usage: node tests/web/handover.mjs PROGRAM
import { PHONE, WIDE, ensure, launch, person, serve, sound, until } from './kit.mjs';

const answer = (page, look) => page.locator(`#dock .scanned.${look}`);

// The orders of the demo that are packed already: numbers of the parcels that wait, with their orders.
async function waits(page, url) {
  await page.goto(`${url}/handover`);
  await sound(page, 'the dock');
  const rows = page.locator('#dock section').nth(1).locator('tbody tr');
  await rows.first().waitFor();
  const found = [];
  for (const row of await rows.all()) {
    const cells = await row.locator('td').allTextContents();
    found.push({ parcel: cells[0].trim(), order: cells[1].trim() });
  }
  return found;
}

// No waiting for the field: the page takes keys from its first moment.
async function type(page, code) {
  await page.keyboard.type(code);
  await page.keyboard.press('Enter');
}

async function scans(page, parcels) {
  await type(page, 'nothing such');
  await answer(page, 'x').waitFor();
  await sound(page, 'a scan that is refused');
  ensure((await page.locator('#dock').getAttribute('data-told')) === 'bad', 'it sounds so');
  // One after the other without waiting: none is lost.
  for (const { parcel } of parcels) await type(page, parcel);
  await until(async () => (await page.locator('#dock section').first().locator('tbody tr').count()) === parcels.length, 'all are on the manifest');
  await answer(page, 'k').waitFor();
  await sound(page, 'parcels on a manifest');
  await type(page, parcels[0].parcel);
  await answer(page, 'w').waitFor();
  await page.locator('#dock form[action="/handover/off"] button').last().click();
  await page.waitForURL('**told=off**');
  await answer(page, 'k').waitFor();
  ensure((await page.locator('#dock section').first().locator('tbody tr').count()) === parcels.length - 1, 'it is off');
  await type(page, parcels[0].parcel);
  await answer(page, 'k').waitFor();
}

async function close(page, url, parcels) {
  await page.fill('[name=driver]', 'J. Smith');
  await page.click('form[action="/handover/close"] .btn.pri');
  await page.waitForURL('**/handover/manifests/H000001**');
  ensure((await page.textContent('main')).includes('J. Smith'), 'the driver is named');
  await sound(page, 'a manifest that left');
  const paper = await page.request.get(`${url}/handover/manifests/H000001/paper`);
  ensure(paper.ok() && (await paper.body()).subarray(0, 4).toString() === '%PDF', 'its paper is a PDF');
  // Scanned in the moment in which the page is there, without a touch of its field.
  await page.goto(`${url}/handover`, { waitUntil: 'domcontentloaded' });
  await type(page, parcels[0].parcel);
  await answer(page, 'x').waitFor();
  const refused = await answer(page, 'x').textContent();
  ensure(refused.includes('H000001'), `what left is refused by name: ${refused}`);
}

// A lead takes it back, the order is here again, and it is handed over once more.
async function takeBack(page, url, { order: number }) {
  await page.goto(`${url}/handover/manifests/H000001`);
  await page.click('#reopen summary');
  await page.selectOption('#reopen [name=reason]', 'not_fetched');
  await sound(page, 'a manifest that can be taken back');
  await page.click('#reopen .btn.pri');
  await page.waitForURL('**reopened=**');
  await sound(page, 'a manifest that was taken back');
  await page.goto(`${url}/orders/${number}`);
  const axes = await page.textContent('.axes');
  ensure(axes.includes('Ready to ship'), `the order is in the house again: ${axes}`);
  await page.goto(`${url}/handover`);
  await page.click('form[action="/handover/close"] .btn.pri');
  await page.waitForURL('**/handover/manifests/H000001**');
}

async function order(page, url, { parcel, order: number }) {
  await page.goto(`${url}/orders/${number}`);
  ensure((await page.textContent('.axes')).includes('Shipped'), 'the order says that it left');
  await sound(page, 'an order that left');
  await page.locator('section[id^=parcel-] details summary').first().click();
  await page.fill('[name=tracking]', '1Z-7');
  await page.locator('form[action$="/tracking"] .btn.pri').first().click();
  await page.waitForURL('**#parcel-**');
  ensure((await page.textContent('main')).includes('1Z-7') && parcel !== '', 'the number stands with the parcel');
  await page.locator('#delivered summary').click();
  await page.fill('#delivered [name=note]', 'signed');
  await sound(page, 'an order that arrives');
  await page.click('#delivered .btn.pri');
  await page.locator('#delivered').waitFor({ state: 'detached' });
  ensure((await page.textContent('.axes')).includes('Delivered'), 'it arrived');
  const slip = await page.request.get(`${url}/orders/${number}/slip`);
  ensure(slip.ok() && (await slip.body()).subarray(0, 4).toString() === '%PDF', 'the slip is a PDF');
}

async function look(browser, url, number) {
  for (const [what, viewport, scheme] of [['phone light', PHONE, 'light'], ['phone dark', PHONE, 'dark'], ['wide dark', WIDE, 'dark']]) {
    const page = await person(browser, url, 'admin', viewport, scheme);
    for (const path of ['/handover', '/handover/manifests', '/handover/manifests/H000001', `/orders/${number}`]) {
      await page.goto(url + path);
      await sound(page, `${path} ${what}`);
    }
    await page.context().close();
  }
}

const server = await serve(process.argv[2], null, [['admin', 'admin'], ['desk', 'office'], ['lead', 'lead']]);
const browser = await launch();
try {
  const desk = await person(browser, server.url, 'desk', WIDE);
  const parcels = await waits(desk, server.url);
  ensure(parcels.length >= 2, `the demo packed ${parcels.length}`);
  await scans(desk, parcels);
  await close(desk, server.url, parcels);
  const lead = await person(browser, server.url, 'lead', WIDE);
  await takeBack(lead, server.url, parcels[0]);
  await lead.context().close();
  await order(desk, server.url, parcels[0]);
  await look(browser, server.url, parcels[0].order);
  console.log('the hand-over: all as it should be');
} finally {
  await browser.close();
  await server.stop();
}
