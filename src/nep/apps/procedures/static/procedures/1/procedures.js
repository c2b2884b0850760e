// Bảng trình tự: danh sách vai trò nạp khi cần, phím tắt của dòng. Tắt JS trang vẫn sửa được.
(() => {
const list = () => document.querySelector('#vai-tro');

/* danh sách vai trò chỉ viết một lần trong trang; ô chọn nạp khi được mở */
const fill = s => {
  const t = list();
  if (!t || s.dataset.full) return;
  s.dataset.full = '1';
  const now = s.value, known = new Set([...s.options].map(o => o.value));
  t.content.querySelectorAll('option').forEach(o => { if (!known.has(o.value)) s.append(o.cloneNode(true)); });
  s.value = now;
};
for (const kind of ['focusin', 'pointerdown', 'keydown']) {
  document.addEventListener(kind, e => { const s = e.target.closest && e.target.closest('select[data-roles]'); if (s) fill(s); });
}

/* “cơ quan khác” cần tên: mở hộp của bước */
document.addEventListener('change', e => {
  const s = e.target.closest('tr[data-step] select[data-roles]');
  if (!s || s.value !== 'ngoai/') return;
  e.stopPropagation();
  s.selectedIndex = 0;
  s.closest('tr').querySelector('.grip').click();
}, true);

/* phím: Alt + mũi tên đổi chỗ, Enter sửa hoặc lưu, Delete mở hộp có nút xóa */
const post = (row, what) => {
  const url = row.getAttribute('hx-post');
  const values = { do: what, step: row.dataset.step, version: document.getElementById('phien-ban').value };
  return htmx.ajax('POST', url, { target: '#ban', swap: 'outerHTML', values })
    .then(() => { const r = document.getElementById(row.dataset.step); if (r) r.querySelector('.grip').focus(); });
};
document.addEventListener('keydown', e => {
  const row = e.target.closest && e.target.closest('tr[data-step]');
  if (!row) return;
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName);
  if (e.altKey && (e.key === 'ArrowUp' || e.key === 'ArrowDown')) {
    e.preventDefault();
    post(row, e.key === 'ArrowUp' ? 'move_up' : 'move_down');
  } else if (e.key === 'Enter' && typing && e.target.name === 'name') {
    e.preventDefault();
    e.target.blur();
  } else if (e.key === 'Enter' && !typing) {
    e.preventDefault();
    row.querySelector('[name=name]').focus();
  } else if (e.key === 'Delete' && !typing) {
    e.preventDefault();
    document.addEventListener('htmx:afterSettle', () => { const b = document.getElementById('xoa-buoc'); if (b) b.focus(); }, { once: true });
    row.querySelector('.grip').click();
  }
});
})();
