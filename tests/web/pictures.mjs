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

// Enough to fill every list.
const server = await serve(program, orders(4000), [['admin', 'admin']]);
const browser = await launch();
try {
  for (const [viewport, scheme, suffix, wanted] of [
    [WIDE, 'light', '', PAGES], [PHONE, 'light', '-phone', PAGES.filter(([name]) => CARRIED.includes(name))],
    [WIDE, 'dark', '-dark', PAGES.filter(([name]) => name === 'orders')],
  ]) {
    const chosen = wanted.filter(([name]) => only.length === 0 || only.includes(name));
    if (chosen.length === 0) continue;
    const page = await person(browser, server.url, 'admin', viewport, scheme);
    for (const [name, path, before] of chosen) {
      const answer = await page.goto(server.url + path);
      if (!answer.ok()) throw new Error(`${path} is answered with ${answer.status()}`);
      await before?.(page);
      await page.evaluate(() => document.fonts.ready);
      await page.screenshot({ path: join(out, `${name}${suffix}.png`) });
    }
    await page.context().close();
  }
  console.log(`pictures of the console are in ${out}`);
} finally {
  await browser.close();
  await server.stop();
}
