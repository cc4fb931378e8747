/**
 * Renews the content of `main` while somebody looks at the page. A reader who has marked text, or has the focus within, is
 * left alone; what was unfolded stays so. Pages are complete without it.
 */
export const SCRIPT_TEXT = `'use strict';
(() => {
  const every = Number(document.querySelector('main[data-live]')?.dataset.live) * 1000;
  if (!(every > 0)) return;
  let old = false;
  const isBusy = () => {
    const main = document.getElementById('main');
    const marked = document.getSelection();
    return main.contains(document.activeElement) || (marked !== null && !marked.isCollapsed);
  };
  const renew = async () => {
    if (document.hidden || isBusy()) return;
    try {
      const answer = await fetch(location.href, { signal: AbortSignal.timeout(10000) });
      if (!answer.ok) throw new Error(answer.statusText);
      const next = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const main = next.getElementById('main');
      if (main === null || isBusy()) return;
      const here = document.getElementById('main');
      for (const open of here.querySelectorAll('details[open][id]')) main.querySelector('#' + open.id)?.setAttribute('open', '');
      here.replaceChildren(...main.childNodes);
      document.title = next.title;
      old = false;
    } catch {
      if (old) return;
      old = true;
      const note = document.createElement('p');
      note.className = 'stale';
      note.setAttribute('role', 'status');
      note.textContent = 'kmswatch does not answer. This page dates from ' + new Date(Date.now()).toISOString().slice(11, 16) + ' UTC or earlier.';
      document.getElementById('main').prepend(note);
    }
  };
  setInterval(renew, every);
  document.addEventListener('visibilitychange', renew);
})();
`;
