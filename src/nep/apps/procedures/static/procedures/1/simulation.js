// Chạy thử: phím mũi tên đi từng bước, “Tự chạy” đi tiếp sau mỗi nhịp; tắt JS thì bấm các nút.
(() => {
let timer = 0;
const pace = 1400, go = what => document.querySelector(`#choi [data-go=${what}]`);
const stop = () => { clearTimeout(timer); timer = 0; const b = go('auto'); if (b) b.setAttribute('aria-pressed', 'false'); };
const step = () => { const next = go('next'); if (!next) { stop(); return; } next.click(); };
document.addEventListener('click', e => {
  const b = e.target.closest('#choi a, #choi button');
  if (!b) return;
  if (b.dataset.go === 'auto') { if (timer) stop(); else { timer = setTimeout(step, 200); b.setAttribute('aria-pressed', 'true'); } }
  else if (b.dataset.go !== 'next' || e.isTrusted) stop();
});
document.addEventListener('htmx:afterSettle', () => {
  const here = document.querySelector('#choi .bp-now');
  const pane = here && here.closest('.lanes');
  if (pane) {
    const a = here.getBoundingClientRect(), b = pane.getBoundingClientRect(), behavior = matchMedia('(prefers-reduced-motion:reduce)').matches ? 'auto' : 'smooth';
    pane.scrollTo({ left: pane.scrollLeft + a.left - b.left - (b.width - a.width) / 2, behavior });
    if (innerWidth >= 900 && (a.top < 0 || a.bottom > innerHeight)) window.scrollBy({ top: a.top - innerHeight / 2, behavior });
  }
  if (timer) { const b = go('auto'); if (b) b.setAttribute('aria-pressed', 'true'); timer = setTimeout(step, pace); }
});
document.addEventListener('keydown', e => {
  if (e.altKey || e.ctrlKey || e.metaKey || /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName)) return;
  const what = { ArrowRight: 'next', ArrowLeft: 'back' }[e.key], b = what && go(what);
  if (b && !e.target.closest('.lanes')) { e.preventDefault(); stop(); b.click(); }
});
})();
