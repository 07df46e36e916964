// Mail to customers walked through as an office would, in Chromium: rules and templates, a business order that is typed, confirmed by mail,
// packed at a station, and whose news is on the order's page and the customer's page within a second of sync; a message taken back,
// a mail server that goes and comes back, and webhooks; wide and phone, light and dark, each page by the rules of accessibility.
// Usage: node tests/web/messages.mjs PROGRAM
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { PHONE, WIDE, ensure, launch, person, say, serve, sound, until } from './kit.mjs';
import { Station } from './station.mjs';

const python = join(process.env.PACKBENCH_TEST_TOOLS ?? 'target/test-tools', 'python/bin/python');

// A real mail server (tests/lib/mail_server.py) and what it took.
async function mailServer(port) {
  const child = spawn(python, ['tests/lib/mail_server.py', String(port), 'none'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const mail = { came: [], port, stop: () => new Promise((done) => { child.on('exit', done); child.kill(); }) };
  let rest = '';
  await new Promise((ready, broken) => {
    child.on('exit', (status) => broken(new Error(`the mail server ended with ${status}`)));
    child.stdout.on('data', (bytes) => {
      const lines = (rest + bytes).split('\n');
      rest = lines.pop();
      for (const said of lines.map((line) => JSON.parse(line))) {
        if (said.port) { mail.port = said.port; ready(); } else mail.came.push(said);
      }
    });
  });
  return mail;
}

// The text of a message without the marks of its transport (quoted-printable).
const plain = (message) => Buffer.from(
  message.text.replaceAll(/=\r?\n/g, '').replaceAll(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16))), 'latin1',
).toString('utf8');

async function rules(page, url) {
  await page.goto(`${url}/messages/settings`);
  await sound(page, 'rules of messages');
  for (const kind of ['confirmed', 'shipped']) {
    const form = page.locator(`form.messagerule:has([name=kind][value=${kind}])`);
    await form.locator('[name=minutes]').fill('0');
    await Promise.all([page.waitForResponse('**/messages/settings'), form.locator('button').click()]);
    await page.waitForLoadState();
  }
  const carrier = page.locator('form.messagerule:has([name=carrier][value=house])');
  await carrier.locator('[name=url]').fill('https://carrier.example/parcel/{number}');
  await Promise.all([page.waitForResponse('**/messages/links'), carrier.locator('button').click()]);
  await page.waitForLoadState();
  ensure((await carrier.locator('[name=url]').inputValue()).includes('{number}'), 'the carrier has an address');
}

async function templates(page, url, mail) {
  await page.goto(`${url}/messages/templates`);
  await sound(page, 'templates');
  await page.click('a[href="/messages/templates/confirmed/en"]');
  const body = await page.inputValue('[name=body]');
  await page.fill('[name=body]', `${body}\n\nAsk us: https://shop.example/help`);
  await page.click('[name=go][value=preview]');
  await page.locator('#preview a[href="https://shop.example/help"]').waitFor();
  await sound(page, 'a template with its preview');
  await page.fill('[name=to]', 'me@shop.example');
  await page.click('[name=go][value=test]');
  await page.waitForURL('**/messages');
  await until(() => mail.came.length === 1, 'the test comes');
  ensure(mail.came[0].to[0] === 'me@shop.example', 'to oneself');
  await page.goto(`${url}/messages/templates/confirmed/en`);
  await page.fill('[name=body]', `${body}\n\nAsk us: https://shop.example/help`);
  await page.click('[name=go][value=save]');
  await page.locator('text=v1').first().waitFor();
}

// Types a business order; its number.
async function typed(page, url) {
  await page.goto(`${url}/orders/new`);
  await page.locator('form:has([name=kind][value=b2b]) .btn.pri').click();
  await page.waitForURL('**/general');
  await page.click('[name=go][value=next]');
  await page.waitForURL('**/customer');
  const address = {
    name: 'A. Buyer', company: 'Buyer & Co', line1: '1 High Street', postcode: 'LS1 1AA', city: 'Leeds', country: 'GB',
    phone: '+441130000000', email: 'buyer@example.com',
  };
  for (const [name, value] of Object.entries(address)) await (name === 'country' ? page.selectOption(`[name=${name}]`, value) : page.fill(`[name=${name}]`, value));
  await page.click('[name=go][value=next]');
  await page.waitForURL('**/items');
  await page.fill('[name=find]', 'white');
  await page.press('[name=find]', 'Enter');
  await page.locator('[name=pick]').first().check();
  await page.click('[name=go][value=add]');
  await page.waitForSelector('[name=units-0]');
  await page.click('[name=go][value=next]');
  await page.waitForURL('**/payment');
  await page.selectOption('[name=terms]', 'net30');
  await page.click('[name=go][value=next]');
  await page.waitForURL('**/overview');
  await page.locator('form[action$="/submit"] .btn.pri').click();
  await page.waitForURL('**/orders/M*');
  return page.url().split('/').pop();
}

// Confirmed by mail, packed at a station: the news is on both pages within a second of the push that told it. Handed to the carrier: the
// customer reads that it is on its way, here and by mail.
async function shipped(browser, page, server, mail) {
  const number = await typed(page, server.url);
  await until(() => mail.came.length === 2, 'the confirmation comes');
  const confirmation = plain(mail.came[1]);
  await page.goto(`${server.url}/orders/${number}`);
  const link = await page.getAttribute('#track-link', 'href');
  ensure(confirmation.includes(link) && confirmation.includes('https://shop.example/help'), 'the mail has the link and the changed text');
  await sound(page, 'an order with its mail');
  const context = await browser.newContext({ viewport: PHONE });
  const customer = await context.newPage();
  customer.complaints = [];
  customer.on('pageerror', (error) => customer.complaints.push(String(error)));
  customer.on('console', (message) => { if (message.type() === 'error') customer.complaints.push(message.text()); });
  await customer.goto(link);
  await customer.locator('[data-stage=Received]').waitFor();
  await sound(customer, 'a customer on a phone');
  const station = new Station(server.url);
  await station.pair(server.run(['station-code', 'PACK 7']).match(/^(\w{4}) (\w{4})$/m).slice(1).join(''));
  await page.evaluate(() => { window.stayed = true; });
  const since = async (where, wanted) => {
    await where.waitForFunction(wanted, null, { polling: 10, timeout: 20_000 });
    return Date.now();
  };
  const seen = Promise.all([
    since(page, () => [...document.querySelectorAll('.axes .st')].some((mark) => mark.textContent.trim() === 'Packed')),
    since(customer, () => document.querySelector('[data-stage=Packed]')),
  ]);
  const { at, label } = await station.pack(number);
  const [order, own] = (await seen).map((moment) => moment - at);
  console.log(`shipping news after the station's push: on the order's page ${order} ms, on the customer's page ${own} ms`);
  ensure(order <= 1_000 && own <= 1_000, `within a second of sync: ${order} and ${own} ms`);
  ensure(await page.evaluate(() => window.stayed), 'without loading anew');
  await customer.locator(`a[href="https://carrier.example/parcel/${label}"]`).waitFor();
  await sound(customer, 'a packed order on a phone');
  await page.goto(`${server.url}/handover`);
  await page.keyboard.type(label);
  await page.keyboard.press('Enter');
  await page.locator('.scanned.k').waitFor();
  await page.click('form[action="/handover/close"] .btn.pri');
  await page.waitForURL('**/handover/manifests/**');
  await customer.locator('[data-stage=Shipped]').waitFor();
  await sound(customer, 'an order on its way on a phone');
  await customer.click('.languages a[lang=ru]');
  await customer.locator('html[lang=ru]').waitFor();
  await sound(customer, 'the same in Russian');
  await context.close();
  await until(() => mail.came.length === 3, 'the shipping mail comes');
  ensure(plain(mail.came[2]).includes(`https://carrier.example/parcel/${label}`), 'with the way to its parcel');
  return number;
}

// A message is written, looked at, taken back; then the mail server goes and comes back.
async function trouble(page, server, mail, number) {
  const write = async (subject) => {
    await page.goto(`${server.url}/orders/${number}/message?kind=free`);
    await page.fill('[name=subject]', subject);
    await page.click('[name=go][value=preview]');
    await page.locator('#preview').waitFor();
    await sound(page, 'a message being written');
    await page.click('[name=go][value=send]');
    await page.waitForURL(`**/orders/${number}`);
  };
  const line = () => page.locator('#mails li').first();
  await write('A question');
  await line().locator('form[action$="/back"] button').click();
  await page.waitForURL(`**/orders/${number}`);
  await line().locator(`text=${say('msg-state-taken-back')}`).first().waitFor();
  await mail.stop();
  await write('Another question');
  await line().locator('form[action$="/now"] button').click();
  await until(async () => { await page.goto(`${server.url}/messages`); return page.locator('#mail-trouble').isVisible(); }, 'trouble is seen');
  await sound(page, 'a mail server in trouble');
  const back = await mailServer(mail.port);
  await page.click('#mail-trouble button');
  await until(() => back.came.length === 1, 'it goes out when the server is back');
  await until(async () => { await page.goto(`${server.url}/messages?show=sent`); return (await page.locator('tbody tr').count()) >= 4; }, 'it is sent');
  await sound(page, 'messages that were sent');
  return back;
}

async function webhooks(page, url) {
  await page.goto(`${url}/webhooks`);
  await page.fill('[name=url]', 'https://example.com/packbench');
  await page.fill('[name=about]', 'The shop');
  await page.click('form[action="/webhooks"] .btn.pri');
  ensure((await page.textContent('.secret')).startsWith('whsec_'), 'the secret is shown');
  await sound(page, 'a webhook was made');
  await page.click('td a.secret');
  await page.click('form[action$="/off"] button');
  await page.locator('form[action$="/on"]').waitFor();
  await sound(page, 'a webhook that is off');
  await page.click('form[action$="/remove"] button');
  await page.waitForURL('**/webhooks');
}

async function look(browser, server, number) {
  for (const [what, viewport, scheme] of [['phone light', PHONE, 'light'], ['phone dark', PHONE, 'dark'], ['wide dark', WIDE, 'dark']]) {
    const page = await person(browser, server.url, 'admin', viewport, scheme);
    const paths = ['/messages', '/messages/settings', '/messages/templates', '/messages/templates/shipped/es', `/orders/${number}`,
      `/orders/${number}/message`, '/webhooks'];
    for (const path of paths) {
      await page.goto(server.url + path);
      await sound(page, `${path} ${what}`);
    }
    await page.goto(`${server.url}/orders/${number}`);
    await page.goto(await page.getAttribute('#track-link', 'href'));
    await sound(page, `the customer's page ${what}`);
    await page.context().close();
  }
}

let mail = await mailServer(0);
const server = await serve(process.argv[2], null, [['admin', 'admin'], ['desk', 'office']], {
  PACKBENCH_CENTRAL_MAIL_HOST: '127.0.0.1', PACKBENCH_CENTRAL_MAIL_PORT: String(mail.port), PACKBENCH_CENTRAL_MAIL_TLS: 'none',
  PACKBENCH_CENTRAL_MAIL_FROM: 'Example Shop <orders@shop.example>',
});
const browser = await launch();
try {
  const admin = await person(browser, server.url, 'admin', WIDE);
  await rules(admin, server.url);
  await templates(admin, server.url, mail);
  const desk = await person(browser, server.url, 'desk', WIDE);
  const number = await shipped(browser, desk, server, mail);
  mail = await trouble(desk, server, mail, number);
  await webhooks(admin, server.url);
  await look(browser, server, number);
  for (const page of [admin, desk]) ensure(page.complaints.length === 0, page.complaints.join('; '));
  console.log('mail to customers: walked wide and on a phone, from the typed order to the packed parcel; no violation found');
} finally {
  await browser.close();
  await server.stop();
  await mail.stop();
}
