// The dock: scans queue up while the answer to the one before is on its way, so a fast hand loses none; each answer is shown and heard
// (one short tone: on it; two long low ones: not). Without this script every scan is a form that is sent.
'use strict';
(() => {
  if (!document.getElementById('scanform') || !window.fetch) return;
  // Asked for each time: the page's content is swapped when news come.
  const form = () => document.getElementById('scanform');
  const queue = [];
  let busy = false, sound = null;
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
    const body = queue.shift();
    if (!body) return;
    busy = true;
    try {
      const answer = await fetch('/handover/scan', { method: 'POST', headers: { 'x-fragment': '1' }, body: new URLSearchParams(body), credentials: 'same-origin' });
      if (answer.redirected) { location.reload(); return; }
      const fresh = answer.ok && new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('dock');
      if (fresh) {
        const driver = document.querySelector('#dock [name=driver]')?.value;
        document.getElementById('dock').replaceWith(document.adoptNode(fresh));
        const field = document.querySelector('#dock [name=driver]');
        if (field && driver) field.value = driver;
        play(fresh.dataset.told);
      } else lost(body);
    } catch (gone) { lost(body); }
    busy = false;
    next();
  };
  document.addEventListener('submit', (event) => {
    if (event.target !== form()) return;
    event.preventDefault();
    const { code, tracking } = form().elements;
    if (!code.value.trim()) return;
    queue.push(new FormData(form()));
    code.value = '';
    tracking.value = '';
    code.focus();
    next();
  });
})();
