// Every page of the console in Spanish, Malay and Russian, wide and on a phone: no text is missing, none is cut off or runs out of its box, no
// page is wider than the screen, and axe finds nothing. Languages are walked side by side.
// Usage: node tests/web/languages.mjs PROGRAM [PAGE…]
import { PHONE, WIDE, ensure, launch, person, say, serve, sound } from './kit.mjs';
import { PAGES, orders } from './pages.mjs';

const [program, ...only] = process.argv.slice(2);
// Pages that no list leads to.
const MORE = [
  ['order-edit', '/orders/536365/edit'],
  ['order-message', '/orders/536365/message'],
  ['board-lanes', '/board?lane=buyer'],
  ['stock-low', '/stock?tab=low'],
  ['import-stock', '/import?kind=stock'],
  ['template', '/messages/templates/confirmed/en'],
  ['product-new', '/new-product'],
];
// A word that the page must say, in its language.
const SAYS = { settings: 'house-title', people: 'office-people', board: 'console-board', returns: 'returns-title', messages: 'msg-messages', layout: 'layout-title' };
// Colours are those of every language: the other walks look at them.
const WITHOUT = ['color-contrast'];

// What is cut off or runs out of its box. Evaluated in the page.
function cut() {
  const scrolls = (el) => {
    for (let up = el.parentElement; up; up = up.parentElement) {
      if (['auto', 'scroll'].includes(getComputedStyle(up).overflowX)) return true;
    }
    return false;
  };
  const found = [];
  for (const el of document.querySelectorAll('button, .btn, .st, h1, h2, h3, th, summary, legend, nav a, .tabs a, label, .cardhead')) {
    const box = el.getBoundingClientRect();
    // What only a screen reader is told is a pixel wide.
    if (box.width < 4 || box.height < 4 || getComputedStyle(el).visibility === 'hidden') continue;
    const told = `${el.tagName.toLowerCase()}.${el.className} "${el.textContent.trim().replaceAll(/\s+/g, ' ').slice(0, 60)}"`;
    const style = getComputedStyle(el);
    const out = el.clientWidth > 0 && el.scrollWidth > el.clientWidth + 1;
    const held = el.matches('button, .btn, .st, nav a, .tabs a') || style.overflowX !== 'visible';
    if (out && held) found.push(`${told} needs ${el.scrollWidth} px and has ${el.clientWidth}`);
    const below = el.clientHeight > 0 && el.scrollHeight > el.clientHeight + 3;
    if (below && el.matches('button, .btn, .st')) found.push(`${told} is ${el.scrollHeight} px high in ${el.clientHeight}`);
    if (box.right > innerWidth + 1 && box.left < innerWidth && !scrolls(el)) found.push(`${told} ends at ${Math.round(box.right)} px`);
    // A label that runs onto the next cell covers what stands there.
    const cell = el.matches('.st') && el.closest('td')?.getBoundingClientRect();
    if (cell && cell.width > 0 && box.right > cell.right + 1) found.push(`${told} ends ${Math.round(box.right - cell.right)} px beyond its cell`);
  }
  return found;
}

async function look(page, language, [name, path, before], what, url, deep) {
  const told = `${name} in ${language} ${what}`;
  const answer = await page.goto(url + path);
  ensure(answer.ok(), `${told}: ${path} is answered with ${answer.status()}`);
  await before?.(page);
  ensure((await page.getAttribute('html', 'lang')) === language, `${told}: it says which language it is`);
  const missing = await page.evaluate(() => document.documentElement.outerHTML.match(/⟦[^⟧]*⟧?/g) ?? []);
  ensure(missing.length === 0, `${told}: no text for ${missing.slice(0, 5).join(', ')}`);
  if (SAYS[name]) ensure((await page.textContent('body')).includes(say(SAYS[name], {}, language)), `${told}: it says ${SAYS[name]}`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  ensure(wide <= 1, `${told}: ${wide} px wider than the screen`);
  const off = await page.evaluate(cut);
  ensure(off.length === 0, `${told}: ${off.slice(0, 6).join('; ')}`);
  if (deep) await sound(page, told, WITHOUT);
}

async function walk(browser, url, language) {
  const wrong = [];
  const all = [...PAGES, ...MORE].filter(([name]) => only.length === 0 || only.includes(name));
  for (const [viewport, what] of [[WIDE, 'wide'], [PHONE, 'on a phone']]) {
    const page = await person(browser, url, language, viewport);
    for (const [at, entry] of all.entries()) {
      // By the rules of accessibility each page is looked at once in each language: every second one wide, the others on a phone.
      const deep = (at % 2 === 0) === (viewport === WIDE);
      try {
        await look(page, language, entry, what, url, deep);
      } catch (error) {
        wrong.push(error.message);
        page.complaints.length = 0;
      }
    }
    await page.context().close();
  }
  return wrong;
}

const server = await serve(program, orders(400), [['es', 'admin', 'es'], ['ms', 'admin', 'ms'], ['ru', 'admin', 'ru']]);
const browser = await launch();
try {
  const wrong = (await Promise.all(['es', 'ms', 'ru'].map((language) => walk(browser, server.url, language)))).flat();
  ensure(wrong.length === 0, `${wrong.length} pages:\n${wrong.join('\n')}`);
  console.log(`${PAGES.length + MORE.length} pages in three languages, wide and on a phone`);
} finally {
  await browser.close();
  await server.stop();
}
