// The customer's page follows the news: when something changed it is asked for again and its content is swapped. Without a stream it
// is asked for twice a minute; without this script it shows what was true when it was loaded.
'use strict';
(() => {
  const main = document.querySelector('main');
  const news = document.querySelector('[data-news]');
  if (!main || !news) return;
  let asking = false, again = false;
  const refresh = async () => {
    if (asking) { again = true; return; }
    asking = true;
    try {
      const answer = await fetch(location.href, { credentials: 'omit', cache: 'no-store' });
      if (answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
        const fresh = page.querySelector('main');
        if (fresh && fresh.innerHTML !== main.innerHTML) main.replaceChildren(...fresh.childNodes);
      }
    } catch (gone) { /* the next news or minute tries again */ }
    asking = false;
    if (again) { again = false; refresh(); }
  };
  setInterval(() => { if (!document.hidden) refresh(); }, 30000);
  document.addEventListener('visibilitychange', () => { if (!document.hidden) refresh(); });
  if (window.EventSource) new EventSource(news.dataset.news).addEventListener('changed', refresh);
})();
