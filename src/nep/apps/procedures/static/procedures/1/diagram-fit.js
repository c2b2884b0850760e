// Tên dài của bước và làn được rút cho vừa khung, rê chuột thấy đủ; tên lưu lại không đổi.
window.nepDrawFit = (() => {
const LINE = 1.2, OVER = 2; // chữ không có dấu ở mép được lấn hai điểm ảnh

function Fit(eventBus, textRenderer) {
  const draw = textRenderer.createText.bind(textRenderer);
  const size = textRenderer.getDefaultStyle().fontSize;
  textRenderer.createText = (text, options = {}) => {
    const whole = draw(text, options);
    if (!options.box || !/middle$/.test(options.align || '')) return whole;
    const room = Math.max(1, Math.floor((options.box.height + OVER) / (size * LINE)));
    const fits = made => made.querySelectorAll('tspan').length <= room;
    if (fits(whole)) return whole;
    const words = text.split(/\s+/);
    let kept = 0, over = words.length;
    while (over - kept > 1) {
      const middle = (kept + over) >> 1;
      if (fits(draw(words.slice(0, middle).join(' ') + ' …', options))) kept = middle; else over = middle;
    }
    return draw(words.slice(0, Math.max(1, kept)).join(' ') + ' …', options);
  };
  eventBus.on(['shape.added', 'shape.changed'], 100, ({ element, gfx }) => {
    if (!gfx || element.type === 'label') return;
    let title = gfx.querySelector(':scope > title');
    if (!title) { title = document.createElementNS('http://www.w3.org/2000/svg', 'title'); gfx.append(title); }
    title.textContent = element.businessObject && element.businessObject.name || '';
  });
}
Fit.$inject = ['eventBus', 'textRenderer'];

return { __init__: ['nepFit'], nepFit: ['type', Fit] };
})();
