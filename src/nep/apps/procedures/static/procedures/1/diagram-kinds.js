// Những phần tử của tập con chạy được, như cột vẽ và vòng nút quanh hình đưa ra; hình đi cả cụm dựng sẵn.
window.nepDrawKinds = (() => {
const TIMER = 'bpmn:TimerEventDefinition', MESSAGE = 'bpmn:MessageEventDefinition', ERROR = 'bpmn:ErrorEventDefinition', STOP = 'bpmn:TerminateEventDefinition';
const about = type => ({ eventDefinitionType: type });

const KINDS = [
  ['task', 'bpmn:UserTask', {}, 'bpmn-icon-user-task', 'Thêm bước', 'activity'],
  ['group', 'bpmn:SubProcess', { isExpanded: true, width: 230, height: 270 }, 'bpmn-icon-subprocess-expanded', 'Thêm nhóm bước', 'activity', 'Nhóm bước'],
  ['exclusive', 'bpmn:ExclusiveGateway', {}, 'bpmn-icon-gateway-xor', 'Thêm chỗ rẽ một nhánh', 'gateway'],
  ['parallel', 'bpmn:ParallelGateway', {}, 'bpmn-icon-gateway-parallel', 'Thêm chỗ làm song song', 'gateway'],
  ['inclusive', 'bpmn:InclusiveGateway', {}, 'bpmn-icon-gateway-or', 'Thêm chỗ rẽ một hoặc nhiều nhánh', 'gateway'],
  ['first', 'bpmn:EventBasedGateway', {}, 'bpmn-icon-gateway-eventbased', 'Thêm chỗ chờ nhiều điều, điều nào đến trước thì đi', 'gateway'],
  ['end', 'bpmn:EndEvent', {}, 'bpmn-icon-end-event-none', 'Thêm điểm kết thúc', 'event'],
  ['tell', 'bpmn:EndEvent', about(MESSAGE), 'bpmn-icon-end-event-message', 'Thêm điểm kết thúc có gửi thông điệp', 'event'],
  ['fail', 'bpmn:EndEvent', about(ERROR), 'bpmn-icon-end-event-error', 'Thêm điểm kết thúc vì trở ngại', 'event'],
  ['terminate', 'bpmn:EndEvent', about(STOP), 'bpmn-icon-end-event-terminate', 'Thêm điểm chấm dứt cả hồ sơ', 'event'],
];
/* việc không ai ở đây làm: chờ, gửi, thực hiện quy trình khác */
const OTHERS = [
  ['wait', 'bpmn:IntermediateCatchEvent', about(TIMER), 'bpmn-icon-intermediate-event-catch-timer', 'Thêm chỗ chờ hết thời gian', 'other', 'Chờ hết thời gian'],
  ['message', 'bpmn:IntermediateCatchEvent', about(MESSAGE), 'bpmn-icon-intermediate-event-catch-message', 'Thêm chỗ chờ thông điệp của hệ thống khác', 'other', 'Chờ thông điệp của hệ thống khác'],
  ['send', 'bpmn:SendTask', {}, 'bpmn-icon-send-task', 'Thêm gửi thông tin cho hệ thống khác', 'other', 'Gửi thông tin cho hệ thống khác'],
  ['call', 'bpmn:CallActivity', {}, 'bpmn-icon-call-activity', 'Thêm thực hiện quy trình khác', 'other', 'Thực hiện quy trình khác'],
];
/* xen vào một bước hay một nhóm đang mở: gắn trên viền */
const EVENTS = [
  ['late', 'bpmn:BoundaryEvent', about(TIMER), 'bpmn-icon-intermediate-event-catch-timer', 'Khi bước này quá một khoảng thời gian', 'edge', 'Quá thời gian'],
  ['comes', 'bpmn:BoundaryEvent', about(MESSAGE), 'bpmn-icon-intermediate-event-catch-message', 'Khi có thông điệp trong lúc làm bước này', 'edge', 'Có thông điệp'],
  ['trouble', 'bpmn:BoundaryEvent', about(ERROR), 'bpmn-icon-intermediate-event-catch-error', 'Khi người làm bước này báo trở ngại', 'edge', 'Báo trở ngại'],
];
/* đứng bên lưu đồ, hồ sơ không chạy qua */
const BESIDE = [
  ['note', 'bpmn:TextAnnotation', {}, 'bpmn-icon-text-annotation', 'Thêm ghi chú', 'beside'],
  ['data', 'bpmn:DataObjectReference', {}, 'bpmn-icon-data-object', 'Thêm dữ liệu (giấy tờ, tệp)', 'beside'],
  ['store', 'bpmn:DataStoreReference', {}, 'bpmn-icon-data-store', 'Thêm kho dữ liệu (sổ, phần mềm)', 'beside'],
];
/* hồ sơ bắt đầu và kết thúc thế nào: chọn ở ô bên cạnh */
const STARTS = [['', 'có người mở hồ sơ'], [MESSAGE, 'có thông điệp của hệ thống khác']];
const ENDS = [['', 'hồ sơ kết thúc'], [MESSAGE, 'gửi thông điệp rồi kết thúc'], [ERROR, 'kết thúc vì trở ngại'], [STOP, 'chấm dứt mọi việc còn lại']];
const BOX = { width: 150, height: 60 }, SIZES = { 'bpmn:UserTask': BOX, 'bpmn:SendTask': BOX, 'bpmn:CallActivity': BOX };
const one = name => [...KINDS, ...OTHERS].find(it => it[0] === name);

/* hình mới; chờ thì có sẵn một ngày làm việc để sửa */
function made(modeler, [, type, more, , , , name], at = {}) {
  const shape = modeler.get('elementFactory').createShape({ type, ...more, ...SIZES[type], ...at });
  const definition = (shape.businessObject.eventDefinitions || [])[0];
  if (name) shape.businessObject.name = name;
  if (definition && definition.$type === TIMER) {
    definition.timeDuration = modeler.get('moddle').create('bpmn:FormalExpression', { body: 'P1D' });
    definition.timeDuration.$parent = definition;
    definition.set('nep:unit', 'working_day');
  }
  return shape;
}

/* nhóm có sẵn đầu, một bước, cuối; chỗ chờ nhiều điều có sẵn hai điều: hình đầu là hình chính */
function bundle(modeler, kind) {
  const whole = made(modeler, kind, { x: 0, y: 0 });
  const put = (name, x, y, parent) => made(modeler, name === 'start' ? [name, 'bpmn:StartEvent', {}] : one(name), { x, y, ...(parent ? { parent } : {}) });
  const way = (source, target, waypoints) => modeler.get('elementFactory').createConnection({ type: 'bpmn:SequenceFlow', source, target, waypoints: waypoints.map(([x, y]) => ({ x, y })), ...(source.parent ? { parent: source.parent } : {}) });
  if (kind[0] === 'group') {
    const start = put('start', 97, 34, whole), step = put('task', 40, 102, whole), end = put('end', 97, 200, whole);
    step.businessObject.name = 'Bước trong nhóm';
    return [whole, start, step, end, way(start, step, [[115, 70], [115, 102]]), way(step, end, [[115, 162], [115, 200]])];
  }
  if (kind[0] === 'first') {
    const wait = put('wait', -70, 100), message = put('message', 84, 100);
    return [whole, wait, message, way(whole, wait, [[0, 25], [-52, 25], [-52, 100]]), way(whole, message, [[50, 25], [102, 25], [102, 100]])];
  }
  return [whole];
}

return { KINDS, OTHERS, EVENTS, BESIDE, STARTS, ENDS, TIMER, MESSAGE, ERROR, made, bundle };
})();
