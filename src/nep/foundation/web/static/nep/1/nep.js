// Nếp – hành vi dùng chung. Không phụ thuộc thư viện; tắt JS trang vẫn đọc và gửi biểu mẫu được.
(() => {
const $ = (s, r = document) => r.querySelector(s), $$ = (s, r = document) => [...r.querySelectorAll(s)];
const root = document.documentElement;
root.classList.add('js');

/* giao diện sáng / tối: cookie, để máy chủ ghi sẵn data-theme và trang không nháy màu */
document.addEventListener('click', e => {
  if (!e.target.closest('[data-theme-toggle]')) return;
  const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme:dark)').matches;
  root.dataset.theme = dark ? 'light' : 'dark';
  document.cookie = `nep_theme=${root.dataset.theme};path=/;max-age=31536000;samesite=lax`;
});

/* đặt khung giải thích cạnh nút mở, không tràn màn hình */
const opener = p => { const all = $$(`[popovertarget="${CSS.escape(p.id)}"]`); return all.find(b => b.getClientRects().length) || all[0]; };
const place = p => {
  const b = opener(p);
  if (!b) return;
  const r = b.getBoundingClientRect(), w = p.offsetWidth, h = p.offsetHeight;
  p.style.left = Math.max(12, Math.min(r.left, root.clientWidth - w - 12)) + 'px';
  p.style.top = (r.bottom + 8 + h < innerHeight ? r.bottom + 8 : Math.max(12, r.top - h - 8)) + 'px';
};
document.addEventListener('toggle', e => {
  if (e.target.matches && e.target.matches('[popover]') && e.newState === 'open') place(e.target);
}, true);
if (!HTMLElement.prototype.hasOwnProperty('popover')) {
  document.addEventListener('click', e => {
    const b = e.target.closest('[popovertarget]'), target = b && document.getElementById(b.getAttribute('popovertarget'));
    $$('[popover].shown').forEach(p => { if (p !== target && !p.contains(e.target)) p.classList.remove('shown'); });
    if (target) target.classList.toggle('shown');
  });
}

/* thông báo nhanh: từ trang (data-toasts) và từ máy chủ (tín hiệu nep-toast) */
const box = document.createElement('div'), MOST_TOASTS = 3; // lời cũ nhất nhường chỗ
box.className = 'toasts'; box.setAttribute('role', 'status');
/* hộp thoại che và khóa phần ngoài nó: khi đang mở thì thông báo nằm trong hộp, đóng thì về trang */
const seat = () => { const d = $$('dialog:modal').pop() || document.body; if (box.parentNode !== d) d.append(box); };
seat();
document.addEventListener('close', seat, true);
const toast = window.nepToast = (text, undo) => {
  const t = document.createElement('div'), i = document.createElement('i'), s = document.createElement('span');
  t.className = 'toast'; i.className = 'i i-circle-check'; i.setAttribute('aria-hidden', 'true'); s.textContent = text;
  t.append(i, s);
  if (undo) {
    const b = document.createElement('button');
    b.type = 'button'; b.textContent = 'Hoàn tác';
    b.onclick = () => { const f = document.getElementById(undo); t.remove(); if (f) f.requestSubmit(); };
    t.append(b);
  }
  seat(); box.append(t); setTimeout(() => t.remove(), 6000);
  while (box.children.length > MOST_TOASTS) box.firstChild.remove();
};
$$('[data-toast-now]').forEach(n => { toast(n.textContent.trim(), n.dataset.undo); n.remove(); });
document.addEventListener('nep-toast', e => toast(e.detail.text || e.detail.value, e.detail.undo));

/* hộp thoại: nút có data-dialog mở, data-close đóng; hộp có data-open mở sẵn khi biểu mẫu có lỗi; liên kết có data-box lấy hộp về rồi mở */
const openDialog = d => { if (d && d.showModal && !d.open) { d.showModal(); seat(); (d.querySelector('[aria-invalid=true]') || d.querySelector('[autofocus]') || d.querySelector('.in,textarea') || d).focus(); } };
document.addEventListener('click', e => {
  const o = e.target.closest('[data-dialog]');
  if (o) { const d = document.getElementById(o.dataset.dialog); if (d) { e.preventDefault(); openDialog(d); } }
  const b = e.target.closest('a[data-box]');
  if (b && $('#hop') && window.htmx && !(e.ctrlKey || e.metaKey || e.shiftKey || e.button)) { e.preventDefault(); htmx.ajax('GET', b.href, { target: '#hop', swap: 'innerHTML' }); }
  const c = e.target.closest('[data-close]');
  if (c) { const d = c.closest('dialog'); if (d) d.close(); else { const p = c.closest('[popover]'); if (p) p.hidePopover(); } }
  const k = e.target.closest('[data-copy]');
  if (k && navigator.clipboard) navigator.clipboard.writeText(k.dataset.copy).then(() => toast('Đã chép ' + k.dataset.copy));
  if (e.target.closest('[data-print]')) { e.preventDefault(); print(); }
});
$$('dialog[data-open]').forEach(openDialog);
/* ô sai đầu tiên cùng câu lỗi của nó hiện trên nút dính */
const wrong = $('main [aria-invalid=true]');
if (wrong) wrong.scrollIntoView({ block: 'nearest' });

/* thẻ chuyển (role=tablist) */
const tabs = l => $$('[role=tab]', l);
const pick = t => tabs(t.closest('[role=tablist]')).forEach(x => {
  const on = x === t, p = document.getElementById(x.getAttribute('aria-controls'));
  x.setAttribute('aria-selected', on); x.tabIndex = on ? 0 : -1; if (p) p.hidden = !on;
});
document.addEventListener('click', e => { const t = e.target.closest('button[role=tab]'); if (t) pick(t); });
document.addEventListener('keydown', e => {
  const t = e.target.closest && e.target.closest('button[role=tab]'), d = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
  if (!t || !d) return;
  const all = tabs(t.closest('[role=tablist]')), n = all[(all.indexOf(t) + d + all.length) % all.length];
  pick(n); n.focus();
});

/* nhóm nút lọc trong trang: data-filter trên nút, data-k trên dòng */
document.addEventListener('click', e => {
  const b = e.target.closest('[data-filter]'), g = b && b.closest('[data-filter-group]');
  if (!g) return;
  $$('[data-filter]', g).forEach(x => x.setAttribute('aria-pressed', x === b));
  $$(g.dataset.filterGroup).forEach(r => { r.hidden = b.dataset.filter !== '*' && !(r.dataset.k || '').split(' ').includes(b.dataset.filter); });
  $$('.grp').forEach(s => { const rows = $$('[data-k]', s); if (rows.length) s.hidden = rows.every(r => r.hidden); });
});

/* biểu mẫu tự gửi khi đổi lựa chọn; nút gửi không bấm được hai lần */
document.addEventListener('change', e => { const f = e.target.closest('form[data-auto-submit]'); if (f) f.requestSubmit(); });
document.addEventListener('submit', e => {
  const f = e.target, b = e.submitter;
  if (f.dataset.sent) { e.preventDefault(); return; }
  if (f.method === 'post' && !navigator.onLine) { e.preventDefault(); toast('Mất kết nối. Nội dung bạn nhập vẫn còn trên trang; hãy thử lại khi có mạng.'); return; }
  if (f.method === 'post' && !f.hasAttribute('hx-post')) {
    f.dataset.sent = '1'; if (b) b.setAttribute('aria-busy', 'true');
    setTimeout(() => { delete f.dataset.sent; if (b) b.removeAttribute('aria-busy'); }, 8000);
  }
});
addEventListener('pageshow', e => { if (e.persisted) $$('form[data-sent]').forEach(f => delete f.dataset.sent); });
document.addEventListener('click', e => {
  const b = e.target.closest('[aria-disabled=true]');
  if (!b) return;
  e.preventDefault();
  if (b.title) toast(b.title);
}, true);

/* ô chọn tệp có nhãn riêng: ghi tên tệp đã chọn */
const named = i => { const o = i.closest('.filepick') && $('[data-file-name]', i.parentNode); if (o) o.textContent = [...i.files].map(f => f.name).join(', '); };
document.addEventListener('change', e => { if (e.target.files) named(e.target); });

/* biểu mẫu kèm tệp: gửi từ trang này; bị từ chối thì chữ đã nhập và tệp đã chọn còn nguyên, không phải chọn lại */
const chosen = f => [...f.elements].filter(x => x.files && x.files.length);
const go = where => {
  const there = new URL(where, location.href), same = there.pathname + there.search === location.pathname + location.search;
  location.assign(there);
  if (same && there.hash) location.reload();
};
const refused = told => {
  const note = document.createElement('div'), slot = $('#tu-choi');
  note.className = 'note note--late';
  $$('h1,h1+p', told).forEach((x, n) => { const line = document.createElement(n ? 'small' : 'b'); line.textContent = x.textContent; note.append(line); });
  slot.replaceChildren(note); slot.scrollIntoView({ block: 'center' });
};
const again = (page, files) => {
  const main = $('main', page), sheets = d => $$('head link[rel=stylesheet]', d), had = new Set(sheets().map(x => x.href));
  document.head.append(...sheets(page).filter(x => !had.has(x.href)));
  $('main').replaceWith(main); document.title = page.title;
  if (window.htmx) htmx.process(main);
  files.forEach(old => {
    const i = $$('input[type=file]', main).find(x => x.name === old.name);
    if (i && i.getAttribute('aria-invalid') !== 'true') { i.files = old.files; named(i); }
  });
  $$('dialog[data-open]', main).forEach(openDialog);
  const bad = $('[aria-invalid=true]', main) || $('[role=alert]:not(:empty)', main);
  if (bad) bad.scrollIntoView({ block: 'center' }); else scrollTo(0, 0);
  (bad || main).focus({ preventScroll: true });
};
document.addEventListener('submit', async e => {
  const f = e.target, by = e.submitter, files = f.enctype === 'multipart/form-data' ? chosen(f) : [];
  if (e.defaultPrevented || !files.length || !f.closest('main') || f.matches('[hx-post],[data-auto-submit]') || document.scripts.length > 2) return;
  e.preventDefault();
  const stay = words => { delete f.dataset.sent; if (by) by.removeAttribute('aria-busy'); if (words) toast(`${words} Nội dung bạn nhập và tệp đã chọn vẫn còn trên trang.`); };
  let r;
  try { r = await fetch(f.getAttribute('action') || location.href, { method: 'POST', body: new FormData(f, by), headers: { 'X-Nep-Fetch': '1' } }); }
  catch { return stay('Mất kết nối, hãy thử lại khi có mạng.'); }
  const where = r.headers.get('X-Nep-Location');
  if (where && r.headers.get('X-Nep-Session') === 'locked') { stay(); return cover(where); }
  if (where) return go(where);
  if (r.status > 499) return stay('Máy chủ đang gặp sự cố, chưa ghi được; hãy thử lại sau ít phút.');
  const page = await read(r), told = $('main .errpage', page);
  if (!told) return again(page, files);
  stay(); refused(told);
});

/* tìm kiếm chung: gợi ý do máy chủ trả về, mũi tên chọn, Enter mở dòng đầu */
const gs = $('.gsearch');
if (gs) {
  const inp = $('input', gs), out = $('.gs-out', gs);
  let cur = -1;
  const links = () => $$('a[href]', out), shut = () => { out.hidden = true; gs.classList.remove('open'); };
  document.addEventListener('htmx:afterSwap', e => { if (e.target === out) { out.hidden = !inp.value.trim(); cur = -1; } });
  inp.addEventListener('keydown', e => {
    const a = links();
    if (e.key === 'Escape') { shut(); inp.blur(); }
    else if ((e.key === 'ArrowDown' || e.key === 'ArrowUp') && a.length) {
      e.preventDefault(); cur = Math.max(0, Math.min(a.length - 1, cur + (e.key === 'ArrowDown' ? 1 : -1)));
      a.forEach((x, i) => x.setAttribute('aria-selected', i === cur));
    } else if (e.key === 'Enter' && !out.hidden && cur >= 0 && a[cur]) { e.preventDefault(); location.href = a[cur].href; }
  });
  document.addEventListener('click', e => {
    if (e.target.closest('[data-search-open]')) { gs.classList.add('open'); inp.focus(); }
    else if (!gs.contains(e.target)) shut();
  });
}

/* phím tắt: không can thiệp khi đang nhập chữ */
const rows = () => $$('[data-row]').filter(r => r.offsetParent);
document.addEventListener('keydown', e => {
  if (e.ctrlKey || e.metaKey || e.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName) || e.target.isContentEditable) return;
  if (e.key === '/' && gs) { e.preventDefault(); $('input', gs).focus(); return; }
  if (e.key === '?') { openDialog(document.getElementById('phim-tat')); return; }
  const step = { j: 1, k: -1 }[e.key];
  if (!step) return;
  const r = rows();
  if (!r.length) return;
  const i = r.findIndex(x => x.contains(document.activeElement));
  const n = r[Math.max(0, Math.min(r.length - 1, i + step))];
  ($('a', n) || n).focus(); n.scrollIntoView({ block: 'nearest' });
});

/* điều vừa gõ còn đang lưu: nút gửi và liên kết rời trang chờ lưu xong; không lưu được thì ở lại */
let saving = 0, leaving = null;
const leave = (by, go) => { stay(); if (by) by.setAttribute('aria-busy', 'true'); leaving = { by, go }; };
const stay = () => { if (leaving && leaving.by) leaving.by.removeAttribute('aria-busy'); leaving = null; };
document.addEventListener('htmx:beforeSend', e => {
  if (e.detail.requestConfig.verb === 'get') return;
  const x = e.detail.xhr;
  saving++;
  x.addEventListener('readystatechange', () => { if (x.readyState === 4) saving--; });  /* trước khi htmx chuyển trang */
  x.addEventListener('loadend', () => {
    const go = leaving && leaving.go;
    if (!x.status || x.status >= 400 || x.getResponseHeader('HX-Redirect')) stay();
    else if (go && !saving) { stay(); go(); }
  });
});
document.addEventListener('submit', e => {
  const f = e.target, b = e.submitter;
  if (!saving || f.matches('[hx-post],[hx-get],[method=dialog]')) return;
  e.preventDefault(); e.stopImmediatePropagation();
  leave(b, () => {
    if (!f.isConnected) { f.hidden = true; document.body.append(f); }
    f.requestSubmit(b && b.form === f ? b : null);
  });
}, true);
document.addEventListener('click', e => {
  const a = e.target.closest('a[href]');
  if (!saving || !a || e.ctrlKey || e.metaKey || e.shiftKey || a.matches('[target],[download],[hx-get],[href^="#"]')) return;
  e.preventDefault();
  leave(a, () => { location.href = a.href; });
}, true);
addEventListener('beforeunload', e => { if (saving) e.preventDefault(); });

/* phiên khóa giữa lúc đang nhập: trang được che, mở khóa ngay tại chỗ; điều đã nhập, tệp đã chọn còn nguyên */
const isTyped = x => x.type === 'hidden' ? false
  : /checkbox|radio/.test(x.type) ? x.checked !== x.defaultChecked
  : x.options ? x.value !== ([...x.options].find(o => o.defaultSelected) || x.options[0] || {}).value
  : x.files ? x.files.length > 0 : 'defaultValue' in x && x.value !== x.defaultValue;
const typed = () => $$('main form').some(f => f.method === 'post' && [...f.elements].some(isTyped));
const read = async r => new DOMParser().parseFromString(await r.text(), 'text/html');
const cover = async where => {
  const d = document.createElement('dialog');
  const ask = page => {
    const h = $('h1', page), form = $('main form', page);
    if (!$('[type=password]', form || page)) { location.href = where; return; }
    const [head, h2, body, kept] = ['header', 'h2', 'div', 'p'].map(n => document.createElement(n));
    h2.textContent = h.textContent; h2.id = 'khoa-h'; head.append(h2);
    kept.className = 'hint'; kept.textContent = 'Điều bạn đang nhập còn nguyên ở trang này.';
    body.className = 'body'; body.append($('.lede', page), kept, form);
    d.replaceChildren(head, body); seat();
    form.addEventListener('submit', async e => {
      e.preventDefault();
      try {
        const r = await fetch(where, { method: 'POST', body: new FormData(form), redirect: 'manual' });
        if (r.type === 'opaqueredirect') { document.body.classList.remove('covered'); d.close(); seat(); d.remove(); toast('Đã mở khóa. Điều bạn đang nhập còn nguyên.'); return; }
        ask(await read(r)); $('.in', d).focus();
      } catch { toast('Mất kết nối. Hãy thử lại khi có mạng.'); }
    });
  };
  d.id = 'khoa'; d.setAttribute('aria-labelledby', 'khoa-h');
  d.addEventListener('cancel', e => e.preventDefault());
  document.body.append(d); document.body.classList.add('covered');
  try { ask(await read(await fetch(where))); openDialog(d); } catch { location.href = where; }
};
document.addEventListener('htmx:beforeOnLoad', e => {
  const x = e.detail.xhr, state = x.status === 401 && x.getResponseHeader('X-Nep-Session');
  if (!state || e.detail.requestConfig.verb !== 'get' || !typed()) return;
  e.preventDefault();
  if (state === 'locked' && !$('#khoa')) cover(x.getResponseHeader('HX-Redirect'));
});

/* htmx: câu từ chối hiện ngay tại biểu mẫu; thay mảnh không làm mất dòng đang chọn */
let held = null;
const rowKey = x => { const r = x && x.closest && x.closest('[data-row]'); return r ? (r.dataset.row || r.id) : ''; };
document.addEventListener('htmx:beforeSwap', e => {
  held = rowKey(document.activeElement);
  if (e.detail.xhr.getResponseHeader('X-Nep-Refusal') === null) return;
  const from = e.detail.requestConfig.elt, form = from.closest('form,dialog');
  if (!form) return;
  let slot = $('[data-refusal]', form);
  if (!slot) { slot = document.createElement('div'); slot.className = 'refused'; slot.dataset.refusal = ''; slot.setAttribute('role', 'alert'); ($('.body', form) || form).prepend(slot); }
  e.detail.target = slot;
});
document.addEventListener('htmx:afterSettle', () => {
  $$('dialog[data-open]').forEach(openDialog);
  seat();
  $$('[popover]').forEach(p => { if (p.matches(':popover-open')) place(p); });
  if (!held || document.activeElement !== document.body) return;
  const r = $$('[data-row]').find(x => (x.dataset.row || x.id) === held);
  if (r) ($('a', r) || r).focus({ preventScroll: true });
});
/* tự làm mới: chờ khi đang mở khung giải thích hay hộp thoại */
document.addEventListener('htmx:beforeRequest', e => {
  if (e.target.matches('[data-live]') && ($('dialog[open]') || $$('[popover]').some(p => p.matches(':popover-open, .shown')))) e.preventDefault();
});
document.addEventListener('htmx:sendError', () => toast('Mất kết nối. Nội dung bạn nhập vẫn còn trên trang; hãy thử lại khi có mạng.'));
})();
