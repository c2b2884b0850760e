"""Links that lead to this site, as browsers read them."""

import pytest

from nep.kernel.references import is_address_here


@pytest.mark.parametrize("url", ["/", "/danh-gia/12/#ph-3", "/tai-lieu/?q=Tiếp nhận hồ sơ"])
def test_an_address_of_this_site_begins_with_one_slash(url):
    assert is_address_here(url)


@pytest.mark.parametrize(
    "url",
    ["", "viec/1/", "//x.vn", "/\\x.vn", "\\\\x.vn", "/\t/x.vn", "/\n/x.vn", "/\r\\x.vn",
     "https://x.vn/", "javascript:alert(1)", " /viec/"],
)  # fmt: skip
def test_what_a_browser_takes_to_another_site_is_no_address_here(url):
    assert not is_address_here(url)
