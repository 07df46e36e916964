// The palette of commands, on every page: everything the page's links and buttons can go to or do, and everything the server finds,
// by typing a part of its name. It opens by Ctrl+K and, where the page has no field of its own for that, by /. Without this
// script the same is the page /search. And what unfolds folds again when one goes elsewhere.
'use strict';
(() => {
  const fold = (but) => document.querySelectorAll('details.drop[open]').forEach((one) => { if (one !== but) one.open = false; });
  document.addEventListener('click', (event) => fold(event.target.closest('details.drop')));
  document.addEventListener('keydown', (event) => { if (event.key === 'Escape') fold(null); });

  const link = document.querySelector('a[data-search]');
  if (!link) return;
  const hint = link.dataset.search;
  const LATER_MS = 120;
  let dialog = null;

  const commands = () => [...document.querySelectorAll('nav a[href], main .title a.btn, #bulk button[name=do]')]
    .filter((one) => one !== link && !one.disabled)
    .map((one) => ({ name: one.textContent.trim().replace(/\s+/g, ' '), go: () => one.click() }))
    .filter((thing) => thing.name);

  // What the server finds: the same list as on the page.
  const ask = async (text, signal) => {
    const answer = await fetch(`/search?q=${encodeURIComponent(text)}`, { credentials: 'same-origin', headers: { 'x-fragment': '1' }, signal });
    if (!answer.ok || answer.redirected) return [];
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    return [...page.querySelectorAll('ul.found a')].map((a) => ({
      name: a.textContent.trim().replace(/\s+/g, ' '), parts: [...a.childNodes], go: () => { location.href = a.getAttribute('href'); },
    }));
  };

  function open() {
    if (document.querySelector('dialog[open]')) return;
    const all = commands();
    dialog?.remove();
    dialog = document.createElement('dialog');
    dialog.id = 'palette';
    dialog.setAttribute('aria-label', hint);
    const input = document.createElement('input'), list = document.createElement('ul');
    input.type = 'text'; // in a search field Escape would empty it first, and close nothing
    input.placeholder = hint;
    for (const [name, value] of [['role', 'combobox'], ['aria-expanded', 'true'], ['aria-controls', 'palette-list'], ['aria-label', hint],
      ['aria-autocomplete', 'list'], ['autocomplete', 'off']]) input.setAttribute(name, value);
    list.id = 'palette-list';
    list.setAttribute('role', 'listbox');
    list.setAttribute('aria-label', hint);
    dialog.append(input, list);
    document.querySelector('main').append(dialog);

    let at = 0, things = [], found = [], asking = null, timer = 0;
    const take = (thing) => { dialog.close(); thing?.go(); };
    const show = () => {
      const text = input.value.trim().toLowerCase();
      things = [...all.filter((thing) => thing.name.toLowerCase().includes(text)), ...found];
      if (text) things.push({ name: `${hint}: ${input.value}`, go: () => { location.href = `/search?q=${encodeURIComponent(input.value)}`; } });
      at = Math.max(0, Math.min(at, things.length - 1));
      list.replaceChildren(...things.map((thing, n) => {
        const li = document.createElement('li');
        li.id = `palette-${n}`;
        li.setAttribute('role', 'option');
        li.setAttribute('aria-selected', String(n === at));
        if (thing.parts) li.append(...thing.parts); else li.textContent = thing.name;
        li.addEventListener('click', () => take(thing));
        return li;
      }));
      input.setAttribute('aria-activedescendant', `palette-${at}`);
      list.children[at]?.scrollIntoView({ block: 'nearest' });
    };
    const later = () => {
      clearTimeout(timer);
      asking?.abort();
      found = [];
      const text = input.value.trim();
      if (!text) return;
      timer = setTimeout(async () => {
        asking = new AbortController();
        try {
          const answer = await ask(text, asking.signal);
          if (input.value.trim() === text) { found = answer; show(); }
        } catch (gone) { /* asked anew, or the server is away: the page's own commands stay */ }
      }, LATER_MS);
    };
    input.addEventListener('input', () => { at = 0; later(); show(); });
    input.addEventListener('keydown', (event) => {
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') { event.preventDefault(); at += event.key === 'ArrowDown' ? 1 : -1; show(); }
      else if (event.key === 'Enter') { event.preventDefault(); take(things[at]); }
    });
    dialog.addEventListener('close', () => { clearTimeout(timer); asking?.abort(); });
    show();
    dialog.showModal();
    input.focus();
  }

  link.addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || document.getElementById('search')) return;
    event.preventDefault();
    open();
  });
  document.addEventListener('keydown', (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === 'k') { event.preventDefault(); open(); return; }
    const typing = event.target.matches('input:not([type=checkbox]), textarea, select');
    if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
    const own = document.getElementById('search');
    event.preventDefault();
    if (own) { own.focus(); own.select(); } else open();
  });
})();
