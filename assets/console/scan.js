// Scanning into a form: what is scanned before the form's own field has the focus goes into that field and loses no sign. Ends when
// anything on the page has the focus: from then on keys go where the person put it.
(() => {
  let early = '';
  const field = () => document.querySelector('main [autofocus]');
  const flush = () => {
    const at = field();
    if (!at || !early) return;
    const ended = early.includes('\n');
    at.value += early.split('\n')[0];
    early = '';
    at.focus();
    if (ended) at.form.requestSubmit();
  };
  const key = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key !== 'Enter' && event.key.length !== 1) return;
    if (document.readyState !== 'loading' && !field()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    early += event.key === 'Enter' ? '\n' : event.key;
    flush();
  };
  const end = () => document.removeEventListener('keydown', key, true);
  document.addEventListener('keydown', key, true);
  document.addEventListener('focusin', () => { flush(); end(); }, { once: true });
  document.addEventListener('DOMContentLoaded', () => { if (field()) flush(); else end(); });
})();
