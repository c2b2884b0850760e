"""Which letters are capitals: ranges of code points do not tell in Vietnamese."""

_MARKED = "ăâđêôơưáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"
LOWER = "a-z" + _MARKED
UPPER = "A-Z" + _MARKED.upper()
