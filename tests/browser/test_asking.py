"""Opinions of several units in a real browser: asked, answered, all on one page."""

from playwright.sync_api import expect


def test_two_units_are_asked_and_answer_and_the_case_waits_for_its_day(screen_of, site):
    done = site.python("-m", "tests.browser.asker")
    assert done.returncode == 0, done.stderr
    address = f"/ho-so/{done.stdout.split()[-1]}/"

    clerk = screen_of("sn.thukyiso")
    clerk.open(address)
    clerk.check()
    clerk.page.get_by_label("Nội dung cần cho ý kiến").fill("Quy chế có trùng quy định nào không?")
    clerk.page.get_by_label("Phòng Văn hóa – Xã hội", exact=True).check()
    clerk.page.get_by_label("Văn phòng HĐND và UBND", exact=True).check()
    clerk.page.get_by_role("button", name="Chuyển sang bước 2").locator("visible=true").click()
    expect(clerk.page.get_by_text("đã có 0 trên 2 ý kiến")).to_be_visible()
    clerk.check()

    for place, login in enumerate(("sn.tpvhxh", "sn.chanhvp"), start=1):
        head = screen_of(login)
        head.open(address)
        head.page.get_by_label("Ý kiến (bắt buộc)").fill(f"Đề nghị sửa Điều {place}.")
        head.page.get_by_role("button", name="Gửi ý kiến").locator("visible=true").click()
        expect(head.page.get_by_text(f"đã có {place} trên 2 ý kiến")).to_be_visible()
        expect(head.page.get_by_text(f"Đề nghị sửa Điều {place}.").first).to_be_visible()
    clerk.open(address)
    expect(clerk.page.get_by_role("heading", name="Hồ sơ đang chờ")).to_be_visible()
    clerk.check()
