"""The Vietnamese lunar calendar at UTC+7, for the years that no notice has fixed yet.

Source: the astronomical algorithm published by Hồ Ngọc Đức (after Jean Meeus), rewritten here.
"""

from datetime import date, timedelta
from math import floor, pi, sin

_ZONE = 7.0
_JULIAN_OF_ORDINAL = 1_721_425  # Julian day number minus proleptic ordinal


def _julian(day: date) -> int:
    return day.toordinal() + _JULIAN_OF_ORDINAL


def _day(julian: int) -> date:
    return date.fromordinal(julian - _JULIAN_OF_ORDINAL)


def _new_moon(k: int) -> float:
    """Return the Julian date (universal time) of the k-th new moon after 1900-01-01."""
    t = k / 1236.85
    rad = pi / 180
    mean = (
        2415020.75933 + 29.53058868 * k + 0.0001178 * t**2 - 0.000000155 * t**3
        + 0.00033 * sin((166.56 + 132.87 * t - 0.009173 * t**2) * rad)
    )  # fmt: skip
    sun = (359.2242 + 29.10535608 * k - 0.0000333 * t**2 - 0.00000347 * t**3) * rad
    moon = (306.0253 + 385.81691806 * k + 0.0107306 * t**2 + 0.00001236 * t**3) * rad
    node = (21.2964 + 390.67050646 * k - 0.0016528 * t**2 - 0.00000239 * t**3) * rad
    shift = (
        (0.1734 - 0.000393 * t) * sin(sun) + 0.0021 * sin(2 * sun) - 0.4068 * sin(moon)
        + 0.0161 * sin(2 * moon) - 0.0004 * sin(3 * moon) + 0.0104 * sin(2 * node)
        - 0.0051 * sin(sun + moon) - 0.0074 * sin(sun - moon) + 0.0004 * sin(2 * node + sun)
        - 0.0004 * sin(2 * node - sun) - 0.0006 * sin(2 * node + moon)
        + 0.0010 * sin(2 * node - moon) + 0.0005 * sin(2 * moon + sun)
    )  # fmt: skip
    lag = (
        0.001 + 0.000839 * t + 0.0002261 * t**2 - 0.00000845 * t**3 - 0.000000081 * t**4
        if t < -11
        else -0.000278 + 0.000265 * t + 0.000262 * t**2
    )
    return mean + shift - lag


def _new_moon_day(k: int) -> int:
    return floor(_new_moon(k) + 0.5 + _ZONE / 24)


def _sun_sector(julian: int) -> int:
    """Return which twelfth of its way (0 = spring equinox) the sun is in at a day's midnight."""
    t = (julian - 0.5 - _ZONE / 24 - 2451545.0) / 36525
    rad = pi / 180
    mean = 357.52910 + 35999.05030 * t - 0.0001559 * t**2 - 0.00000048 * t**3
    length = 280.46645 + 36000.76983 * t + 0.0003032 * t**2
    centre = (
        (1.914600 - 0.004817 * t - 0.000014 * t**2) * sin(rad * mean)
        + (0.019993 - 0.000101 * t) * sin(2 * rad * mean)
        + 0.000290 * sin(3 * rad * mean)
    )
    return floor(((length + centre) * rad % (2 * pi)) / pi * 6)


def _month_eleven(year: int) -> int:
    """Return the first day of the lunar month that holds the winter solstice."""
    k = floor((_julian(date(year, 12, 31)) - 2415021) / 29.530588853)
    start = _new_moon_day(k)
    return _new_moon_day(k - 1) if _sun_sector(start) >= 9 else start


def _leap_offset(month_eleven: int) -> int:
    """Return which month after the eleventh is the leap one (it holds no new sector)."""
    k = floor((month_eleven - 2415021.076998695) / 29.530588853 + 0.5)
    last, i = -1, 1
    sector = _sun_sector(_new_moon_day(k + i))
    while sector != last and i < 14:
        last, i = sector, i + 1
        sector = _sun_sector(_new_moon_day(k + i))
    return i - 1


def solar_date(year: int, month: int, day: int) -> date:
    """Return the solar date of a day of an ordinary lunar month of lunar year `year`."""
    start, end = (
        (_month_eleven(year - 1), _month_eleven(year))
        if month < 11
        else (_month_eleven(year), _month_eleven(year + 1))
    )
    offset = month - 11 if month >= 11 else month + 1
    if end - start > 365 and offset >= _leap_offset(start):
        offset += 1
    k = floor(0.5 + (start - 2415021.076998695) / 29.530588853)
    return _day(_new_moon_day(k + offset) + day - 1)


def tet(year: int) -> date:
    """Return the first day of lunar year `year` (Mùng 1 Tết)."""
    return solar_date(year, 1, 1)


def eve_of_tet(year: int) -> date:
    """Return the last day of the lunar year before."""
    return tet(year) - timedelta(days=1)
