// The editor of the warehouse's layout: a moment after the last key what is wrong and the drawing are asked for again, and lengths follow
// when another unit is chosen. Without this script the page's own buttons do the same.
'use strict';
(() => {
  const form = document.getElementById('layout'), told = document.getElementById('told'), drawn = document.getElementById('drawn');
  if (!form || !told || !drawn || !window.fetch) return;
  const WAIT_MS = 350;
  let timer = 0, asked = 0, going = null;
  const ask = async () => {
    const turn = ++asked;
    going?.abort();
    going = new AbortController();
    try {
      const answer = await fetch(form.dataset.try, { method: 'POST', body: new URLSearchParams(new FormData(form)), credentials: 'same-origin', signal: going.signal });
      if (turn !== asked) return;
      if (answer.redirected) { location.reload(); return; }
      if (!answer.ok && answer.status !== 422) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      if (turn !== asked) return;
      told.replaceChildren(...(page.getElementById('told')?.childNodes ?? []));
      const picture = page.getElementById('drawn');
      if (picture) drawn.replaceChildren(...picture.childNodes);
      drawn.classList.toggle('old', !picture);
      form.dataset.tried = String(turn);
    } catch (gone) {
      if (gone.name === 'AbortError' || turn !== asked) return;
      told.textContent = form.dataset.lost;
      drawn.classList.add('old');
    }
  };
  const later = () => { clearTimeout(timer); timer = setTimeout(ask, WAIT_MS); };
  const unit = form.elements.unit;
  let before = unit.value;
  unit.addEventListener('change', () => {
    const lengths = [...form.querySelectorAll('[data-length]')];
    const shorter = unit.value === 'cm';
    if (shorter && lengths.some((one) => (one.value.match(/\d+/g) ?? []).some((n) => Number(n) % 10 !== 0))) {
      unit.value = before;
      told.textContent = form.dataset.uneven;
      return;
    }
    if (unit.value === before) return;
    for (const one of lengths) one.value = one.value.replace(/\d+/g, (n) => (shorter ? String(Number(n) / 10) : `${n}0`.replace(/^0+(?=\d)/, '')));
    before = unit.value;
  });
  // Fields of the sample stand outside the form and belong to it.
  for (const one of form.elements) {
    if (one.name && one.type !== 'hidden') one.addEventListener(one.tagName === 'SELECT' ? 'change' : 'input', later);
  }
  form.querySelectorAll('[name=leave]').forEach((one) => one.addEventListener('change', later));
  document.querySelector('button[value=other]')?.addEventListener('click', (event) => {
    event.preventDefault();
    form.elements.seed.value = String(Number(form.elements.seed.value) + 1);
    clearTimeout(timer);
    ask();
  });
})();
