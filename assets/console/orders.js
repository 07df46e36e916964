// The table of orders by keys and live: which rows are chosen, moving with j and k, fields that are saved in place, columns that are
// pulled wider, and rows that follow the news. Without this script all of it works by links and forms.
'use strict';
(() => {
  const card = document.getElementById('orders');
  if (!card) return;
  document.documentElement.classList.add('script');
  const bar = document.getElementById('bulk');
  const out = document.getElementById('chosen');
  const search = document.getElementById('search');
  const rows = () => [...card.querySelectorAll('tbody tr')];
  const row = (id) => rows().find((tr) => tr.dataset.id === id);
  const box = (tr) => tr.querySelector('input[name=pick]');

  // The chosen.
  const count = () => {
    const n = card.querySelectorAll('input[name=pick]:checked').length;
    const every = bar.querySelector('input[name=every]');
    const some = n > 0 || Boolean(every?.checked);
    bar.classList.toggle('some', some);
    bar.querySelectorAll('button[name=do]').forEach((button) => { button.disabled = !some || (button.value === 'slips' && Boolean(every?.checked)); });
    if (every) every.closest('label').hidden = !every.checked && n < rows().length;
    out.textContent = n ? out.dataset.some.replace('0', n) : out.dataset.none;
    rows().forEach((tr) => tr.classList.toggle('on', box(tr).checked));
    const all = document.getElementById('all');
    if (all) { all.checked = n > 0 && n === rows().length; all.indeterminate = n > 0 && n < rows().length; }
  };
  bar.addEventListener('change', (event) => { if (event.target.name === 'every') count(); });
  let lastPicked = null;
  card.addEventListener('change', (event) => {
    if (event.target.id === 'all') rows().forEach((tr) => { box(tr).checked = event.target.checked; });
    if (event.target.name === 'pick') lastPicked = event.target.closest('tr');
    count();
  });
  card.addEventListener('click', (event) => {
    const pick = event.target.closest('input[name=pick]');
    if (!pick || !event.shiftKey || !lastPicked?.isConnected) return;
    const all = rows(), from = all.indexOf(lastPicked), to = all.indexOf(pick.closest('tr'));
    all.slice(Math.min(from, to), Math.max(from, to) + 1).forEach((tr) => { box(tr).checked = pick.checked; });
    count();
  });

  // Where one is.
  let here = null;
  const go = (tr) => {
    if (!tr) return;
    if (here?.isConnected) here.tabIndex = -1;
    here = tr;
    tr.tabIndex = 0;
    tr.focus();
    tr.scrollIntoView({ block: 'nearest' });
  };
  const step = (by) => {
    const all = rows(), at = here?.isConnected ? all.indexOf(here) : (by > 0 ? -1 : all.length);
    go(all[Math.max(0, Math.min(all.length - 1, at + by))]);
  };
  const typing = (target) => target.matches('input:not([type=checkbox]), textarea, select');
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') { if (typing(event.target)) event.target.blur(); return; }
    if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
    const onRow = event.target === document.body || event.target === here || event.target.matches('input[name=pick]');
    if (event.key === 'j') { event.preventDefault(); step(1); }
    else if (event.key === 'k') { event.preventDefault(); step(-1); }
    else if (event.key === 'x' && here?.isConnected) { event.preventDefault(); box(here).checked = !box(here).checked; lastPicked = here; count(); }
    else if (event.key === 'Enter' && onRow && here?.isConnected) { event.preventDefault(); here.querySelector('td[data-column=order] a, a[href^="/orders/"]')?.click(); }
  });
  card.addEventListener('focusin', (event) => { const tr = event.target.closest('tbody tr'); if (tr) here = tr; });

  // Forms whose answer belongs beside the table.
  const result = document.createElement('div');
  result.id = 'result';
  card.before(result);
  const send = (form, button) => {
    const body = new URLSearchParams(new FormData(form));
    if (button?.name) body.append(button.name, button.value);
    return fetch(form.getAttribute('action'), { method: 'POST', body, headers: { 'x-fragment': '1' }, credentials: 'same-origin' });
  };
  document.addEventListener('submit', async (event) => {
    const form = event.target, button = event.submitter;
    const field = form.matches('.edit form, form.conflict');
    const quiet = ['hold', 'let_go', 'first', 'in_turn', 'assign'];
    const what = button?.name === 'one' ? button.value.split(' ')[0] : (button?.name === 'do' ? button.value : form.elements.do?.value);
    // What is meant for all that fit is asked once more on a page of its own.
    const every = button?.name === 'do' && form.elements.every?.checked;
    const act = form.getAttribute('action') === '/orders/act' && quiet.includes(what) && !every;
    if (!field && !act) return;
    event.preventDefault();
    if (button) button.disabled = true;
    try {
      const answer = await send(form, button);
      if (answer.redirected) { location.reload(); return; }
      const text = await answer.text();
      if (field) {
        const details = form.closest('details'), tr = form.closest('tr');
        if (answer.status === 204) { if (details) details.open = false; if (tr) await fetchRows([tr.dataset.id], true); return; }
        const fresh = new DOMParser().parseFromString(text, 'text/html').querySelector('form');
        if (fresh) { form.replaceWith(document.adoptNode(fresh)); fresh.querySelector('textarea, select, input:not([type=hidden])')?.focus(); }
        return;
      }
      const told = new DOMParser().parseFromString(text, 'text/html').querySelector('.result');
      if (!told) { form.submit(); return; }
      result.replaceChildren(document.adoptNode(told));
      const changed = [...rows()].filter((tr) => box(tr).checked || button?.value?.endsWith(tr.dataset.id)).map((tr) => tr.dataset.id);
      rows().forEach((tr) => { box(tr).checked = false; });
      count();
      await fetchRows(changed, true);
    } catch (gone) {
      form.submit();
    } finally {
      if (button) button.disabled = false;
    }
  });

  // Rows that follow the news. A row in which somebody types waits until they are done.
  const busy = (tr) => Boolean(tr.querySelector('details.edit[open], form.conflict'));
  const swap = (fresh, mark) => {
    const old = row(fresh.dataset.id);
    if (!old || busy(old) || old.outerHTML === fresh.outerHTML) return;
    const on = box(old).checked, focused = old === document.activeElement, open = [...old.querySelectorAll('details')].map((one) => one.open);
    if (old.innerHTML === fresh.innerHTML) return;
    document.adoptNode(fresh);
    old.replaceWith(fresh);
    box(fresh).checked = on;
    [...fresh.querySelectorAll('details')].forEach((one, at) => { one.open = Boolean(open[at]); });
    if (mark) { fresh.classList.add('fresh'); setTimeout(() => fresh.classList.remove('fresh'), 3000); }
    if (here === old) { here = fresh; if (focused) go(fresh); }
  };
  const fetchRows = async (ids, mark) => {
    if (!ids.length) return;
    const asked = new URLSearchParams(location.search);
    asked.delete('cursor');
    ids.slice(0, 50).forEach((id) => asked.append('id', id));
    const answer = await fetch(`/orders/rows?${asked}`, { credentials: 'same-origin' });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    page.querySelectorAll('tbody tr').forEach((tr) => swap(tr, mark));
    count();
  };
  // The whole first page again: orders that came, went or moved.
  const fetchPage = async () => {
    const answer = await fetch(location.href, { credentials: 'same-origin' });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const fresh = [...page.querySelectorAll('#orders tbody tr')];
    for (const id of ['count', 'new-orders']) {
      const old = document.getElementById(id), now = page.getElementById(id);
      if (id === 'count' && old && now) old.textContent = now.textContent;
    }
    const tabs = page.querySelector('nav.tabs');
    if (tabs) document.querySelector('nav.tabs').replaceChildren(...tabs.childNodes);
    if (rows().some(busy)) return;
    if (!fresh.length || !rows().length) {
      card.replaceChildren(...page.getElementById('orders').childNodes);
      grips();
      count();
      return;
    }
    const body = card.querySelector('tbody'), chosen = new Set(rows().filter((tr) => box(tr).checked).map((tr) => tr.dataset.id));
    const known = new Set(rows().map((tr) => tr.dataset.id));
    fresh.forEach((tr) => swap(tr, true));
    const byId = new Map(rows().map((tr) => [tr.dataset.id, tr]));
    const focused = document.activeElement;
    const next = fresh.map((tr) => {
      const kept = byId.get(tr.dataset.id);
      if (kept) return kept;
      document.adoptNode(tr);
      if (!known.has(tr.dataset.id)) tr.classList.add('fresh');
      return tr;
    });
    body.replaceChildren(...next);
    rows().forEach((tr) => { if (chosen.has(tr.dataset.id)) box(tr).checked = true; });
    if (focused?.isConnected && focused !== document.activeElement) focused.focus();
    count();
  };
  let later = 0, pending = new Set(), everything = false;
  const work = async () => {
    later = 0;
    if (document.hidden) { later = setTimeout(work, 1000); return; }
    const shown = new Set(rows().map((tr) => tr.dataset.id));
    const ids = [...pending], all = everything;
    pending = new Set();
    everything = false;
    try {
      const first = card.dataset.rows === 'true';
      if (first && (all || ids.some((id) => !shown.has(id)) || ids.length > 20)) await fetchPage();
      else await fetchRows(all ? [...shown] : ids.filter((id) => shown.has(id)), true);
    } catch (gone) { /* the next news try again */ }
  };
  document.addEventListener('packbench-news', (event) => {
    event.detail.orders.forEach(([id]) => pending.add(id));
    everything ||= event.detail.all;
    if (!later && (pending.size || everything)) later = setTimeout(work, 150);
  });

  // Columns are pulled wider at their heads, and the widths are kept.
  const form = document.getElementById('columns');
  const keep = () => { if (form) send(form, null).catch(() => {}); };
  function grips() {
    card.querySelectorAll('thead th[data-column]').forEach((th) => {
      if (th.querySelector('.grip')) return;
      const grip = document.createElement('span');
      grip.className = 'grip';
      th.append(grip);
      grip.addEventListener('pointerdown', (event) => {
        event.preventDefault();
        grip.setPointerCapture(event.pointerId);
        const from = event.clientX, width = th.offsetWidth, col = card.querySelector(`col[data-column="${th.dataset.column}"]`);
        const set = (move) => {
          const px = Math.max(60, Math.min(600, Math.round(width + move.clientX - from)));
          col.width = px;
          th.style.minWidth = `${px}px`;
          const typed = form?.elements[`px-${th.dataset.column}`];
          if (typed) typed.value = px;
        };
        const end = () => { grip.removeEventListener('pointermove', set); keep(); };
        grip.addEventListener('pointermove', set);
        grip.addEventListener('pointerup', end, { once: true });
        grip.addEventListener('pointercancel', end, { once: true });
      });
    });
    card.querySelectorAll('col[width]').forEach((col) => {
      const th = card.querySelector(`th[data-column="${col.dataset.column}"]`);
      if (th) th.style.minWidth = `${col.width}px`;
    });
  }

  grips();
  count();
})();
