"""The same page of fifty rows as a team would write it with Django alone.

The marks of the product's page (top bar, menu three times, filters, fifty rows with their chips, side)
in one Django template with loops, words through gettext, addresses by `url`; rows, holders, units and
saved filters by the ORM. Left out in its favour: who may see what, the counts (they are given), the
words of time used, what a person does for others.
"""

from datetime import datetime
from typing import Any

FRAME_TOP = """<!doctype html><html lang="vi"><head><meta charset="utf-8">
<title>{% translate "Danh sách việc" %} · Nếp</title><link rel="stylesheet" href="{% asset "app.css" %}">
<link rel="stylesheet" href="{% static "work/1/work.css" %}"><script src="{% asset "nep.js" %}" defer></script></head>
<body hx-headers='{"X-CSRFToken": "{{ csrf_token }}"}'><a class="skip" href="#noi-dung">{% translate "Đến nội dung chính" %}</a>
<header class="topbar"><a class="brand" href="/"><b>Nếp</b></a><div class="agency"><span><b>{{ agency.name }}</b></span></div>
<form class="gsearch" role="search" action="{% url "documents:search" %}" method="get">{% icon "search" "sm" %}<input type="search" name="q" aria-label="{% translate "Tìm kiếm" %}" autocomplete="off" hx-trigger="input changed delay:160ms, focus" hx-target="next .gs-out" hx-sync="this:replace"><kbd aria-hidden="true">/</kbd></form>
<button class="tb-btn" type="button" data-theme-toggle aria-label="{% translate "Đổi giao diện sáng hoặc tối" %}">{% icon "sun-moon" %}</button>
<button class="me" type="button" popovertarget="m-me">{% avatar user.username %}<span><b>{{ user.username }}</b></span></button></header>
<div class="shell"><nav class="rail" aria-label="{% translate "Công việc" %}">{% for group in groups %}<div><p>{{ group.title }}</p>{% for link in group.links %}<a href="{{ link.url }}"{% if link.is_here %} aria-current="page"{% endif %}>{% icon link.icon %}<span>{{ link.label }}</span></a>{% endfor %}</div>{% endfor %}</nav>
<main class="main" id="noi-dung" tabindex="-1"><h1>{% blocktranslate %}{{ total }} việc của cơ quan{% endblocktranslate %}</h1>
<nav class="seg" aria-label="{% translate "Lọc theo hạn" %}">{% for tab in tabs %}<a href="?nhom={{ tab.key }}"{% if tab.key == group %} aria-current="true"{% endif %}>{{ tab.name }} <span class="num">{{ tab.count }}</span></a>{% endfor %}</nav>
<form class="filters" method="get" role="search"><input class="in" type="search" name="q" placeholder="{% translate "Mã, người nộp, thủ tục; có dấu hay không dấu" %}">
<select class="in" name="nguoi"><option value="">{% translate "Mọi người" %}</option>{% for one in people %}<option value="{{ one.pk }}"{% if one.pk == chosen %} selected{% endif %}>{{ one.name }}</option>{% endfor %}</select>
<select class="in" name="loai"><option value="">{% translate "Mọi loại" %}</option>{% for key, name in kinds.items %}<option value="{{ key }}"{% if key == kind %} selected{% endif %}>{{ name }}</option>{% endfor %}</select>
<button class="btn" type="submit">{% icon "search" "sm" %} {% translate "Tìm" %}</button></form>
<form method="get" action="{% url "work:assign" %}"><table class="tbl tbl--stack tbl--work"><thead><tr><th></th><th>{% translate "Việc" %}</th><th>{% translate "Người giữ" %}</th><th>{% translate "Bước" %}</th><th>{% translate "Hạn" %}</th></tr></thead><tbody>"""
ROWS = """{% for row in rows %}<tr data-row="{{ row.pk }}"><td><input class="mark" type="checkbox" name="viec" value="{{ row.pk }}" aria-label="{% translate "Chọn" %} {{ row.title }} {{ row.source_code }}"></td>
<td><a class="b" href="{{ row.link }}">{{ row.title }}</a><small>{% if row.source_code %}<span class="code">{{ row.source_code }}</span> · {% endif %}{{ row.detail }}</small></td>
<td data-l="{% translate "Người giữ" %}">{{ row.holder|default:"" }}{% if row.unit %}<small>{{ row.unit }}</small>{% endif %}</td><td data-l="{% translate "Bước" %}">{{ row.step_label }}</td>
<td data-l="{% translate "Hạn" %}">{% url "work:explanation" row.pk as explained %}<button class="chip" type="button" data-s="{% if row.due_at < now %}qua{% else %}trong{% endif %}" popovertarget="p{{ row.pk }}" title="{% translate "Xem cách tính" %}" hx-get="{{ explained }}" hx-target="#p{{ row.pk }}" hx-trigger="click once" hx-swap="innerHTML">{% icon "clock" %}<span><b>{% if row.due_at < now %}{% translate "Quá hạn" %}{% else %}{% translate "Trong hạn" %}{% endif %}</b> {{ row.due_at|timeuntil:now }}</span>{% icon "info" %}</button><div popover id="p{{ row.pk }}"><div class="pop"><a href="{{ explained }}">{% translate "Xem cách tính" %}</a></div></div><small>{% translate "Hạn" %} {{ row.due_at|date:"H:i l, d/m/Y" }}</small></td></tr>{% endfor %}"""
FRAME_END = """</tbody></table></form><aside class="side"><h2>{% translate "Bộ lọc đã lưu" %}</h2>{% for one in saved %}<a href="?{{ one.query }}">{{ one.name }}</a>{% empty %}<p>{% translate "Chưa có. Lọc danh sách rồi lưu lại dưới một tên để mở bằng một lần bấm." %}</p>{% endfor %}</aside></main></div>
<nav class="bnav">{% for link in bottom %}<a href="{{ link.url }}"{% if link.is_here %} aria-current="page"{% endif %}>{% icon link.icon %}{{ link.short }}</a>{% endfor %}</nav>
<div popover id="m-all"><div class="menu">{% for group in groups %}{% for link in group.links %}<a href="{{ link.url }}">{% icon link.icon %}{{ link.label }}</a>{% endfor %}{% endfor %}</div></div>
<div popover id="m-me"><div class="menu"><a href="{% url "accounts:account" %}">{% icon "user-round" %}<span>{% translate "Tài khoản và mật khẩu" %}</span></a><form method="post" action="{% url "accounts:logout" %}">{% csrf_token %}<button type="submit">{% icon "log-out" %}<span>{% translate "Đăng xuất" %}</span></button></form></div></div></body></html>"""
TEXT = "{% load static %}" + FRAME_TOP + ROWS + FRAME_END


def values(*, agency_id: int, now: datetime, groups: Any, counts: dict[str, int]) -> dict[str, Any]:
    """Return what the template names: rows with holder and unit by the ORM, the menu as given."""
    from django.db.models import OuterRef, Subquery

    from nep.apps.organization.models import Agency, Person, Unit
    from nep.apps.work import rules
    from nep.apps.work.models import SavedFilter, WorkItem

    rows = (
        WorkItem.objects.filter(agency_id=agency_id, listed=True, state=0)
        .annotate(
            holder=Subquery(Person.objects.filter(pk=OuterRef("person_id")).values("name")[:1]),
            unit=Subquery(Unit.objects.filter(pk=OuterRef("unit_id")).values("name")[:1]),
        )
        .order_by("due_at", "id")[:50]
    )
    return {
        "rows": rows,
        "now": now,
        "agency": Agency.objects.get(pk=agency_id),
        "groups": groups,
        "bottom": [link for group in groups for link in group.links][:4],
        "people": Person.objects.filter(agency_id=agency_id).order_by("sort_name")[:20],
        "kinds": rules.KIND_NAMES,
        "tabs": [{"key": key, "name": key, "count": n} for key, n in counts.items()],
        "total": sum(counts.values()),
        "group": "",
        "saved": SavedFilter.objects.filter(agency_id=agency_id)[:20],
    }
