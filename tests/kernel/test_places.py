"""Who decides and who signs, as an official paper names them."""

import pytest

from nep.kernel.places import authority, post_in


@pytest.mark.parametrize(
    ("post", "agency", "head", "signs"),
    [
        ("Giám đốc", "Sở Tư pháp", "GIÁM ĐỐC SỞ TƯ PHÁP", "Giám đốc"),
        ("Chủ tịch UBND", "UBND xã Đông Lĩnh", "CHỦ TỊCH ỦY BAN NHÂN DÂN XÃ ĐÔNG LĨNH", "Chủ tịch"),
        ("Chủ tịch", "Ủy ban nhân dân xã Tân Lập", "CHỦ TỊCH ỦY BAN NHÂN DÂN XÃ TÂN LẬP", "Chủ tịch"),
        ("KT. Phó Giám đốc", "Sở Tư pháp", "PHÓ GIÁM ĐỐC SỞ TƯ PHÁP", "KT. Phó Giám đốc"),
    ],
)  # fmt: skip
def test_a_head_is_named_by_post_and_full_agency(post, agency, head, signs):
    assert (authority(post, agency), post_in(post, agency)) == (head, signs)
