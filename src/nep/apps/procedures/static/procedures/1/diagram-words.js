// Chữ tiếng Việt của bản vẽ lưu đồ; khóa là chữ gốc của bpmn-js.
window.nepDrawWords = {
  'Activate hand tool': 'Kéo nền bản vẽ',
  'Activate lasso tool': 'Chọn nhiều hình bằng khung',
  'Activate global connect tool': 'Nối hai hình',
  'Align elements': 'Gióng hàng các hình',
  'Align elements ': 'Gióng hàng các hình ',
  'Distribute elements horizontally': 'Dàn đều theo chiều ngang',
  'Distribute elements vertically': 'Dàn đều theo chiều dọc',
  'Search in diagram': 'Tìm trong lưu đồ',
  'Delete': 'Xóa',
  'Open {element}': 'Mở {element}',
  'Align elements left': 'Gióng trái',
  'Align elements center': 'Gióng giữa',
  'Align elements right': 'Gióng phải',
  'Align elements top': 'Gióng trên',
  'Align elements middle': 'Gióng giữa theo chiều dọc',
  'Align elements bottom': 'Gióng dưới',
};
