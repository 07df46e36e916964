// What the walks share: a server with real orders, people who log in, pages that must stay sound, and the rules of accessibility.
// It needs the packages playwright-core and axe-core (NODE_PATH) and Chromium; see tests/run.
import { spawn, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

// The language people are made with who are given none: every walk can be walked in any of the four (WEB_LANGUAGE=ru tests/web/board.mjs …).
export const LANGUAGE = process.env.WEB_LANGUAGE ?? 'en';
const catalogues = join(dirname(fileURLToPath(import.meta.url)), '../../assets/i18n');
const said = new Map();

// What the console says for a key of its catalogue, in that language: walks look for keys, not for English. A text with plurals is not read.
export function say(key, values = {}, language = LANGUAGE) {
  if (!said.has(language)) {
    const folder = join(catalogues, language);
    const lines = readdirSync(folder).flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n'));
    const pairs = lines.map((line) => /^([a-z][a-z0-9_-]*) = (.*)$/.exec(line)).filter((pair) => pair);
    said.set(language, new Map(pairs.map(([, name, text]) => [name, text])));
  }
  const text = said.get(language).get(key);
  if (text === undefined) throw new Error(`no text for ${key} in ${language}`);
  return text.replaceAll(/\{ \$([a-z_]+) \}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

export const WIDE = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };

const freePort = () => new Promise((done) => {
  const server = createServer().listen(0, '127.0.0.1', () => { const { port } = server.address(); server.close(() => done(port)); });
});

export function ensure(condition, what) {
  if (!condition) throw new Error(`not so: ${what}`);
}

// Waits until the question is answered with yes.
export async function until(question, what, ms = 20_000) {
  const end = Date.now() + ms;
  for (;;) {
    if (await question()) return;
    if (Date.now() > end) throw new Error(`waited too long: ${what}`);
    await new Promise((again) => setTimeout(again, 50));
  }
}

// A server of its own with the orders of the text, or without a text with the shelves and stock of the demo, of which a few orders are packed
// already; `people` are [login, role].
export async function serve(program, orders, people, env = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'packbench-web.'));
  const port = await freePort();
  const base = ['central', '--data-dir', join(folder, 'data'), '--database', `sqlite:${join(folder, 'data', 'central.db')}`];
  const url = `http://127.0.0.1:${port}`;
  const setting = { ...process.env, PACKBENCH_CENTRAL_PUBLIC_URL: url, ...env };
  const call = (args, input) => {
    const done = spawnSync(program, args, { input, encoding: 'utf8', env: setting });
    if (done.status !== 0) throw new Error(`${args.join(' ')}: ${done.stdout}${done.stderr}`);
    return done.stdout;
  };
  const run = (args, input) => call([...base, ...args], input);
  if (orders === null) {
    call(['demo', '--headless', '--orders', '3', '--stations', '1', '--data', join(folder, 'data')]);
  } else {
    writeFileSync(join(folder, 'orders.csv'), orders);
    run(['migrate']);
    run(['import', 'online-retail', join(folder, 'orders.csv')]);
  }
  for (const [login, role, language] of people) {
    run(['user', 'add', login, '--name', login, '--role', role, '--language', language ?? LANGUAGE, '--password-from', '-'], 'correct horse\n');
  }
  const server = spawn(program, [...base, 'serve', '--listen', `127.0.0.1:${port}`], { stdio: ['ignore', 'pipe', 'inherit'], env: setting });
  await new Promise((ready, broken) => {
    server.stdout.on('data', (text) => { if (String(text).includes('Central serves')) ready(); });
    server.on('exit', (status) => broken(new Error(`the server ended with ${status}`)));
  });
  const stop = () => new Promise((done) => {
    server.removeAllListeners('exit');
    server.on('exit', () => { rmSync(folder, { recursive: true, force: true }); done(); });
    server.kill('SIGTERM');
  });
  return { url, run, stop };
}

export const launch = () => chromium.launch({ executablePath: process.env.WEB_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });

// A page of somebody who is logged in. Whatever the browser complains about fails the walk.
export async function person(browser, url, login, viewport, colorScheme = 'light') {
  const context = await browser.newContext({ viewport, colorScheme, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.complaints = [];
  page.on('pageerror', (error) => page.complaints.push(String(error)));
  page.on('console', (message) => {
    // A conflict is answered with a status that the browser notes; it is what the walk asks for.
    if (message.type() === 'error' && !message.text().includes('409')) page.complaints.push(message.text());
  });
  await page.goto(`${url}/login`);
  await page.fill('[name=login]', login);
  await page.fill('[name=password]', 'correct horse');
  await page.click('main button');
  await page.waitForURL('**/orders');
  return page;
}

// No violation that axe finds, and nothing wider than the screen. `without` names rules that another walk goes by already.
export async function sound(page, what, without = []) {
  ensure(page.complaints.length === 0, `${what}: the browser says ${page.complaints.join('; ')}`);
  // The policy of the page forbids what is injected; the debugger's evaluation is above it.
  await page.evaluate(axe);
  const found = await page.evaluate((left) => window.axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'],
    rules: Object.fromEntries(left.map((rule) => [rule, { enabled: false }])),
  }), without);
  const told = found.violations.map((one) => `${one.id} (${one.help}): ${one.nodes.slice(0, 3).map((node) => node.target.join(' ')).join(', ')}`);
  ensure(told.length === 0, `${what}: ${told.join('\n  ')}`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  ensure(wide <= 1, `${what}: ${wide} px wider than the screen`);
  if (process.env.WEB_PICTURES) {
    await page.screenshot({ path: join(process.env.WEB_PICTURES, `${what.replaceAll(/[^a-z0-9]+/gi, '-')}.png`) });
  }
}
