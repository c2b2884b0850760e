// Bảng trình tự: danh sách chọn nạp khi cần, ô sửa tự gửi, phím tắt của dòng.
// Tắt JS thì sửa bước qua trang của từng bước.
(() => {
const $ = id => document.getElementById(id);

/* danh sách vai trò và đơn vị chỉ viết một lần trong trang; ô chọn nạp khi được mở */
const fill = s => {
  const t = $(s.dataset.fill);
  if (!t || s.dataset.full) return;
  s.dataset.full = '1';
  const now = s.value, known = new Set([...s.options].map(o => o.value));
  t.content.querySelectorAll('option').forEach(o => { if (!known.has(o.value)) s.append(o.cloneNode(true)); });
  s.value = now;
};
for (const kind of ['focusin', 'pointerdown', 'keydown']) {
  document.addEventListener(kind, e => { const s = e.target.closest && e.target.closest('select[data-fill]'); if (s) fill(s); });
}

/* gửi lần lượt, để số phiên bản luôn là số mới nhất */
let last = Promise.resolve();
const send = (row, values, how) => {
  const url = row.closest('[data-edit]').dataset.edit, step = row.dataset.row;
  return last = last.catch(() => {}).then(() => htmx.ajax('POST', url, { ...how, source: $(step) || undefined, values: { step, version: $('phien-ban').value, ...values } }));
};

/* ô vừa sửa: gửi cả dòng; trang trả về phép kiểm tra và lưu đồ, dòng giữ nguyên */
document.addEventListener('change', e => {
  const row = e.target.closest('tr[data-row]');
  if (!row || !e.target.name) return;
  if (e.target.name === 'role') {
    if (e.target.value === 'ngoai/') { e.target.selectedIndex = 0; row.querySelector('.grip').click(); return; }
    e.target.previousElementSibling.textContent = e.target.selectedOptions[0].textContent;
  }
  if (e.target.name === 'amount' && e.target.value && ['', 'none'].includes(row.querySelector('[name=unit]').value)) {
    const unit = row.querySelector('[name=unit]'); fill(unit); unit.value = 'working_hour';
  }
  if (e.target.name === 'unit' && e.target.value === 'none') row.querySelector('[name=amount]').value = '';
  if (e.target.name === 'unit' && e.target.value !== 'none' && !row.querySelector('[name=amount]').value) { row.querySelector('[name=amount]').focus(); return; }
  const values = { do: 'row' };
  row.querySelectorAll('[name]').forEach(i => { values[i.name] = i.value; });
  send(row, values, { target: '#ban', swap: 'none' }).then(() => row.querySelectorAll('input,textarea').forEach(i => { i.defaultValue = values[i.name]; }));
});

/* lưu một phần của hộp bước thì chữ đang gõ dở ở các phần khác còn nguyên */
const part = form => ['step', 'branch', 'event', 'field', 'document'].map(name => (form.elements[name] || {}).value).concat([...form.querySelectorAll('[name=do]')].map(b => b.value)).join();
const isTyped = i => i.options ? [...i.options].some(o => o.selected && !o.defaultSelected) && i.selectedIndex > 0 : i.type === 'checkbox' ? i.checked !== i.defaultChecked : 'defaultValue' in i && i.type !== 'hidden' && i.value !== i.defaultValue;
let typed = [];
document.addEventListener('htmx:beforeSwap', e => {
  if (!e.detail.shouldSwap || e.detail.target.id !== 'ban') return;
  const sent = e.detail.requestConfig.elt.closest('form');
  document.querySelectorAll('#hop details[name]').forEach(d => d.removeAttribute('name')); // mục đang mở của hộp cũ không khép mục cùng nhóm của hộp mới
  typed = [...document.querySelectorAll('#buoc form')].filter(form => form !== sent)
    .flatMap(form => [...form.elements].filter(isTyped).map(i => [part(form), i.name, i.value, i.checked]));
});
document.addEventListener('htmx:afterSettle', () => {
  for (const [whose, name, value, checked] of typed.splice(0)) {
    const form = [...document.querySelectorAll('#buoc form')].find(one => part(one) === whose), i = form && form.elements[name];
    if (!i) continue;
    if (i.type === 'checkbox') i.checked = checked; else i.value = value;
    if (form.closest('details')) form.closest('details').open = true;
  }
});

/* bảng vẽ lại thì bàn phím đứng ở chỗ cũ: bước mới thêm thì ở tên của nó, bước đã xóa thì ở dòng thay chỗ, vừa hoàn tác thì ở nút ấy */
const rows = () => [...document.querySelectorAll('#ban tr[data-row]')];
let at = null;
document.addEventListener('htmx:beforeSwap', e => {
  if (!e.detail.shouldSwap || e.detail.target.id !== 'ban') return;
  const now = document.activeElement.closest('tr[data-row]'), sent = e.detail.requestConfig.parameters, ids = rows().map(r => r.dataset.row);
  const step = now ? now.dataset.row : sent.step;
  const seen = [$(step), ...rows()].find(r => r && inSight(r.getBoundingClientRect()));
  at = { ids, step, what: sent.do, place: ids.indexOf(step), seen: seen && [seen.id, seen.getBoundingClientRect().top] };
  page.overflowAnchor = 'none';
});

/* dòng đang nhìn đứng yên: trình duyệt neo theo bảng sắp bỏ đi thì trang trôi xuống cuối */
const page = document.documentElement.style, inSight = b => b.bottom > 0 && b.top < innerHeight;
document.addEventListener('htmx:afterSwap', () => {
  const row = at && at.seen && $(at.seen[0]);
  if (row) scrollBy({ top: row.getBoundingClientRect().top - at.seen[1], behavior: 'instant' });
});
document.addEventListener('htmx:afterSettle', () => {
  const was = at, all = rows();
  at = null; page.overflowAnchor = '';
  if (!was || document.activeElement !== document.body || document.querySelector('dialog:modal')) return;
  const made = all.find(r => !was.ids.includes(r.dataset.row)), name = made && made.querySelector('[name=name]');
  if (name) { name.focus(); name.select(); return; }
  const row = all.find(r => r.dataset.row === was.step) || all[Math.min(was.place, all.length - 1)];
  if (row && was.place >= 0) { row.querySelector('.grip').focus({ preventScroll: true }); return; }
  const back = ['undo', 'redo'].includes(was.what) && document.querySelector(`#lui [value=${was.what}]:enabled, #lui :enabled[name=do]`);
  if (back) back.focus({ preventScroll: true });
});

/* đóng hộp bước thì về đúng dòng của bước, dù bảng đã vẽ lại */
document.addEventListener('close', e => {
  const step = e.target.id === 'buoc' && e.target.querySelector('[name=step]'), row = step && $(step.value), now = document.activeElement;
  if (row && (now === document.body || e.target.contains(now))) row.querySelector('.grip').focus();
}, true);

/* Ctrl+Z, Ctrl+Y: hoàn tác và làm lại thay đổi đã ghi; đang gõ dở thì để trình duyệt lo chữ */
document.addEventListener('keydown', e => {
  if (!(e.ctrlKey || e.metaKey) || e.altKey) return;
  const key = e.key.toLowerCase(), what = key === 'z' && !e.shiftKey ? 'undo' : key === 'y' || key === 'z' ? 'redo' : '';
  const field = /^(INPUT|TEXTAREA)$/.test(e.target.tagName) ? e.target : null, form = $('lui');
  if (!what || !form || document.querySelector('dialog:modal') || field && (field.value !== field.defaultValue || !field.closest('#pt'))) return;
  const b = form.querySelector(`[value=${what}]`);
  e.preventDefault();
  if (!b.disabled) b.click();
});

/* phím: Alt + mũi tên đổi chỗ, Enter lưu ô rồi xuống ô dưới (ở tay nắm: mở hộp bước), Delete mở hộp có nút xóa */
document.addEventListener('keydown', e => {
  const row = e.target.closest && e.target.closest('tr[data-row]');
  if (!row) return;
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName), step = row.dataset.row;
  if (e.altKey && (e.key === 'ArrowUp' || e.key === 'ArrowDown')) {
    e.preventDefault();
    send(row, { do: e.key === 'ArrowUp' ? 'move_up' : 'move_down' }, { target: '#ban', swap: 'outerHTML' })
      .then(() => { const r = $(step); if (r) r.querySelector('.grip').focus(); });
  } else if (e.key === 'Enter' && (e.target.name === 'name' || e.target.name === 'amount')) {
    e.preventDefault();
    const all = rows(), next = all[all.indexOf(row) + 1], to = next && next.querySelector(`[name=${e.target.name}]`), add = document.querySelector('#ban [name=do][value=add]');
    if (to) { to.focus(); to.select(); } else (add ? add.form.querySelector('button') : row.querySelector('.grip')).focus();
  } else if (e.key === 'Delete' && !typing) {
    e.preventDefault();
    document.addEventListener('htmx:afterSettle', () => { const b = $('xoa-buoc'); if (b) b.focus(); }, { once: true });
    row.querySelector('.grip').click();
  }
});
})();
