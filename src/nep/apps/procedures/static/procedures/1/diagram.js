// Vẽ lưu đồ: bpmn-js với đúng các phần tử máy chạy được, chữ tiếng Việt, ô thuộc tính bên cạnh.
// Màn hình hẹp không nạp bản vẽ; tắt JS vẫn xem được lưu đồ và sửa ở bảng.
(() => {
const $ = id => document.getElementById(id), frame = $('khung-ve'), own = document.currentScript;
if (!frame || !matchMedia('(min-width:900px)').matches) return;
const data = JSON.parse($('so-do').textContent), words = window.nepDrawWords;
let version = data.version, modeler, savedAt = -1;

const script = document.createElement('script');
script.src = own.dataset.modeler;
script.onload = begin;
document.head.append(script);

const make = (tag, attrs = {}, ...inside) => {
  const e = document.createElement(tag);
  for (const [k, v] of Object.entries(attrs)) { if (k in e && k !== 'list') e[k] = v; else e.setAttribute(k, v); }
  e.append(...inside);
  return e;
};

/* chỉ những phần tử của tập con chạy được */
const { KINDS, OTHERS, EVENTS, BESIDE, STARTS, ENDS, TIMER, MESSAGE, ERROR, made, bundle } = window.nepDrawKinds;
const NEP = {
  name: 'Nep', uri: 'https://nep.vn/bpmn/1.0', prefix: 'nep', xml: { tagAlias: 'lowerCase' },
  types: [
    { name: 'Step', extends: ['bpmn:FlowNode'], properties: ['role', 'limit', 'limitUnit', 'untimed', 'outside', 'manual', 'service', 'version'].map(name => ({ name, isAttr: true, type: 'String' })) },
    { name: 'Clock', extends: ['bpmn:TimerEventDefinition'], properties: [{ name: 'unit', isAttr: true, type: 'String' }] },
    { name: 'Way', extends: ['bpmn:SequenceFlow'], properties: ['supplement', 'bound'].map(name => ({ name, isAttr: true, type: 'String' })) },
    { name: 'Duty', extends: ['bpmn:Lane'], properties: [{ name: 'role', isAttr: true, type: 'String' }] },
    { name: 'Form', superClass: ['Element'], properties: [{ name: 'text', isBody: true, type: 'String' }] },
  ],
};
const kind = e => e && e.businessObject ? e.businessObject.$type : '';
const isStep = e => /Task$/.test(kind(e)) && !/(Send|Receive)Task$/.test(kind(e)), isGate = e => /Gateway$/.test(kind(e)), isWay = e => kind(e) === 'bpmn:SequenceFlow';
const isNote = e => BESIDE.some(one => one[1] === kind(e)), isLink = e => /Association$/.test(kind(e));
const isFrame = e => kind(e) === 'bpmn:Lane' || kind(e) === 'bpmn:Participant';
const isAround = e => kind(e) === 'bpmn:Group' || kind(e) === 'bpmn:MessageFlow', isFixed = e => isFrame(e) || isAround(e);
const about = o => (o.eventDefinitions || [])[0];
const isAbout = e => { const d = e && e.businessObject && about(e.businessObject); return /(Send|Receive)Task$|CallActivity$/.test(kind(e)) || !!d && [TIMER, MESSAGE, ERROR].includes(d.$type); };
const isGroup = e => kind(e) === 'bpmn:SubProcess', isFirst = e => kind(e) === 'bpmn:EventBasedGateway';
const isHost = e => isStep(e) || isGroup(e) || /ReceiveTask$|CallActivity$/.test(kind(e));
const expression = body => modeler.get('moddle').create('bpmn:FormalExpression', { body });

function Palette(palette, create, handTool, lassoTool, globalConnect) {
  this.getPaletteEntries = () => {
    const entries = {
      hand: { group: 'tools', className: 'bpmn-icon-hand-tool', title: words['Activate hand tool'], action: { click: e => handTool.activateHand(e) } },
      lasso: { group: 'tools', className: 'bpmn-icon-lasso-tool', title: words['Activate lasso tool'], action: { click: e => lassoTool.activateSelection(e) } },
      connect: { group: 'tools', className: 'bpmn-icon-connection-multi', title: words['Activate global connect tool'], action: { click: e => globalConnect.start(e) } },
      line: { group: 'tools', separator: true },
    };
    for (const one of [...KINDS, ...OTHERS, ...BESIDE]) {
      const [name, , , className, title, group] = one;
      if (name === 'note' || name === 'wait') entries['aside-' + name] = { group, separator: true };
      const start = e => { const fresh = bundle(modeler, one); create.start(e, fresh, { hints: { autoSelect: [fresh[0]] } }); };
      entries[name] = { group, className, title, action: { dragstart: start, click: start } };
    }
    return entries;
  };
  palette.registerProvider(this);
}
Palette.$inject = ['palette', 'create', 'handTool', 'lassoTool', 'globalConnect'];

/* ghi chú mới đứng ở lề phải, ngang hình mà nó nói về, không đè ghi chú khác */
const poolOf = element => { let e = element; while (e.parent && kind(e) !== 'bpmn:Participant') e = e.parent; return e; };
function margin(element) {
  const pool = poolOf(element), notes = modeler.get('elementRegistry').filter(isNote);
  const lanes = modeler.get('elementRegistry').filter(e => kind(e) === 'bpmn:Lane'), edge = Math.max(...lanes.map(e => e.x + e.width), 0) || pool.x + pool.width;
  const at = { x: edge + 76, y: element.waypoints ? element.waypoints[0].y : element.y + element.height / 2 };
  while (notes.some(e => Math.abs(e.x + e.width / 2 - at.x) < 100 && Math.abs(e.y + e.height / 2 - at.y) < e.height / 2 + 30)) at.y += 30;
  return at;
}

function Pad(contextPad, modeling, elementFactory, connect, create, directEditing, selection) {
  this.getContextPadEntries = element => {
    const entries = {};
    if (isFixed(element) || element.type === 'label') return entries;
    const draw = e => connect.start(e, element);
    if (isNote(element)) entries.connect = { group: 'connect', className: 'bpmn-icon-connection-multi', title: 'Nối tới bước nói về', action: { click: draw, dragstart: draw } };
    else if (!isWay(element) && !isLink(element)) {
      const [, type, more, className] = BESIDE[0], fresh = () => elementFactory.createShape({ type, ...more });
      entries.note = { group: 'beside', className, title: 'Ghi chú cho hình này', action: {
        click: () => { const note = modeling.appendShape(element, fresh(), margin(element), poolOf(element)); selection.select(note); directEditing.activate(note); },
        dragstart: e => create.start(e, fresh(), { source: element }),
      } };
    }
    if (!isWay(element) && !isNote(element) && !isLink(element) && kind(element) !== 'bpmn:EndEvent') {
      const onward = isGate(element) ? [] : (element.outgoing || []).filter(isWay);
      for (const one of [...KINDS, ...OTHERS]) {
        const [name, , , className, title, group] = one;
        if (['terminate', 'tell', 'fail', 'inclusive'].includes(name) || name === 'end' && onward.length) continue;
        if (isFirst(element) && name !== 'wait' && name !== 'message') continue;
        entries['then-' + name] = { group: group === 'other' ? group : 'model', className, title: title.replace('Thêm', 'Tiếp theo là'), action: {
          click: () => { const fresh = follow(element, one, onward); if (isStep(fresh) && onward.length === 1) directEditing.activate(fresh); else if (onward.length === 1 || isGroup(fresh) || isFirst(fresh)) selection.select(fresh); },
          dragstart: e => { const shapes = bundle(modeler, one); create.start(e, shapes.length > 1 ? shapes : shapes[0], shapes.length > 1 ? { hints: { autoSelect: [shapes[0]] } } : { source: element }); },
        } };
      }
      for (const one of isHost(element) ? EVENTS : []) entries['on-' + one[0]] = { group: one[5], className: one[3], title: isGroup(element) ? one[4].replace('người làm bước này báo', 'trong nhóm có').replace('bước này', 'nhóm này') : one[4], action: { click: () => {
        const at = { x: element.x + 30 + 40 * (element.attachers || []).length, y: element.y + element.height };
        selection.select(modeling.createShape(made(modeler, one), at, element, { attach: true }));
      } } };
      entries.connect = { group: 'connect', className: 'bpmn-icon-connection-multi', title: 'Nối tới hình khác', action: { click: draw, dragstart: draw } };
    }
    if (kind(element) !== 'bpmn:StartEvent') entries.delete = { group: 'edit', className: 'bpmn-icon-trash', title: 'Xóa', action: { click: () => modeling.removeElements([element]) } };
    return entries;
  };
  this.getMultiElementContextPadEntries = () => ({});
  contextPad.registerProvider(this);
}
Pad.$inject = ['contextPad', 'modeling', 'elementFactory', 'connect', 'create', 'directEditing', 'selection'];

/* đường mà hình mới đứng vào: đường đi tiếp duy nhất; sau chỗ rẽ của riêng bước ấy thì là đường mặc định, như “Thêm bước sau” ở bảng */
function mainWay(onward) {
  if (onward.length !== 1) return null;
  const gate = onward[0].target, outs = (gate.outgoing || []).filter(isWay);
  const own = kind(gate) === 'bpmn:ExclusiveGateway' && outs.length > 1 && gate.incoming.filter(isWay).length === 1;
  return own ? outs.find(way => way.businessObject === gate.businessObject.default) || outs[0] : onward[0];
}

/* thêm hình (cả cụm nếu có) sau một hình; đường đi tiếp đi qua hình mới và giữ tên, điều kiện của nó */
function follow(element, one, onward) {
  const way = mainWay(onward), from = way ? way.source : element;
  const modeling = modeler.get('modeling'), shapes = bundle(modeler, one);
  let fresh, lasts;
  if (shapes.length === 1) lasts = [fresh = modeler.get('autoPlace').append(from, shapes[0])];
  else {
    const high = Math.max(...shapes.map(it => it.y + it.height || 0)) - Math.min(...shapes.map(it => it.y || 0));
    const at = { x: from.x + from.width / 2, y: from.y + from.height + 50 + high / 2 };
    const put = modeling.createElements(shapes, at, from.parent);
    fresh = put[0];
    modeling.connect(from, fresh);
    lasts = isFirst(fresh) ? put.slice(1).filter(it => !it.waypoints) : [fresh];
  }
  if (way) {
    const next = way.target;
    modeling.removeConnection(fresh.incoming[0]);
    modeling.reconnectEnd(way, fresh, { x: fresh.x + fresh.width / 2, y: fresh.y + fresh.height / 2 });
    for (const last of lasts) modeling.connect(last, next);
  }
  return fresh;
}

/* làn do bảng định; điểm bắt đầu chỉ có một; bên khác và khung nhóm đến từ tệp mô hình */
function Limits(eventBus) {
  eventBus.on('commandStack.shape.resize.canExecute', 5000, e => kind(e.context.shape) === 'bpmn:TextAnnotation' || isGroup(e.context.shape) ? undefined : false);
  eventBus.on('commandStack.elements.delete.canExecute', 5000, e => e.context.elements.filter(one => !isFixed(one) && kind(one) !== 'bpmn:StartEvent'));
  eventBus.on('commandStack.elements.move.canExecute', 5000, e => e.context.shapes.some(isFixed) ? false : undefined);
  eventBus.on('element.dblclick', 5000, e => isFixed(e.element.labelTarget || e.element) ? false : undefined);
  for (const what of ['create', 'reconnect']) eventBus.on(`commandStack.connection.${what}.canExecute`, 5000, e => [e.context.source, e.context.target, e.context.connection].some(one => one && isFixed(one)) ? false : undefined);
}
Limits.$inject = ['eventBus'];

function begin() {
  frame.hidden = false;
  document.querySelectorAll('.draw-only').forEach(e => e.classList.add('shown'));
  $('luu-do-tinh').hidden = true;
  modeler = new window.BpmnJS({
    container: '#ban-ve', moddleExtensions: { nep: NEP },
    bpmnRenderer: { defaultFillColor: 'var(--surface)', defaultStrokeColor: 'var(--ink)', defaultLabelColor: 'var(--ink)' },
    textRenderer: { defaultStyle: { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 13 }, externalStyle: { fontSize: 13 } },
    additionalModules: [window.nepDrawFit, {
      __init__: ['nepLimits'], nepLimits: ['type', Limits],
      paletteProvider: ['type', Palette], contextPadProvider: ['type', Pad],
      translate: ['value', (text, more) => (words[text] || text).replace(/{([^}]+)}/g, (all, key) => more && more[key] || all)],
    }],
  });
  const actions = modeler.get('editorActions');
  for (const one of ['replaceElement', 'spaceTool', 'copy', 'paste', 'duplicate', 'cut']) if (actions.isRegistered(one)) actions.unregister(one);
  modeler.on('selection.changed', e => show(e.newSelection.length === 1 ? e.newSelection[0] : null));
  modeler.on('commandStack.changed', () => { adopt(); state(); });
  modeler.on('element.changed', e => { if (shown && e.element.id === shown.id && !$('ve-o').contains(document.activeElement)) show(e.element); });
  open(data.xml);
}

async function open(xml) {
  await modeler.importXML(xml);
  const plane = modeler.get('canvas');
  plane.zoom('fit-viewport', 'auto');
  if (plane.zoom() < .7) { // quy trình dài: bắt đầu ở đầu lưu đồ, chữ còn đọc được
    plane.zoom(.7);
    const v = plane.viewbox(), spare = v.width - v.inner.width;
    plane.viewbox({ x: v.inner.x - Math.max(160, spare / 2), y: v.inner.y - 16, width: v.width, height: v.height });
  }
  lanes.clear();
  adopt();
  savedAt = modeler.get('commandStack')._stackIdx;
  state();
  show(null);
}

/* kéo một bước sang làn khác là giao cho vai trò của làn ấy */
const lanes = new Map();
function laneOf(step) {
  const set = modeler.get('elementRegistry').filter(e => kind(e) === 'bpmn:Lane');
  return set.find(lane => (lane.businessObject.flowNodeRef || []).includes(step.businessObject));
}
function adopt() {
  for (const step of modeler.get('elementRegistry').filter(isStep)) {
    const lane = laneOf(step), role = lane ? lane.businessObject.get('nep:role') || '' : '';
    if (lane && lanes.get(step.id) !== lane.id) {
      if (lanes.has(step.id) || !step.businessObject.get('nep:role')) step.businessObject.set('nep:role', role);
      lanes.set(step.id, lane.id);
    }
    if (!lane && !step.businessObject.get('nep:role')) { // bước trong nhóm chưa giao ai: vai trò của làn mà nhóm đứng
      let group = step.parent;
      while (isGroup(group) && !laneOf(group)) group = group.parent;
      if (isGroup(group)) step.businessObject.set('nep:role', laneOf(group).businessObject.get('nep:role') || '');
    }
  }
}
const isDirty = () => modeler && modeler.get('commandStack')._stackIdx !== savedAt;
function state() {
  const stack = modeler.get('commandStack');
  const off = (button, is) => { button.disabled = is; button.setAttribute('aria-disabled', is); };
  off($('luu-ve'), !isDirty());
  off(frame.querySelector('[data-do=undo]'), !stack.canUndo());
  off(frame.querySelector('[data-do=redo]'), !stack.canRedo());
  $('ve-tt').textContent = isDirty() ? 'Lưu đồ có thay đổi chưa lưu. Bấm Lưu lưu đồ hoặc Ctrl + S.' : 'Kéo hình từ cột bên trái, hoặc chọn một hình rồi thêm bước sau nó. Lưu xong, bảng trình tự đổi theo.';
}
window.addEventListener('beforeunload', e => { if (isDirty()) e.preventDefault(); });

/* ô thuộc tính của hình đang chọn */
let shown = null;
const put = props => modeler.get('modeling').updateProperties(shown, props);
const field = (label, input, hint) => make('label', {}, label, ...(hint ? [make('small', {}, ' ' + hint)] : []), input);
const text = (value, done, attrs = {}) => { const i = make('input', { className: 'in', value: value || '', autocomplete: 'off', ...attrs }); i.onchange = () => done(i.value.trim()); return i; };
const choice = (value, options, done) => { const s = make('select', { className: 'in' }); for (const [v, t] of options) s.append(make('option', { value: v, selected: v === value }, t)); s.onchange = () => done(s.value); return s; };
const UNITS = [['working_hour', 'giờ'], ['working_day', 'ngày'], ['calendar_day', 'ngày lịch'], ['none', 'không tính']];

function show(element) {
  shown = element && element.type === 'label' ? element.labelTarget : element;
  const side = $('ve-o');
  side.replaceChildren();
  if (shown && (isAround(shown) || kind(shown) === 'bpmn:Participant' && !shown.businessObject.processRef)) {
    side.append(make('h2', {}, kind(shown) === 'bpmn:Group' ? 'Khung nhóm' : isAround(shown) ? 'Thông điệp giữa các bên' : 'Bên khác'), ...(shown.businessObject.name ? [make('p', {}, shown.businessObject.name)] : []), make('p', { className: 'sm mut' }, 'Đến từ tệp mô hình và ra lại cùng tệp xuất; ở đây chỉ xem, hồ sơ không chạy theo.'));
    return;
  }
  if (!shown || isFrame(shown)) {
    side.append(make('p', { className: 'sm mut' }, shown && kind(shown) === 'bpmn:Lane' ? 'Làn theo vai trò ở bảng trình tự. Kéo bước vào làn này là giao cho vai trò ấy.' : 'Chọn một bước, một chỗ rẽ hoặc một đường nối để sửa chữ, vai trò, thời gian, điều kiện.'));
    return;
  }
  const o = shown.businessObject;
  if (isStep(shown)) {
    const name = make('textarea', { className: 'in', rows: 2, value: o.name || '' });
    name.onchange = () => modeler.get('modeling').updateLabel(shown, name.value.trim());
    const role = o.get('nep:role') || '', known = data.roles.some(one => one.key === role);
    const roles = [['', '–'], ...(role && !known ? [[role, role.replace(/^ngoai\//, '')]] : []), ...data.roles.map(one => [one.key, one.words])];
    const unit = o.get('nep:untimed') === 'true' ? 'none' : o.get('nep:limitUnit') || 'working_hour';
    const amount = text((o.get('nep:limit') || '').replace('.', ','), time, { inputMode: 'decimal' }), units = choice(unit, UNITS, time);
    function time() {
      if (units.value === 'none') { amount.value = ''; put({ 'nep:untimed': 'true', 'nep:limit': undefined, 'nep:limitUnit': undefined }); return; }
      const number = amount.value.trim().replace(/\.(?=\d{3}(\D|$))/g, '').replace(',', '.');
      put({ 'nep:untimed': undefined, 'nep:limit': number || undefined, 'nep:limitUnit': number ? units.value : undefined });
    }
    side.append(make('h2', {}, 'Bước'), field('Tên bước', name), field('Trách nhiệm', choice(role, roles, v => put({ 'nep:role': v }))), field('Thời gian', amount), field('Đơn vị', units), field('Cách làm', choice(kind(shown), [['bpmn:UserTask', 'trên hệ thống'], ['bpmn:ManualTask', 'bằng tay, ghi lại sau'], ['bpmn:ServiceTask', 'máy làm, người xác nhận'], ...(kind(shown) === 'bpmn:Task' ? [['bpmn:Task', 'trên hệ thống']] : [])], swap)));
  } else if (isGroup(shown)) {
    side.append(make('h2', {}, 'Nhóm bước'), field('Tên nhóm', text(o.name, v => modeler.get('modeling').updateLabel(shown, v))), make('p', { className: 'sm mut' }, 'Các bước trong khung bắt đầu và kết thúc như một: kéo hình vào khung, nối từ điểm bắt đầu đến điểm kết thúc của nhóm. Đường nối không đi qua viền khung; điều xen vào cả nhóm gắn trên viền.'));
  } else if (isFirst(shown)) {
    side.append(make('h2', {}, 'Chỗ chờ nhiều điều'), field('Tên', text(o.name, v => modeler.get('modeling').updateLabel(shown, v)), '(không bắt buộc)'), make('p', { className: 'sm mut' }, 'Điều nào đến trước thì hồ sơ đi đường ấy, các điều khác thôi chờ. Mỗi đường nối dẫn thẳng tới một chỗ chờ, từ hai chỗ trở lên.'));
  } else if (isGate(shown)) {
    const outs = (shown.outgoing || []).filter(isWay);
    side.append(make('h2', {}, 'Chỗ rẽ'), field('Điều cần quyết định', text(o.name, v => modeler.get('modeling').updateLabel(shown, v)), '(không bắt buộc)'), field('Loại', choice(kind(shown), [['bpmn:ExclusiveGateway', 'đi một nhánh'], ['bpmn:ParallelGateway', 'đi mọi nhánh, làm song song'], ['bpmn:InclusiveGateway', 'đi một hoặc nhiều nhánh']], swap)));
    if (kind(shown) !== 'bpmn:ParallelGateway' && outs.length > 1) side.append(field('Nhánh mặc định', choice(o.default ? o.default.id : '', [['', 'tự chọn nhánh đi tiếp'], ...outs.map(f => [f.id, f.businessObject.name || 'đến ' + (f.target.businessObject.name || 'hình kế tiếp')])], v => put({ default: v ? outs.find(f => f.id === v).businessObject : undefined }))));
  } else if (isWay(shown)) {
    const check = make('input', { type: 'checkbox', checked: o.get('nep:supplement') === 'true' });
    check.onchange = () => put({ 'nep:supplement': check.checked ? 'true' : undefined });
    const written = o.conditionExpression ? o.conditionExpression.body : '';
    side.append(make('h2', {}, 'Đường nối'), field('Tên nhánh', text(o.name, v => modeler.get('modeling').updateLabel(shown, v))), field('Điều kiện', text(written, v => put({ conditionExpression: v ? modeler.get('moddle').create('bpmn:FormalExpression', { body: v }) : undefined })), (data.conditions || {})[written] ? '(khi ' + data.conditions[written] + ')' : '(trống: người xử lý chọn)'), field('Số lần tối đa', text(o.get('nep:bound'), v => put({ 'nep:bound': /^\d+$/.test(v) && +v > 0 ? v : undefined }), { inputMode: 'numeric' }), '(khi quay lại)'), make('label', { className: 'ck' }, check, make('span', {}, 'Chờ người nộp bổ sung: đồng hồ dừng')));
  } else if (isNote(shown)) {
    const note = kind(shown) === 'bpmn:TextAnnotation', words = make('textarea', { className: 'in', rows: note ? 5 : 2, value: (note ? o.text : o.name) || '', maxLength: 2000 });
    words.onchange = () => modeler.get('modeling').updateLabel(shown, words.value.trim());
    side.append(make('h2', {}, note ? 'Ghi chú' : kind(shown) === 'bpmn:DataObjectReference' ? 'Dữ liệu' : 'Kho dữ liệu'), field(note ? 'Nội dung' : 'Tên', words), make('p', { className: 'sm mut' }, 'Không đổi cách hồ sơ chạy; có trên lưu đồ, bản in và tệp xuất ra. Nối tới bước mà nó nói về.'));
  } else if (isLink(shown)) {
    side.append(make('h2', {}, 'Đường nối ghi chú'), make('p', { className: 'sm mut' }, 'Cho biết ghi chú hay dữ liệu thuộc về hình nào. Hồ sơ không đi theo đường này.'));
  } else if (isAbout(shown)) {
    side.append(...aboutFields(o));
  } else {
    side.append(...pointFields(o));
  }
}
/* điểm bắt đầu, điểm kết thúc: tên, và hồ sơ bắt đầu hay kết thúc thế nào */
function pointFields(o) {
  const isStart = kind(shown) === 'bpmn:StartEvent', isInner = isGroup(shown.parent), now = about(o) ? about(o).$type : '';
  const parts = [make('h2', {}, isStart ? 'Điểm bắt đầu' : 'Điểm kết thúc'), field('Tên', text(o.name, v => modeler.get('modeling').updateLabel(shown, v)))];
  if (isStart && isInner) return [...parts, make('p', { className: 'sm mut' }, 'Nhóm bắt đầu ở đây, mỗi nhóm đúng một điểm.')];
  const ways = isStart ? STARTS : ENDS.map(([type, words]) => [type, isInner ? words.replace('hồ sơ', 'nhóm').replace('mọi việc còn lại', 'mọi việc còn lại của nhóm').replace('vì trở ngại', 'nhóm vì trở ngại') : words]);
  return [...parts, field(isStart ? 'Bắt đầu khi' : 'Tới đây thì', choice(now, ways, v => swap(kind(shown), v)))];
}
/* điều mà một hình nói tới: thời gian, thông điệp, trở ngại, quy trình khác */
const again = () => show(shown);
const say = props => modeler.get('modeling').updateModdleProperties(shown, about(shown.businessObject), props);
function aboutFields(o) {
  const definition = about(o), type = definition && definition.$type, isEdge = kind(shown) === 'bpmn:BoundaryEvent', isSent = /SendTask$|ThrowEvent$/.test(kind(shown));
  if (/(Start|End)Event$/.test(kind(shown))) return [...pointFields(o), type === ERROR ? troubleField(definition, '(trống: gọi như tên ở trên)') : messageField(o, definition)];
  const head = isEdge ? `Xen vào ${isGroup(shown.host) ? 'nhóm' : 'bước'} “${shown.host && shown.host.businessObject.name || ''}”` : kind(shown) === 'bpmn:CallActivity' ? 'Thực hiện quy trình khác' : isSent ? 'Gửi thông tin' : 'Chờ';
  const parts = [make('h2', {}, head), field('Tên', text(o.name, v => modeler.get('modeling').updateLabel(shown, v)))];
  if (kind(shown) === 'bpmn:CallActivity') return [...parts, ...calledFields(o)];
  if (type === TIMER) parts.push(...timeFields(definition, isEdge));
  else parts.push(type === ERROR ? troubleField(definition, '(trống: mọi trở ngại)') : messageField(o, definition));
  if (isEdge) parts.push(type === ERROR ? make('p', { className: 'sm mut' }, isGroup(shown.host) ? 'Có trở ngại trong nhóm thì cả nhóm dừng, hồ sơ đi theo đường nối từ hình này.' : 'Báo trở ngại thì bước dừng, hồ sơ đi theo đường nối từ hình này.') : field('Khi ấy', choice(String(o.cancelActivity !== false), isGroup(shown.host) ? [['true', 'dừng cả nhóm, chuyển đến'], ['false', 'vẫn làm cả nhóm, mở thêm']] : [['true', 'dừng bước này, chuyển đến'], ['false', 'vẫn làm bước này, mở thêm']], v => put({ cancelActivity: v === 'true' }))));
  return parts;
}
function troubleField(definition, hint) {
  return field('Trở ngại', text(definition.errorRef && definition.errorRef.name, v => say({ errorRef: v ? named('bpmn:Error', v) : undefined }), { maxLength: 120 }), hint);
}
function messageField(o, definition) {
  const ref = (definition || o).messageRef;
  return field('Tên thông điệp', text(ref && ref.name, v => { const messageRef = v ? named('bpmn:Message', v) : undefined; if (definition) say({ messageRef }); else put({ messageRef }); }, { maxLength: 120 }), '(hai hệ thống gọi nó bằng cùng tên ấy)');
}
function named(type, name) {
  const root = modeler.getDefinitions(), known = root.rootElements.find(e => e.$type === type && e.name === name);
  if (known) return known;
  const fresh = modeler.get('moddle').create(type, { id: 'Ten_' + Math.random().toString(36).slice(2, 10), name, ...(type === 'bpmn:Error' ? { errorCode: name } : {}) });
  fresh.$parent = root;
  root.rootElements.push(fresh);
  return fresh;
}
function timeFields(definition, isEdge) {
  const lasts = definition.timeDuration, day = definition.timeDate, unit = definition.get('nep:unit') || 'calendar_day';
  if (!lasts && !day && definition.timeCycle) return [make('p', { className: 'sm mut' }, 'Theo chu kỳ ' + definition.timeCycle.body)];
  const set = (form, body, unit) => say({ timeDuration: undefined, timeDate: undefined, [form]: expression(body), 'nep:unit': unit === 'calendar_day' ? undefined : unit });
  const found = lasts && /^P(?:T(\d+)H|(\d+)D)$/.exec(lasts.body.trim());
  const way = field(isEdge ? 'Khi' : 'Chờ', choice(day ? 'day' : 'for', [['for', isEdge ? 'quá một khoảng thời gian' : 'đủ một khoảng thời gian'], ['day', 'đến một ngày']], v => { if (v === 'day') set('timeDate', data.days.length ? data.days[0].name : new Date().toISOString().slice(0, 10)); else set('timeDuration', 'P1D', 'working_day'); again(); }));
  if (day) {
    const isFixed = /^\d/.test(day.body), known = data.days.some(one => one.name === day.body);
    const parts = [way, field('Ngày', choice(isFixed ? '' : day.body, [['', 'ngày định trước'], ...(isFixed || known ? [] : [[day.body, day.body]]), ...data.days.map(one => [one.name, `ghi ở ô “${one.label}”`])], v => { set('timeDate', v || new Date().toISOString().slice(0, 10)); again(); }))];
    if (isFixed) parts.push(field('Định trước là', text(day.body.slice(0, 10), v => { if (v) set('timeDate', v); }, { type: 'date' })));
    return parts;
  }
  if (lasts && !found) return [way, make('p', { className: 'sm mut' }, 'Khoảng thời gian trong tệp: ' + lasts.body)];
  const amount = text(found && (found[1] || found[2]), time, { inputMode: 'numeric' }), units = choice(unit, UNITS.slice(0, 3), time);
  function time() {
    if (!/^[1-9]\d{0,3}$/.test(amount.value.trim())) { amount.setCustomValidity('Hãy ghi số giờ hoặc số ngày tròn, từ 1.'); amount.reportValidity(); return; }
    amount.setCustomValidity('');
    const number = amount.value.trim();
    set('timeDuration', units.value === 'working_hour' ? `PT${number}H` : `P${number}D`, units.value);
  }
  return [way, field('Thời gian', amount), field('Đơn vị', units)];
}
function calledFields(o) {
  const version = o.get('nep:version') || '', known = data.callable.some(one => one.version === version);
  const options = [...(known ? [] : [[version, o.calledElement ? o.calledElement + ' (như đang ghi)' : 'chọn quy trình']]), ...data.callable.map(one => [one.version, one.words])];
  return [field('Quy trình', choice(version, options, v => {
    const one = data.callable.find(it => it.version === v), isUnnamed = !o.name || o.name === 'Thực hiện quy trình khác';
    if (one) put({ calledElement: one.code, 'nep:version': one.version, ...(isUnnamed ? { name: one.title } : {}) });
  }), '(đang có hiệu lực của cơ quan)'), make('p', { className: 'sm mut' }, 'Hồ sơ của quy trình ấy chạy riêng; xong thì hồ sơ này đi tiếp. Thời gian sửa ở bảng trình tự.')];
}
function swap(type, eventDefinitionType) {
  const fresh = modeler.get('bpmnReplace').replaceElement(shown, { type, ...(eventDefinitionType ? { eventDefinitionType } : {}) });
  modeler.get('selection').select(fresh);
}

/* lưu: cả lưu đồ đi cùng số phiên bản; người khác đã sửa thì hỏi, không ghi đè */
async function save(merge) {
  if (document.activeElement && $('ve-o').contains(document.activeElement)) document.activeElement.blur();
  adopt();
  const { xml } = await modeler.saveXML();
  const body = new URLSearchParams({ xml, version, ...(merge ? { merge: '1' } : {}) });
  const token = $('ve-form').querySelector('[name=csrfmiddlewaretoken]').value;
  $('luu-ve').disabled = true;
  let answer, said = {};
  try {
    answer = await fetch(data.save, { method: 'POST', body, headers: { 'X-CSRFToken': token, Accept: 'application/json' } });
    said = await answer.json();
  } catch (error) { said = { message: 'Chưa gửi được. Kiểm tra mạng rồi bấm Lưu lưu đồ lại; hình vẽ vẫn còn đây.' }; }
  if (answer && answer.ok) {
    version = said.version;
    tell(null);
    await open(said.xml);
    window.nepToast(said.text);
    return;
  }
  state();
  tell(said.error || said, answer && answer.status === 409);
  const bad = said.element && modeler.get('elementRegistry').get(said.element);
  if (bad) { modeler.get('selection').select(bad); modeler.get('canvas').scrollToElement(bad); }
}
function tell(said, isRace) {
  const box = $('ve-loi');
  box.hidden = !said;
  box.replaceChildren();
  if (!said) return;
  const inner = make('div', {}, make('b', {}, said.message || 'Chưa lưu được.'), ...(said.details || []).map(line => make('small', {}, line)));
  if (isRace) {
    const join = make('button', { type: 'button', className: 'btn btn--sm btn--p' }, 'Ghép vào bản mới'), leave = make('button', { type: 'button', className: 'btn btn--sm' }, 'Bỏ hình vẽ, mở bản mới');
    join.onclick = () => save(true);
    leave.onclick = () => { savedAt = modeler.get('commandStack')._stackIdx; location.reload(); };
    inner.append(make('div', { className: 'row mt-2' }, join, leave));
  }
  box.append(inner);
  box.scrollIntoView({ block: 'nearest' });
}

document.addEventListener('click', e => {
  const b = e.target.closest('[data-do]');
  if (e.target.closest('#luu-ve')) save(false);
  if (!b || !modeler || !frame.contains(b)) return;
  const canvas = modeler.get('canvas'), stack = modeler.get('commandStack');
  ({ undo: () => stack.undo(), redo: () => stack.redo(), fit: () => canvas.zoom('fit-viewport', 'auto'), in: () => canvas.zoom(canvas.zoom() * 1.2), out: () => canvas.zoom(canvas.zoom() / 1.2) })[b.dataset.do]();
});
document.addEventListener('keydown', e => {
  if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === 's' && modeler) { e.preventDefault(); if (isDirty()) save(false); }
});
})();
