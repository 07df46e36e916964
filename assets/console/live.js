// Listens to the news of central. The counter of new orders goes on counting on every page; a page's content is asked for again and
// swapped alone, but never while somebody types, a form has the focus, or something typed was not sent yet, and never an editor, which
// has a script of its own and is saved against the version it was opened with. The table of orders follows the news by itself. Without this script every page works as it is.
'use strict';
(() => {
  // Keys of every list but the table of orders, which has its own: / searches, j and k move from row to row, Enter opens.
  document.addEventListener('keydown', (event) => {
    if (document.getElementById('orders') || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches('input:not([type=checkbox]), textarea, select')) return;
    const search = document.getElementById('search');
    if (event.key === '/' && search) { event.preventDefault(); search.focus(); search.select(); }
    if (event.key !== 'j' && event.key !== 'k') return;
    const links = [...document.querySelectorAll('main table.rows tbody tr')].map((row) => row.querySelector('a')).filter(Boolean);
    const at = links.indexOf(document.activeElement), next = event.key === 'j' ? at + 1 : at - 1;
    links[Math.max(0, Math.min(links.length - 1, next))]?.focus();
  });
  const main = document.querySelector('main#content');
  if (!main || !window.EventSource) return;
  const table = Boolean(document.getElementById('orders') ?? document.getElementById('board'));
  // What was typed or ticked and not sent yet would be lost; so would a form that was refused, which the server shows as it was typed.
  let waiting = false, typed = Boolean(main.querySelector('[role=alert]')), asked = 0;
  main.addEventListener('input', (event) => { typed ||= Boolean(event.target.closest('form[method=post]')); });
  const busy = () => main.contains(document.activeElement) && document.activeElement.matches('input, button, select, textarea');
  const refresh = async () => {
    waiting = false;
    asked = Date.now();
    if (document.hidden || typed || busy() || main.querySelector('form[data-try]')) return;
    try {
      const answer = await fetch(location.href, { credentials: 'same-origin' });
      if (!answer.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const fresh = page.querySelector('main#content');
      if (fresh && !typed && !busy()) main.replaceChildren(...fresh.childNodes);
    } catch (gone) { /* the stream tells when central is back */ }
  };
  // What is being written in the background tells no news: it is asked for every second while it goes on.
  setInterval(() => { if (main.querySelector('[data-poll]')) refresh(); }, 1000);
  // The page of one order follows that order alone.
  const concerned = (news) => {
    const own = main.querySelector('[data-order-id]');
    return !own || news.all || news.orders.some(([id]) => id === own.dataset.orderId);
  };
  const counter = document.getElementById('new-orders');
  const counted = new Set();
  const count = (orders) => {
    if (!counter) return;
    const most = Number(counter.dataset.most);
    for (const [id, placed] of orders) {
      if (placed > Number(counter.dataset.now) && !counted.has(id) && counted.size < most) counted.add(id);
    }
    const all = Number(counter.dataset.count) + counted.size;
    counter.querySelector('.n').textContent = all >= most ? `${most - 1}+` : String(all);
    counter.hidden = all === 0;
  };
  const told = (news) => {
    count(news.orders);
    if (table) document.dispatchEvent(new CustomEvent('packbench-news', { detail: news }));
    else if (!waiting && concerned(news)) { waiting = true; setTimeout(refresh, Math.max(150, asked + 1000 - Date.now())); }
  };
  const everything = { orders: [], all: true };
  // Who may not see orders is told no news of them.
  if (!main.dataset.live) return;
  const stream = new EventSource(main.dataset.live);
  let lost = false;
  stream.addEventListener('changed', (event) => {
    let news = everything;
    try { news = JSON.parse(event.data); } catch (other) { /* then everything may have changed */ }
    told(news);
  });
  // What happened while nobody told is not told later.
  stream.addEventListener('error', () => { lost = true; });
  stream.addEventListener('open', () => { if (lost) told(everything); lost = false; });
})();
