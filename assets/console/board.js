// The board by mouse, touch and keys, and live: cards are dragged or lifted from column to column, a stage that asks for a fact asks in a
// dialog, columns load on as they scroll, and cards follow the news. Without this script all of it works by links and forms.
'use strict';
(() => {
  const board = document.getElementById('board');
  if (!board) return;
  document.documentElement.classList.add('script');
  const said = document.getElementById('said');
  const bar = document.getElementById('bulk');
  const out = document.getElementById('chosen');
  const search = document.getElementById('search');
  const columns = () => [...board.querySelectorAll('.column')];
  const kards = (within = board) => [...within.querySelectorAll('.kard')];
  const kard = (id) => board.querySelector(`.kard[data-id="${CSS.escape(id)}"]`);
  const columnOf = (stage, lane) => columns().find((one) => one.dataset.stage === stage && one.dataset.lane === (board.hasAttribute('data-lanes') ? lane : ''));
  const name = (column) => column.dataset.name;
  const say = (text) => { said.textContent = text; };
  const fill = (text, ...values) => text.replace(/[01]/g, (place) => values[Number(place)] ?? '');
  const parse = (text) => new DOMParser().parseFromString(text, 'text/html');

  // The chosen.
  const box = (card) => card.querySelector('input[name=pick]');
  const tally = () => {
    if (!bar) return;
    const n = kards().filter((card) => box(card)?.checked).length;
    bar.classList.toggle('some', n > 0);
    bar.querySelector('button').disabled = n === 0;
    out.textContent = n ? out.dataset.some.replace('0', n) : out.dataset.none;
    kards().forEach((card) => card.classList.toggle('on', Boolean(box(card)?.checked)));
  };
  board.addEventListener('change', (event) => { if (event.target.name === 'pick') tally(); });

  // What a column shows, and how much of it there is.
  const before = (a, b) => {
    const sign = Number(a.dataset.rank) - Number(b.dataset.rank) || Number(a.dataset.due) - Number(b.dataset.due);
    return sign ? sign < 0 : a.dataset.id < b.dataset.id;
  };
  const place = (card) => {
    const column = columnOf(card.dataset.stage, card.dataset.lane);
    if (!column) return false;
    const list = column.querySelector('.cards');
    const next = kards(list).find((one) => one !== card && before(card, one));
    // Behind the last that is loaded while more wait: it comes with them.
    if (!next && column.querySelector('.more') && kards(list).length && card.parentElement !== list) return false;
    list.insertBefore(card, next ?? null);
    return true;
  };
  const empty = () => columns().forEach((column) => {
    const none = column.querySelector('.none');
    if (none) none.hidden = kards(column).length > 0;
  });
  const roving = () => {
    const all = kards();
    const here = all.find((card) => card.tabIndex === 0) ?? all[0];
    all.forEach((card) => { card.tabIndex = card === here ? 0 : -1; });
  };
  const settle = () => { empty(); roving(); tally(); };

  // A dialog for what the server asks or says.
  let dialog = null;
  const close = () => { dialog?.close(); dialog?.remove(); dialog = null; };
  const open = (content, done) => {
    close();
    dialog = document.createElement('dialog');
    dialog.className = 'sheetbox';
    dialog.append(content);
    const heading = content.querySelector('h2');
    if (heading) { heading.id = 'asked'; dialog.setAttribute('aria-labelledby', 'asked'); }
    document.querySelector('main').append(dialog);
    dialog.addEventListener('click', (event) => { if (event.target === dialog || event.target.closest('a.close')) { event.preventDefault(); close(); } });
    dialog.addEventListener('submit', async (event) => {
      event.preventDefault();
      const form = event.target;
      await post(form.getAttribute('action'), new URLSearchParams(new FormData(form)), done);
    });
    dialog.showModal();
    dialog.querySelector('textarea[required], input[required], select, textarea, button')?.focus();
  };

  // Sends a move; a form that comes back asks for a fact, or says what stands in the way.
  const result = document.createElement('div');
  result.id = 'result';
  board.before(result);
  const post = async (action, body, done) => {
    let answer;
    try {
      answer = await fetch(action, { method: 'POST', body, headers: { 'x-fragment': '1' }, credentials: 'same-origin' });
    } catch (gone) { say(board.dataset.refused); return false; }
    if (answer.redirected) { location.reload(); return false; }
    const page = parse(await answer.text());
    const form = page.querySelector('form.ask'), told = page.querySelector('.result');
    if (form) {
      const why = form.querySelector('.wrong')?.textContent.trim() ?? '';
      const asks = [...form.querySelectorAll('fieldset, [required]')].length > 0;
      done?.(false, why, asks);
      if (asks || dialog) open(document.adoptNode(form), done);
      return false;
    }
    close();
    if (told) {
      const fine = told.dataset.done === told.dataset.all;
      result.replaceChildren(document.adoptNode(told));
      done?.(fine, '', false);
      await look(body.getAll('pick').map((pick) => pick.split(' ')[0]));
      return fine;
    }
    say(board.dataset.refused);
    return false;
  };
  document.addEventListener('submit', async (event) => {
    const form = event.target, action = form.getAttribute('action');
    if (dialog?.contains(form) || !['/board/move', '/board/undo'].includes(action)) return;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form));
    if (action === '/board/move' && !body.getAll('pick').length) return;
    if (!body.get('note')) body.delete('note');
    await post(action, body, null);
    kards().forEach((card) => { if (box(card)) box(card).checked = false; });
    tally();
  });

  // Moving one card, or all that are ticked if it is one of them.
  const refuse = (column, why) => {
    const note = column.querySelector('.why');
    note.textContent = `${board.dataset.refused}: ${why}`;
    note.hidden = false;
    say(note.textContent);
    setTimeout(() => { note.hidden = true; }, 8000);
  };
  const carry = async (card, column) => {
    const ticked = kards().filter((one) => box(one)?.checked);
    const all = ticked.includes(card) ? ticked : [card];
    const body = new URLSearchParams({ csrf: board.dataset.csrf, back: `${location.pathname}${location.search}`, to: column.dataset.stage });
    all.forEach((one) => body.append('pick', `${one.dataset.id} ${one.dataset.version}`));
    await post('/board/move', body, (fine, why, asks) => {
      if (fine) say(fill(board.dataset.dropped, card.dataset.order, name(column)));
      else if (why && !asks) refuse(column, why);
    });
    kards().forEach((one) => { if (box(one)) box(one).checked = false; });
    tally();
  };

  // Dragging: by the whole card with a mouse, by its handle with a finger.
  let drag = null;
  const targetAt = (x, y) => {
    const under = document.elementFromPoint(x, y);
    const tab = under?.closest('.boardtabs a');
    if (tab) return { tab, column: columns().find((one) => one.dataset.stage === tab.dataset.stage) };
    return { column: under?.closest('.column') };
  };
  const unmark = () => document.querySelectorAll('.target, .shut').forEach((one) => one.classList.remove('target', 'shut'));
  const onto = (at) => {
    unmark();
    if (!at.column || at.column.dataset.stage === drag.card.dataset.stage) return;
    (at.tab ?? at.column).classList.add(at.column.hasAttribute('data-work') ? 'shut' : 'target');
  };
  const end = (drop, event) => {
    const was = drag;
    drag = null;
    unmark();
    document.documentElement.classList.remove('dragging');
    was.ghost?.remove();
    document.removeEventListener('pointermove', moved);
    document.removeEventListener('pointerup', up);
    document.removeEventListener('pointercancel', cancel);
    if (!was.ghost || !drop) return;
    const { column } = targetAt(event.clientX, event.clientY);
    if (column && column.dataset.stage !== was.card.dataset.stage) carry(was.card, column);
  };
  const moved = (event) => {
    if (!drag) return;
    if (!drag.ghost) {
      if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < 6) return;
      drag.ghost = drag.card.cloneNode(true);
      drag.ghost.className = 'kard ghost';
      drag.ghost.setAttribute('aria-hidden', 'true');
      drag.ghost.removeAttribute('data-id');
      drag.ghost.querySelectorAll('input, a, button, details').forEach((one) => one.remove());
      const heading = document.createElement('b');
      heading.className = 'mono';
      heading.textContent = drag.card.dataset.order;
      drag.ghost.querySelector('.top').prepend(heading);
      document.body.append(drag.ghost);
      document.documentElement.classList.add('dragging');
    }
    event.preventDefault();
    // The place of the ghost is the only thing that is set as a style; the policy allows it from a script's own hand.
    drag.ghost.style.left = `${event.clientX - 40}px`;
    drag.ghost.style.top = `${event.clientY - 20}px`;
    onto(targetAt(event.clientX, event.clientY));
    const row = drag.card.closest('.columns'), edge = row.getBoundingClientRect();
    if (event.clientX > edge.right - 40) row.scrollLeft += 24;
    if (event.clientX < edge.left + 40) row.scrollLeft -= 24;
  };
  const up = (event) => end(true, event);
  const cancel = (event) => end(false, event);
  board.addEventListener('pointerdown', (event) => {
    const card = event.target.closest('.kard');
    if (!card || !box(card) || event.button !== 0) return;
    const handle = event.target.closest('.handle');
    if (!handle && (event.pointerType !== 'mouse' || event.target.closest('a, button, input, label, summary, details'))) return;
    if (handle) event.preventDefault();
    drag = { card, x: event.clientX, y: event.clientY, ghost: null };
    document.addEventListener('pointermove', moved, { passive: false });
    document.addEventListener('pointerup', up);
    document.addEventListener('pointercancel', cancel);
  });

  // By keys.
  let lifted = null;
  const go = (card) => {
    if (!card) return;
    kards().forEach((one) => { one.tabIndex = -1; });
    card.tabIndex = 0;
    card.focus();
    card.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  };
  const aside = (card, by) => {
    const all = columns().filter((one) => one.dataset.lane === card.closest('.column').dataset.lane);
    for (let at = all.indexOf(card.closest('.column')) + by; all[at]; at += by) {
      if (kards(all[at]).length) return kards(all[at])[0];
    }
    return null;
  };
  const drop = () => { unmark(); lifted?.card.classList.remove('lifted'); lifted = null; };
  const aim = (by) => {
    const all = columns().filter((one) => one.dataset.lane === lifted.column.dataset.lane);
    const at = all.indexOf(lifted.column) + by;
    if (!all[at]) return;
    lifted.column = all[at];
    unmark();
    all[at].classList.add(all[at].hasAttribute('data-work') ? 'shut' : 'target');
    all[at].scrollIntoView({ block: 'nearest', inline: 'nearest' });
    say(name(all[at]));
  };
  const typing = (target) => target.matches('input:not([type=checkbox]), textarea, select');
  const lift = (event) => {
    if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') aim(event.key === 'ArrowRight' ? 1 : -1);
    else if (event.key === 'Escape') { say(fill(board.dataset.putback, lifted.card.dataset.order)); drop(); }
    else if (event.key === 'Enter' || event.key === ' ') {
      const { card, column } = lifted;
      drop();
      if (column.dataset.stage !== card.dataset.stage) carry(card, column).then(() => go(kard(card.dataset.id)));
    } else return;
    event.preventDefault();
  };
  const ask = async (href) => {
    const answer = await fetch(href, { headers: { 'x-fragment': '1' }, credentials: 'same-origin' });
    if (answer.redirected) { location.reload(); return; }
    const form = parse(await answer.text()).querySelector('form.ask');
    if (form) open(document.adoptNode(form), (fine, why) => { if (!fine && why) say(why); });
    else location.href = href;
  };
  document.addEventListener('keydown', (event) => {
    if (dialog || event.ctrlKey || event.metaKey || event.altKey) return;
    if (lifted) { lift(event); return; }
    if (typing(event.target)) { if (event.key === 'Escape') event.target.blur(); return; }
    if (event.key === '/') { event.preventDefault(); search.focus(); search.select(); return; }
    const card = event.target.closest?.('.kard');
    if (!card || event.target !== card) return;
    const within = kards(card.closest('.column')), at = within.indexOf(card);
    if (event.key === 'ArrowDown') go(within[at + 1]);
    else if (event.key === 'ArrowUp') go(within[at - 1]);
    else if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') go(aside(card, event.key === 'ArrowRight' ? 1 : -1));
    else if (event.key === 'x' && box(card)) { box(card).checked = !box(card).checked; tally(); }
    else if (event.key === 'm') { const link = card.querySelector('a.move'); if (link) ask(link.href); }
    else if (event.key === 'Enter') card.querySelector('a.mono').click();
    else if (event.key === ' ' && box(card)) {
      lifted = { card, column: card.closest('.column') };
      card.classList.add('lifted');
      say(fill(board.dataset.lifted, card.dataset.order));
    } else return;
    event.preventDefault();
  });
  board.addEventListener('focusin', (event) => {
    const card = event.target.closest('.kard');
    if (card && event.target === card) kards().forEach((one) => { one.tabIndex = one === card ? 0 : -1; });
  });
  board.addEventListener('click', (event) => {
    const link = event.target.closest('a.move');
    if (link) { event.preventDefault(); ask(link.href); return; }
    const more = event.target.closest('a.more');
    if (more) { event.preventDefault(); load(more); }
  });
  document.addEventListener('click', (event) => {
    const but = event.target.closest('details.drop, details.acts');
    document.querySelectorAll('details.drop[open], #board details.acts[open]').forEach((one) => { if (one !== but) one.open = false; });
    if (event.target.closest('#result a.close')) { event.preventDefault(); result.replaceChildren(); }
  });

  // Columns load on as they scroll.
  const load = async (more) => {
    if (more.dataset.busy) return;
    more.dataset.busy = '1';
    const column = more.closest('.column'), list = column.querySelector('.cards');
    try {
      const answer = await fetch(more.href, { headers: { 'x-fragment': '1' }, credentials: 'same-origin' });
      if (!answer.ok || answer.redirected) return;
      const page = parse(await answer.text());
      [...page.querySelectorAll('.kard')].forEach((card) => { if (!kard(card.dataset.id)) list.append(document.adoptNode(card)); });
      const next = page.querySelector('a.more');
      if (next) { more.replaceWith(document.adoptNode(next)); watch.observe(column.querySelector('a.more')); } else more.remove();
      settle();
    } catch (gone) { delete more.dataset.busy; }
  };
  const watch = new IntersectionObserver((seen) => seen.forEach((one) => {
    // At first nothing was scrolled yet: what is in sight then waits for a finger or a wheel.
    if (!one.isIntersecting) { one.target.dataset.armed = '1'; return; }
    const list = one.target.closest('.column').querySelector('.cards');
    if (one.target.dataset.armed || list.scrollTop > 0) load(one.target);
  }));
  board.querySelectorAll('a.more').forEach((more) => watch.observe(more));
  board.addEventListener('scroll', (event) => {
    const list = event.target;
    if (!list.classList?.contains('cards') || list.scrollTop + list.clientHeight < list.scrollHeight - 160) return;
    const more = list.closest('.column').querySelector('a.more');
    if (more) load(more);
  }, true);

  // On a phone one column fills the screen; its tab is marked.
  const tabs = [...document.querySelectorAll('.boardtabs a')];
  const near = new IntersectionObserver((seen) => seen.forEach((one) => {
    const tab = tabs.find((tab) => tab.dataset.stage === one.target.dataset.stage);
    tab?.classList.toggle('on', one.isIntersecting);
  }), { rootMargin: '0px -45% 0px -45%' });
  columns().forEach((column) => near.observe(column));

  // Cards follow the news.
  const busy = (card) => Boolean(card.querySelector('details[open]')) || card === drag?.card || card === lifted?.card;
  const swap = (fresh, mark) => {
    const old = kard(fresh.dataset.id);
    if (old && busy(old)) return;
    const same = old && old.dataset.stage === fresh.dataset.stage && old.dataset.lane === fresh.dataset.lane;
    const focused = old === document.activeElement, on = Boolean(old && box(old)?.checked);
    document.adoptNode(fresh);
    fresh.tabIndex = old?.tabIndex ?? -1;
    const changed = !old || old.innerHTML !== fresh.innerHTML || old.dataset.version !== fresh.dataset.version;
    if (same && old.dataset.rank === fresh.dataset.rank && old.dataset.due === fresh.dataset.due) old.replaceWith(fresh);
    else { old?.remove(); if (!place(fresh)) return; }
    if (box(fresh)) box(fresh).checked = on;
    if (mark && changed) { fresh.classList.add('fresh'); setTimeout(() => fresh.classList.remove('fresh'), 3000); }
    if (focused) go(fresh);
  };
  const look = async (ids) => {
    if (!ids.length) return;
    const asked = new URLSearchParams(board.dataset.query);
    if (!asked.has('p')) asked.set('p', board.dataset.pipeline);
    ids.slice(0, 60).forEach((id) => asked.append('id', id));
    const answer = await fetch(`/board/some?${asked}`, { credentials: 'same-origin' });
    if (!answer.ok || answer.redirected) return;
    const page = parse(await answer.text());
    const found = new Set();
    [...page.querySelectorAll('.kard')].forEach((card) => { found.add(card.dataset.id); swap(card, true); });
    ids.forEach((id) => { const old = kard(id); if (old && !found.has(id) && !busy(old)) old.remove(); });
    page.querySelectorAll('.head').forEach((head) => {
      const tab = tabs.find((one) => one.dataset.stage === head.dataset.stage);
      if (tab) tab.querySelector('.count').textContent = head.dataset.n;
      if (!board.hasAttribute('data-plain') || board.hasAttribute('data-lanes')) return;
      const column = columnOf(head.dataset.stage, '');
      column?.querySelector('header .count')?.replaceWith(document.adoptNode(head.firstElementChild));
      column?.classList.toggle('over', head.hasAttribute('data-over'));
    });
    if (board.hasAttribute('data-lanes') || !board.hasAttribute('data-plain')) {
      // Where nobody counts for us, what is shown whole is counted here.
      columns().forEach((column) => {
        const count = column.querySelector('header .st.count');
        if (count && !column.querySelector('.more')) count.textContent = String(kards(column).length);
      });
    }
    settle();
  };
  let later = 0, pending = new Set(), everything = false;
  const work = async () => {
    later = 0;
    if (document.hidden || drag || lifted || dialog) { later = setTimeout(work, 500); return; }
    const ids = [...pending], all = everything;
    pending = new Set();
    everything = false;
    try {
      if (all || ids.length > 60) { const shown = kards().map((card) => card.dataset.id); for (let at = 0; at < shown.length; at += 60) await look(shown.slice(at, at + 60)); }
      else await look(ids);
    } catch (gone) { /* the next news try again */ }
  };
  document.addEventListener('packbench-news', (event) => {
    event.detail.orders.forEach(([id]) => pending.add(id));
    everything ||= event.detail.all;
    if (!later && (pending.size || everything)) later = setTimeout(work, 150);
  });

  settle();
})();
