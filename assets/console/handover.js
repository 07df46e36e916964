// The dock: scans queue up while the answer to the one before is on its way, so a fast hand loses none; each answer is shown and heard
// (one short tone: on it; two long low ones: not). It runs before the page is read: what is scanned until the field is there, or while
// nothing has the cursor, is kept and goes into the field. Without this script every scan is a form that is sent.
'use strict';
(() => {
  if (!/^\/handover(\/(scan|off|close))?$/.test(location.pathname) || !window.fetch) return;
  // Asked for each time: it may not be there yet, and the page's content is swapped when news come.
  const form = () => document.getElementById('scanform');
  const queue = [];
  let busy = false, sound = null, early = '';
  const tones = { good: [[1568, 0, 70]], again: [[1319, 0, 180], [988, 240, 90]], bad: [[880, 0, 220], [932, 0, 220], [880, 300, 220], [932, 300, 220]] };
  const play = (word) => {
    if (!tones[word] || !window.AudioContext) return;
    sound ??= new AudioContext();
    for (const [hertz, after, ms] of tones[word]) {
      const tone = sound.createOscillator(), level = sound.createGain(), at = sound.currentTime + after / 1000;
      tone.type = 'square';
      tone.frequency.value = hertz;
      level.gain.setValueAtTime(0, at);
      level.gain.linearRampToValueAtTime(0.12, at + 0.005);
      level.gain.setValueAtTime(0.12, at + ms / 1000 - 0.005);
      level.gain.linearRampToValueAtTime(0, at + ms / 1000);
      tone.connect(level).connect(sound.destination);
      tone.start(at);
      tone.stop(at + ms / 1000);
    }
  };
  // What was not answered is not lost: it stands in the field again, and the line says so.
  const lost = (body) => {
    const waiting = queue.splice(0).length;
    form().elements.code.value = body.get('code');
    const line = document.createElement('p');
    line.className = 'scanned x';
    line.setAttribute('role', 'alert');
    line.textContent = waiting ? `${form().dataset.lost} (+${waiting})` : form().dataset.lost;
    document.getElementById('dock').prepend(line);
    play('bad');
  };
  const next = async () => {
    if (busy) return;
    const body = document.getElementById('dock') && queue.shift();
    if (!body) return;
    busy = true;
    try {
      const answer = await fetch('/handover/scan', { method: 'POST', headers: { 'x-fragment': '1' }, body: new URLSearchParams(body), credentials: 'same-origin' });
      if (answer.redirected) { location.reload(); return; }
      const page = answer.ok && new DOMParser().parseFromString(await answer.text(), 'text/html');
      const fresh = page && page.getElementById('dock');
      if (fresh) {
        const driver = document.querySelector('#dock [name=driver]')?.value;
        document.getElementById('dock').replaceWith(document.adoptNode(fresh));
        // What waits for each carrier: the links stay, so that one that has the focus keeps it.
        const counts = page.querySelectorAll('#docktabs a');
        document.querySelectorAll('#docktabs a').forEach((tab, n) => { if (counts[n]) tab.innerHTML = counts[n].innerHTML; });
        const field = document.querySelector('#dock [name=driver]');
        if (field && driver) field.value = driver;
        play(fresh.dataset.told);
      } else lost(body);
    } catch (gone) { lost(body); }
    busy = false;
    next();
  };
  const put = (code) => {
    const body = new FormData(form());
    body.set('code', code);
    queue.push(body);
    form().elements.code.value = '';
    if (form().elements.tracking) form().elements.tracking.value = '';
  };
  // What came before the field did.
  const flush = () => {
    if (!early || !form()?.elements.code) return;
    const lines = (early + form().elements.code.value).split('\n');
    early = '';
    for (const line of lines.slice(0, -1)) if (line.trim()) put(line);
    form().elements.code.value = lines.at(-1);
    next();
  };
  document.addEventListener('keydown', (event) => {
    flush();
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const at = document.activeElement;
    if (at && at !== document.body && at !== document.documentElement) return;
    if ((event.key !== 'Enter' && event.key.length !== 1) || (document.readyState !== 'loading' && !form())) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    early += event.key === 'Enter' ? '\n' : event.key;
    flush();
    form()?.elements.code?.focus();
  }, true);
  document.addEventListener('DOMContentLoaded', () => { flush(); next(); });
  document.addEventListener('submit', (event) => {
    if (event.target !== form()) return;
    event.preventDefault();
    const { code } = form().elements;
    if (code.value.trim()) put(code.value);
    code.focus();
    next();
  });
})();
