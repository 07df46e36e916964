// The board walked through as clerks would, in Chromium: cards dragged with the mouse and by a finger's handle, lifted by keys, moved by the
// menu and together; a stage that asks and one that refuses; undo; columns that load on; lanes and search; two browsers at once;
// stages changed by an admin; the order's page; wide and phone, light and dark, each page by the rules of accessibility.
// Usage: node tests/web/board.mjs PROGRAM
import { LANGUAGE, PHONE, WIDE, ensure, launch, person, say, serve, sound, until } from './kit.mjs';

// All columns beside each other.
const BROAD = { width: 2800, height: 900 };
const lines = ['InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country'];
const countries = ['United Kingdom', 'France', 'Germany', 'EIRE'];
for (let n = 0; n < 40; n += 1) {
  const customer = n % 5 === 4 ? '' : `${12345 + (n % 9)}.0`;
  lines.push(`${536365 + n},22728,ALARM CLOCK BAKELIKE PINK,${1 + ((n * 7) % 40)}.0,2010-12-01 08:${String(10 + n)}:00,3.75,${customer},${countries[n % 4]}`);
}

const column = (page, code) => page.locator(`#s-${code}`);
const card = (page, number) => page.locator(`.kard[data-order="${number}"]`);
const inColumn = (page, code, number) => column(page, code).locator(`.kard[data-order="${number}"]`);
const there = (page, code, number) => inColumn(page, code, number).waitFor({ timeout: 30_000 });
const numbers = (page, code) => column(page, code).locator('.kard').evaluateAll((all) => all.map((one) => one.dataset.order));

async function drag(page, number, code) {
  const from = await card(page, number).locator('.who').boundingBox();
  await column(page, code).scrollIntoViewIfNeeded();
  const to = await column(page, code).boundingBox();
  const start = (await card(page, number).locator('.who').boundingBox()) ?? from;
  await page.mouse.move(start.x + 10, start.y + 5);
  await page.mouse.down();
  await page.mouse.move(start.x + 30, start.y + 20, { steps: 3 });
  await page.mouse.move(to.x + 40, to.y + 90, { steps: 8 });
  await page.mouse.up();
}

async function mouse(page, url) {
  await page.goto(`${url}/board`);
  ensure((await numbers(page, 'new')).length === 12, 'the first cards of a column');
  await sound(page, 'the board');
  await column(page, 'new').locator('.cards').evaluate((list) => { list.scrollTop = list.scrollHeight; });
  await until(async () => (await numbers(page, 'new')).length > 12, 'the column loads on');
  await column(page, 'new').locator('.cards').evaluate((list) => { list.scrollTop = 0; });
  const [first, second] = await numbers(page, 'new');
  await drag(page, first, 'production');
  await there(page, 'production', first);
  ensure((await column(page, 'production').locator('.count').first().textContent()).trim() === '1', 'it is counted');
  await page.click('#result form button');
  await there(page, 'new', first);
  // A stage that only work enters says so, and the card stays.
  await drag(page, second, 'packing');
  await until(async () => (await column(page, 'packing').locator('.why').textContent()).includes(say('board-by-work')), 'refused with the reason');
  ensure((await inColumn(page, 'new', second).count()) === 1, 'it stays where it was');
  await sound(page, 'a drop that is refused');
  return [first, second];
}

async function asks(page, number) {
  await drag(page, number, 'paid');
  const dialog = page.locator('dialog.sheetbox');
  await dialog.waitFor();
  ensure((await dialog.locator('[name=pay-amount]').inputValue()) !== '', 'the payment is asked for with what is owed');
  await sound(page, 'a payment is asked for');
  await dialog.locator('.btn.pri').click();
  await there(page, 'paid', number);
  ensure((await card(page, number).textContent()).includes(say('payment-paid')), 'it is paid indeed');
  await drag(page, number, 'shipped');
  await until(async () => (await column(page, 'shipped').locator('.why').textContent()).includes(say('board-needs-parcel')), 'no parcel, no shipment');
}

async function keys(page, url) {
  await page.goto(`${url}/board`);
  const [one, two, three] = await numbers(page, 'new');
  await card(page, one).focus();
  await page.keyboard.press('ArrowDown');
  ensure((await page.evaluate(() => document.activeElement.dataset.order)) === two, 'down is the next card');
  await page.keyboard.press('Space');
  for (let n = 0; n < 2; n += 1) await page.keyboard.press('ArrowRight');
  ensure((await page.textContent('#said')) === 'In production', 'the stage is said');
  await sound(page, 'a lifted card');
  await page.keyboard.press('Enter');
  await there(page, 'production', two);
  await card(page, three).focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Escape');
  ensure((await inColumn(page, 'new', three).count()) === 1, 'Escape puts it back');
  await card(page, three).focus();
  await page.keyboard.press('m');
  const dialog = page.locator('dialog.sheetbox');
  await dialog.waitFor();
  await dialog.locator('select[name=to]').selectOption({ label: say('stage-hold') });
  await dialog.locator('.btn.pri').click();
  await until(async () => (await dialog.textContent()).includes(say('board-needs-note')), 'the stage asks why');
  await sound(page, 'a note is asked for');
  await dialog.locator('textarea[name=note]').fill('Address in doubt');
  await dialog.locator('.btn.pri').click();
  await there(page, 'hold', three);
  ensure((await card(page, three).textContent()).includes('Address in doubt'), 'the note is on the card');
  return three;
}

async function together(one, two, url) {
  await one.goto(`${url}/board`);
  await two.goto(`${url}/board`);
  await two.evaluate(() => { window.stayed = true; });
  const chosen = (await numbers(one, 'new')).slice(0, 3);
  for (const number of chosen) await card(one, number).locator('[name=pick]').check();
  await until(async () => (await one.textContent('#chosen')).includes('3'), 'three are chosen');
  await one.locator('#bulk select[name=to]').selectOption({ label: say('stage-ready') });
  await sound(one, 'three chosen cards');
  await one.click('#bulk button');
  await one.waitForSelector('.result[data-done="3"]');
  for (const number of chosen) await there(two, 'ready', number);
  ensure((await column(two, 'ready').locator('header .count').first().textContent()).trim() === '3', 'the other counts them');
  ensure(await two.evaluate(() => window.stayed), 'without loading anew');
  // Of two who move one card the slower reads where it is: the news is held back from the first.
  const late = await card(one, chosen[0]).locator('a.move').getAttribute('href');
  await drag(two, chosen[0], 'production');
  await there(two, 'production', chosen[0]);
  const answer = await one.evaluate(async ([href, csrf]) => {
    const pick = new URL(href, location.href).searchParams.get('pick');
    const to = document.querySelector('#s-new').dataset.stage;
    const body = new URLSearchParams({ csrf, pick, to, back: '/board' });
    return (await fetch('/board/move', { method: 'POST', body, headers: { 'x-fragment': '1' } })).text();
  }, [late, await one.getAttribute('#board', 'data-csrf')]);
  ensure(answer.includes(say('board-elsewhere')), 'the slower one is told');
}

async function narrowed(page, url) {
  await page.goto(`${url}/board?lane=buyer`);
  ensure((await page.locator('h2.lane').count()) === 2, 'two kinds of customers');
  await sound(page, 'lanes');
  const guest = page.locator('.columns').nth(1).locator('.column').first();
  ensure((await guest.locator('.kard').count()) > 0, 'cards in the second lane');
  await page.keyboard.press('/');
  await page.keyboard.type('53638');
  await page.keyboard.press('Enter');
  await page.waitForURL('**search=53638**');
  ensure((await page.locator('.kard').count()) <= 10, 'only those that fit');
  await page.click('.chip');
  await page.click('details.filter summary');
  await sound(page, 'the filters of the board');
}

async function stages(page, url) {
  await page.goto(`${url}/board/stages`);
  await sound(page, 'the stages');
  const production = page.locator('.stageline:has(.mono:text-is("production"))');
  await production.locator('summary').click();
  await production.locator('[name=wip]').fill('1');
  await production.locator(`[name=name-${LANGUAGE}]`).fill('Made to order');
  await production.locator('textarea[name=subs]').fill('Waiting for wood');
  await sound(page, 'a stage is changed');
  await production.locator('.btn.pri').click();
  await page.waitForURL('**/board/stages?p=warehouse');
  await page.goto(`${url}/board`);
  ensure((await column(page, 'production').textContent()).includes(say('board-of', { max: 1 }).split('}').pop().trim()), 'the bound is shown');
  const [number] = await numbers(page, 'new');
  await drag(page, number, 'production');
  await until(async () => (await column(page, 'production').locator('.why').textContent()).includes(say('board-limit', { n: 1 })), 'no more than that');
  await page.goto(`${url}/board/stages`);
  await page.locator('form:has([name=template]) select').selectOption('sales');
  await page.locator('form:has([name=template]) button').click();
  await page.waitForURL('**p=sales');
  await page.goto(`${url}/board?p=sales`);
  await sound(page, 'a pipeline of three levels');
}

async function ofOrder(page, url, number) {
  await page.goto(`${url}/orders/${number}`);
  await page.click('#calls summary');
  await page.selectOption('#calls [name=call-result]', 'no_answer');
  await page.fill('#calls [name=call-note]', 'Try after five');
  await page.click('#calls .btn.pri');
  await page.waitForURL('**#calls');
  ensure((await page.textContent('#calls')).includes('Try after five'), 'the call is noted');
  await page.click('#reminders details summary');
  await page.fill('#reminders [name=due]', '2020-01-01T09:00');
  await page.fill('#reminders [name=note]', 'Ring the customer');
  await page.click('#reminders .btn.pri');
  await page.waitForURL('**#reminders');
  await page.click('#stage summary');
  await sound(page, 'an order with its stage');
  await page.goto(`${url}/board/reminders`);
  ensure((await page.textContent('main')).includes('Ring the customer'), 'it is due');
  await sound(page, 'reminders');
  await page.locator('li:has-text("Ring the customer") button').click();
  await until(async () => !(await page.textContent('main')).includes('Ring the customer'), 'and done');
}

// One column at a time: tabs, swiping, a handle for the finger, and the menu.
async function phone(page, url) {
  await page.goto(`${url}/board`);
  await sound(page, 'the board on a phone');
  const [number] = await numbers(page, 'new');
  const handle = await card(page, number).locator('.handle').boundingBox();
  await page.locator('.boardtabs a[href="#s-ready"]').scrollIntoViewIfNeeded();
  const tab = await page.locator('.boardtabs a[href="#s-ready"]').boundingBox();
  // What a finger does, told as the browser tells it to the page.
  await page.evaluate(([from, to, id]) => {
    const tell = (type, at, target) => target.dispatchEvent(new PointerEvent(type, { bubbles: true, cancelable: true, pointerId: 7, pointerType: 'touch', button: 0, clientX: at.x, clientY: at.y }));
    tell('pointerdown', from, document.querySelector(`.kard[data-order="${id}"] .handle`));
    tell('pointermove', { x: from.x - 20, y: from.y - 20 }, document);
    tell('pointermove', to, document);
    tell('pointerup', to, document);
  }, [{ x: handle.x + 10, y: handle.y + 10 }, { x: tab.x + 20, y: tab.y + 20 }, number]);
  await until(async () => (await inColumn(page, 'ready', number).count()) === 1, 'dropped on the tab of a stage');
  await page.locator('.boardtabs a[href="#s-ready"]').click();
  await until(async () => Math.abs((await column(page, 'ready').boundingBox()).x - 16) < 40, 'its column fills the screen');
  await sound(page, 'a column on a phone');
  await card(page, number).locator('a.move').click();
  const dialog = page.locator('dialog.sheetbox');
  await dialog.waitFor();
  await sound(page, 'the menu on a phone');
  await dialog.locator('select[name=to]').selectOption({ label: 'New orders' });
  await dialog.locator('.btn.pri').click();
  await there(page, 'new', number);
}

// Without the script all of it works by links and forms.
async function plain(browser, page, url) {
  const context = await browser.newContext({ viewport: WIDE, javaScriptEnabled: false, storageState: await page.context().storageState() });
  const bare = await context.newPage();
  await bare.goto(`${url}/board`);
  const number = await bare.locator('#s-new .kard').first().getAttribute('data-order');
  await card(bare, number).locator('a.move').click();
  await bare.selectOption('select[name=to]', { label: 'Ready to pack' });
  await bare.click('form.ask .btn.pri');
  await bare.waitForURL(`${url}/board`);
  ensure((await inColumn(bare, 'ready', number).count()) === 1, 'moved without a script');
  await bare.locator('#s-new a.more').click();
  ensure((await bare.locator('.kard').count()) > 0, 'more without a script');
  await context.close();
}

const program = process.argv[2];
if (!program) throw new Error('usage: node tests/web/board.mjs PROGRAM');
const central = await serve(program, `${lines.join('\n')}\n`, [['desk', 'office'], ['other', 'lead'], ['root', 'admin']]);
const browser = await launch();
try {
  const broad = await person(browser, central.url, 'desk', BROAD);
  const one = await person(browser, central.url, 'desk', WIDE);
  const two = await person(browser, central.url, 'other', WIDE, 'dark');
  const root = await person(browser, central.url, 'root', WIDE);
  const [, second] = await mouse(broad, central.url);
  await asks(broad, second);
  const held = await keys(one, central.url);
  await together(one, two, central.url);
  await narrowed(two, central.url);
  await two.goto(`${central.url}/board`);
  await sound(two, 'the board in the dark');
  await ofOrder(one, central.url, held);
  await plain(browser, one, central.url);
  const small = await person(browser, central.url, 'desk', PHONE);
  await phone(small, central.url);
  await stages(root, central.url);
  console.log('the board: every walk is well');
} finally {
  await browser.close();
  await central.stop();
}
