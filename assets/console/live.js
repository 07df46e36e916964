// Asks for the page again when central says that something changed, and swaps the content alone. Nothing is swapped while
// somebody types, a form has the focus, or something typed was not sent yet. Without this script every page works as it is.
'use strict';
(() => {
  const main = document.querySelector('main[data-live]');
  if (!main || !window.EventSource) return;
  let waiting = false, typed = false;
  // What was typed or ticked and not sent yet would be lost.
  main.addEventListener('input', (event) => { typed ||= Boolean(event.target.closest('form[method=post]')); });
  const busy = () => main.contains(document.activeElement) && document.activeElement.matches('input, button, select, textarea');
  const refresh = async () => {
    waiting = false;
    if (document.hidden || typed || busy()) return;
    try {
      const answer = await fetch(location.href, { credentials: 'same-origin' });
      if (!answer.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const fresh = page.querySelector('main[data-live]');
      if (fresh && !typed && !busy()) main.replaceChildren(...fresh.childNodes);
    } catch (gone) { /* the stream tells when central is back */ }
  };
  new EventSource(main.dataset.live).addEventListener('changed', () => {
    if (!waiting) { waiting = true; setTimeout(refresh, 1000); }
  });
})();
