// Stock, products, places and returns walked through as a clerk would, in Chromium: goods received by scan, corrected, moved and counted
// with a second person, a lot held, a product written by two, a kit, a place, the map, a return; wide and phone, light and dark, each page by the
// rules of accessibility. Usage: node tests/web/stock.mjs PROGRAM
import { PHONE, WIDE, ensure, launch, person, say, serve, sound } from './kit.mjs';

const orders = `InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
536365,85123A,WHITE HANGING HEART T-LIGHT HOLDER,6.0,2010-12-01 08:26:00,2.55,17850.0,United Kingdom
536365,71053,WHITE METAL LANTERN,2.0,2010-12-01 08:26:00,3.39,17850.0,United Kingdom
536370,22728,ALARM CLOCK BAKELIKE PINK,24.0,2010-12-01 08:45:00,3.75,12583.0,France
C536379,85123A,WHITE HANGING HEART T-LIGHT HOLDER,-2.0,2010-12-02 09:41:00,2.55,17850.0,United Kingdom
536589,21777,,-10.0,2010-12-01 16:50:00,0.0,,United Kingdom
`;
// The file books a write-off at a place that the server made; it is the one that is there.
const PLACE = 'UNPLACED';

// A page's own field has the keys once the page was drawn, which may be after it was loaded.
const focused = (page) => page.waitForFunction(() => document.activeElement?.matches('input'));

async function receive(page, url) {
  await page.goto(`${url}/stock`);
  await page.keyboard.press('/');
  await page.keyboard.type('85123A');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/stock/of/85123A');
  await sound(page, 'stock of a product');
  await page.goto(`${url}/stock/receive`);
  await sound(page, 'receive which');
  await focused(page);
  await page.keyboard.type('85123A');
  await page.keyboard.press('Enter');
  await page.waitForURL('**sku=85123A**');
  await page.fill('[name=location]', PLACE);
  await page.fill('[name=units]', '40');
  await page.fill('[name=paper]', 'DN 7');
  await sound(page, 'receive');
  await page.click('form.sheet .btn.pri');
  await page.locator('[role=status]').waitFor();
  ensure((await page.textContent('[role=status]')).includes('40'), 'it is said what came');
  await sound(page, 'received');
}

async function change(page, url) {
  await page.goto(`${url}/stock/of/85123A`);
  await page.locator('details.change summary').first().click();
  const form = page.locator('form:has([name=do][value=adjust])').first();
  await form.locator('[name=units]').fill('-2');
  await form.locator('[name=reason]').selectOption('broken');
  await form.locator('[name=note]').fill('fell down');
  await sound(page, 'correcting');
  await form.locator('button').click();
  await page.locator('td:has-text("38")').first().waitFor();
  ensure((await page.textContent('main')).includes('fell down'), 'the entry says why');
  await page.fill('[name=at]', '1000');
  await page.click('form[action$="/reorder"] button');
  await page.locator('.title .st.w').waitFor();
  await page.goto(`${url}/stock?tab=low`);
  await sound(page, 'what runs out');
}

async function count(page, other, url) {
  // Scanned in the page's first moment, before its field has the focus: no sign is lost.
  await page.goto(`${url}/stock/count`, { waitUntil: 'domcontentloaded' });
  await page.keyboard.type(PLACE);
  await page.keyboard.press('Enter');
  await page.locator('[name="units-0"]').waitFor();
  await sound(page, 'counting');
  const fields = page.locator('input[type=number][name^="units-"]');
  const line = page.locator('label:has-text("85123A") input[type=number]').first();
  ensure((await fields.count()) >= 2 && (await line.inputValue()) === '', 'the book is not shown');
  await line.fill('90');
  await page.click('form.sheet .btn.pri');
  await page.locator('[role=status]').waitFor();
  ensure((await page.textContent('[role=status]')).includes('+52'), 'a large difference waits');
  await sound(page, 'counted');
  await other.goto(`${url}/stock/counts`);
  await sound(other, 'counts that wait');
  await other.click('[name=agree][value="1"]');
  await other.locator('.empty').waitFor();
  await page.goto(`${url}/stock/of/85123A`);
  await page.locator('td:has-text("90")').first().waitFor();
}

async function lots(page, url) {
  await page.goto(`${url}/products/71053`);
  await page.check('[name=lot]');
  await page.fill('[name=category]', 'Lanterns');
  await sound(page, 'a product');
  await page.click('form.sheet.wide .btn.pri');
  await page.locator('.timeline li').first().waitFor();
  await page.goto(`${url}/stock/receive?sku=71053&location=${PLACE}`);
  await page.fill('[name=units]', '5');
  await page.fill('[name=lot]', 'L1');
  await page.click('form.sheet .btn.pri');
  await page.locator('[role=status]').waitFor();
  await page.goto(`${url}/stock/lot?sku=71053&lot=L1`);
  await sound(page, 'a lot');
  await page.fill('[name=reason]', 'Recall by the maker');
  await page.click('form.sheet .btn.pri');
  await page.locator('.title .st.x').waitFor();
  await sound(page, 'a held lot');
  await page.goto(`${url}/stock/lots`);
  ensure((await page.textContent('main')).includes('Recall by the maker'), 'it is listed');
  await sound(page, 'held lots');
}

// Two write one product: the slower one reads what differs and keeps what was typed.
async function products(one, two, url) {
  await one.goto(`${url}/new-product`);
  await sound(one, 'a new product');
  const facts = { sku: 'MUG-1', name: 'Mug, blue', category: 'Kitchen', price: '7.99', weight: '320' };
  for (const [name, value] of Object.entries(facts)) await one.fill(`[name=${name}]`, value);
  await one.check('[name=this-side-up]');
  await one.fill('[name=bears]', '0');
  await one.locator('[name=code]').first().fill('4006381333931');
  await one.locator('[name=units]').first().fill('1');
  await one.click('form.sheet.wide .btn.pri');
  await one.waitForURL('**/products/MUG-1');
  ensure(await one.isChecked('[name=this-side-up]'), 'it stays this side up');
  ensure((await one.inputValue('[name=bears]')) === '0', 'and nothing is an answer');
  await two.goto(`${url}/products/MUG-1`);
  await two.fill('[name=weight]', '330');
  // A page in which something is typed is not asked for again when the other one saves.
  await one.fill('[name=category]', 'Mugs');
  await Promise.all([two.waitForEvent('load'), two.click('form.sheet.wide .btn.pri')]);
  await one.click('form.sheet.wide .btn.pri');
  await one.locator('.wrong').waitFor();
  ensure((await one.textContent('.wrong')).includes(say('products-fact-weight')), 'the slower one reads what differs');
  ensure((await one.inputValue('[name=category]')) === 'Mugs', 'and keeps what was typed');
}

// Rules of numbers that carry a weight are checked at the settings and kept; what is no rule stays to be put right.
async function numbers(page, url) {
  await page.goto(`${url}/settings`);
  await page.fill('#numbers textarea', '21IIIIIWWWWW');
  await page.click('#numbers button');
  await page.locator('#numbers .wrong').waitFor();
  ensure((await page.inputValue('#numbers textarea')) === '21IIIIIWWWWW', 'what was typed stays');
  page.complaints.length = 0;
  await page.fill('#numbers textarea', '21IIIIIWWWWWC\n2[2-4]IIIIVPPPPPC.2');
  await page.click('#numbers button');
  await page.waitForURL('**/settings?saved=1');
  ensure((await page.inputValue('#numbers textarea')).includes('2[2-4]IIIIVPPPPPC.2'), 'the rules are kept');
  await sound(page, 'settings with rules of numbers');
}

// A kit is made, sold and shown with its parts; it has no stock itself.
async function kits(page, url) {
  await page.goto(`${url}/new-product`);
  await page.click('details:has([name=part]) summary');
  for (const [name, value] of Object.entries({ sku: 'SET-1', name: 'Bedside set', price: '10', tax: '20' })) await page.fill(`[name=${name}]`, value);
  for (const [n, [code, units]] of [['85123A', '2'], ['MUG-1', '1']].entries()) {
    await page.locator('[name=part]').nth(n).fill(code);
    await page.locator('[name=part-units]').nth(n).fill(units);
  }
  await sound(page, 'a new kit');
  await page.click('form.sheet.wide .btn.pri');
  await page.waitForURL('**/products/SET-1');
  ensure((await page.locator('[name=part]').first().inputValue()) === '85123A', 'its parts stand on its page');
  await page.goto(`${url}/stock/of/SET-1`);
  ensure((await page.textContent('main')).includes('MUG-1'), 'what it is made of');
  ensure((await page.locator('a[href^="/stock/receive"]').count()) === 0, 'a kit is not received');
  await sound(page, 'the stock of a kit');
}

// A place is added, moved and taken away.
async function places(page, url) {
  await page.goto(`${url}/places/new`);
  await sound(page, 'a new place');
  const facts = { code: 'F-01-1', zone: 'Cold', aisle: 'F', bay: '1', level: '1', x: '12000', y: '2500', rank: '5' };
  for (const [name, value] of Object.entries(facts)) await page.fill(`[name=${name}]`, value);
  await page.click('form.sheet.wide .btn.pri');
  await page.waitForURL('**/locations/F-01-1');
  await page.fill('[name=x]', '15000');
  await Promise.all([page.waitForEvent('load'), page.click('form.sheet.wide .btn.pri')]);
  ensure((await page.inputValue('[name=x]')) === '15000', 'it stands elsewhere now');
  await sound(page, 'a place');
  await page.click('form[action$="/remove"] button');
  await page.waitForURL('**/locations');
  ensure(!(await page.textContent('main')).includes('F-01-1'), 'it is gone');
}

// The layout: drawn anew while somebody types, wrong items named, centimetres, and the slower of two clerks.
async function layout(page, other, url) {
  await page.goto(`${url}/layout`);
  await other.goto(`${url}/layout`);
  await sound(page, 'the layout');
  const drawn = () => page.locator('#drawn').innerHTML();
  const before = await drawn();
  await page.click('button[value=add-aisle]');
  await page.waitForLoadState();
  ensure((await drawn()) !== before, 'an aisle more is drawn');
  await page.locator('[name=aisle-name]').last().fill('NORTH');
  await page.locator('#drawn text.name:has-text("NORTH")').waitFor();
  await page.locator('[name=aisle-way]').last().selectOption('onward');
  await page.locator('#drawn path.arrow').waitFor();
  await page.locator('[name=aisle-x]').last().fill('0');
  await page.locator('#told .problems li').first().waitFor();
  ensure((await page.textContent('#told')).includes('NORTH'), 'the wrong aisle is named');
  await page.locator('[name=aisle-x]').last().fill('90000');
  await page.locator('#told .good').waitFor();
  await page.selectOption('[name=unit]', 'cm');
  ensure((await page.locator('[name=aisle-x]').last().inputValue()) === '9000', 'lengths follow the unit');
  const walk = await page.locator('#drawn .way').getAttribute('points');
  await page.locator('button[value=other]').focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction((old) => document.querySelector('#drawn .way')?.getAttribute('points') !== old, walk);
  // The browser itself tells of every answer that says what is wrong.
  page.complaints.length = 0;
  await sound(page, 'a layout that is typed');
  await page.check('[name=leave]');
  await page.click('button[value=save]');
  await page.locator(`.title .st:has-text("${say('layout-version', { n: 1 })}")`).waitFor();
  await other.check('[name=leave]');
  await other.click('button[value=save]');
  await other.locator('[role=alert]').waitFor();
  other.complaints.length = 0;
  await page.setInputFiles('form.upload [name=file]', { name: 'layout.json', mimeType: 'application/json', buffer: Buffer.from('{"layout": 1}') });
  await page.click('form.upload .btn');
  await page.locator('#told .problems').waitFor();
  page.complaints.length = 0;
  await sound(page, 'a file that cannot be read');
}

async function returns(page, url) {
  await page.goto(`${url}/returns`);
  await sound(page, 'returns');
  await page.keyboard.press('/');
  await page.keyboard.type('C536379');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/returns/C536379');
  await sound(page, 'a return');
  await page.fill('[name=scan]', '85123A');
  await page.fill('[name=location]', PLACE);
  await page.click('form[action$="/receive"] .btn.pri');
  await page.locator('[role=status]').waitFor();
  await page.fill('[name=scan]', '85123A');
  await page.check('[name=grade][value=scrap]');
  await page.click('form[action$="/receive"] .btn.pri');
  await page.locator(`.returned p:has-text("${say('returns-grade-scrap')}")`).waitFor();
  await sound(page, 'units taken in');
  await page.locator('form:has([name=how][value=nothing]) button').click();
  await page.locator('.title .st.k').waitFor();
  await page.goto(`${url}/orders/536365`);
  ensure((await page.textContent('main')).includes('C536379'), 'the order lists it');
  await sound(page, 'an order with a return');
}

async function look(browser, url) {
  for (const [what, viewport, scheme] of [['phone light', PHONE, 'light'], ['phone dark', PHONE, 'dark'], ['wide dark', WIDE, 'dark']]) {
    const page = await person(browser, url, 'admin', viewport, scheme);
    for (const path of ['/stock', '/stock/of/85123A', '/stock/receive?sku=71053', `/stock/count?location=${PLACE}`, '/stock/counts', '/stock/lots',
      '/stock/lot?sku=71053&lot=L1', '/stock/entries', '/products', '/products/MUG-1', '/products/SET-1', '/stock/of/SET-1', '/places/new', '/locations', `/locations/${PLACE}`, '/map', '/layout', '/returns',
      '/returns/C536379']) {
      await page.goto(url + path);
      await sound(page, `${path} ${what}`);
    }
    await page.context().close();
  }
}

const server = await serve(process.argv[2], orders, [['admin', 'admin'], ['lead', 'lead']]);
const browser = await launch();
try {
  const admin = await person(browser, server.url, 'admin', WIDE);
  const lead = await person(browser, server.url, 'lead', WIDE);
  await receive(lead, server.url);
  await change(lead, server.url);
  await count(lead, admin, server.url);
  await lots(lead, server.url);
  await products(lead, admin, server.url);
  await numbers(admin, server.url);
  await kits(lead, server.url);
  await places(lead, server.url);
  await layout(lead, admin, server.url);
  await returns(admin, server.url);
  await look(browser, server.url);
  console.log('the pages of stock and returns: all as it should be');
} finally {
  await browser.close();
  await server.stop();
}
