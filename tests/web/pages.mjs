// Every page of the console by its address, and a house that fills them: what is pictured for the documentation, and what is looked at in
// every language.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

// The newest orders of the demo's week; so many rows of it.
export function orders(rows) {
  const [head, ...week] = gunzipSync(readFileSync(join(root, 'assets/demo/week.csv.gz'))).toString('utf8').trim().split('\n');
  return `${[head, ...week.slice(0, rows)].join('\n')}\n`;
}

// Name, address, and what is done before the picture.
export const PAGES = [
  ['orders', '/orders'],
  ['orders-filter', '/orders', (page) => page.click('details.filter summary')],
  ['order', '/orders/536365'],
  ['board', '/board'],
  ['board-stages', '/board/stages'],
  ['board-reminders', '/board/reminders'],
  ['order-new', '/orders/new'],
  ['order-rules', '/orders/rules'],
  ['order-exports', '/orders/exports'],
  ['orders-many', '/orders/many'],
  ['search', '/search?q=lantern'],
  ['more', '/exceptions', (page) => page.click('nav .more summary')],
  ['customers', '/customers'],
  ['customer', '/customers/17850'],
  ['import', '/import'],
  ['stock', '/stock'],
  ['stock-product', '/stock/of/85123A'],
  ['stock-receive', '/stock/receive'],
  ['stock-count', '/stock/count'],
  ['stock-lots', '/stock/lots'],
  ['stock-entries', '/stock/entries'],
  ['products', '/products'],
  ['product', '/products/85123A'],
  ['locations', '/locations'],
  ['map', '/map'],
  ['labels', '/labels'],
  ['label-edit', '/labels/shipping'],
  ['layout', '/layout'],
  ['returns', '/returns'],
  ['handover', '/handover'],
  ['handover-manifests', '/handover/manifests'],
  ['messages', '/messages'],
  ['message-templates', '/messages/templates'],
  ['message-settings', '/messages/settings'],
  ['webhooks', '/webhooks'],
  ['stations', '/stations'],
  ['exceptions', '/exceptions'],
  ['people', '/people'],
  ['person-new', '/people/new'],
  ['roles', '/roles'],
  ['keys', '/keys'],
  ['audit', '/audit'],
  ['settings', '/settings'],
];
export const CARRIED = ['board', 'handover', 'stock', 'stock-receive', 'orders', 'order', 'search', 'customer', 'exceptions', 'more', 'label-edit', 'layout'];
