// The editor of a label's template: numbers beside the lines, what is wrong and the picture asked for again a moment after the last
// key, and from a problem to its line. The picture comes as a PNG and is drawn on a canvas: the page allows pictures by address alone.
// Without this script the page's own buttons do the same.
'use strict';
(() => {
  const form = document.getElementById('template'), text = document.getElementById('text');
  if (!form || !text || !window.fetch || !window.createImageBitmap) return;
  const told = document.getElementById('problems'), numbers = form.querySelector('.numbers');
  const paper = document.querySelector('#preview .paper');
  const WAIT_MS = 400;
  let timer = 0, asked = 0, going = null;
  const number = () => {
    const lines = text.value.split('\n').length;
    if (Number(numbers.dataset.lines) !== lines) {
      numbers.textContent = Array.from({ length: lines }, (_, at) => at + 1).join('\n');
      numbers.dataset.lines = String(lines);
    }
    numbers.scrollTop = text.scrollTop;
  };
  const show = (picture) => {
    const canvas = document.createElement('canvas');
    canvas.width = picture.width;
    canvas.height = picture.height;
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', paper.querySelector('img, canvas')?.alt || paper.querySelector('canvas')?.getAttribute('aria-label') || '');
    canvas.getContext('2d').drawImage(picture, 0, 0);
    paper.replaceChildren(canvas);
    paper.classList.remove('old');
  };
  const ask = async () => {
    const turn = ++asked;
    going?.abort();
    going = new AbortController();
    try {
      const answer = await fetch(form.dataset.try, { method: 'POST', body: new URLSearchParams(new FormData(form)), credentials: 'same-origin', signal: going.signal });
      if (turn !== asked) return;
      if (answer.redirected) { location.reload(); return; }
      if (answer.ok) {
        const picture = await createImageBitmap(await answer.blob());
        if (turn !== asked) return;
        show(picture);
        const good = document.createElement('p');
        good.className = 'good';
        good.textContent = form.dataset.sound;
        told.replaceChildren(good);
      } else if (answer.status === 422) {
        const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
        told.replaceChildren(...page.body.childNodes);
        paper.classList.add('old');
      } else throw new Error(String(answer.status));
    } catch (gone) {
      if (gone.name === 'AbortError' || turn !== asked) return;
      told.textContent = form.dataset.lost;
      paper.classList.add('old');
    }
  };
  const later = () => { clearTimeout(timer); timer = setTimeout(ask, WAIT_MS); };
  text.addEventListener('input', () => { number(); later(); });
  text.addEventListener('scroll', number);
  form.elements.dpi.addEventListener('change', () => { clearTimeout(timer); ask(); });
  told.addEventListener('click', (event) => {
    const line = Number(event.target.closest('[data-line]')?.dataset.line ?? 0);
    if (!line) return;
    const lines = text.value.split('\n');
    const from = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
    text.focus();
    text.setSelectionRange(from, from + (lines[line - 1] ?? '').length);
    const height = parseFloat(getComputedStyle(text).lineHeight);
    text.scrollTop = Math.max(0, (line - 4) * height);
    number();
  });
  form.classList.add('live');
  number();
})();
