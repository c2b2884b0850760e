"""What the frame asks of parts above it; each is set once, from the wiring or `AppConfig.ready`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class AgencyChoice:
    """One agency a person may work in, as the switch in the top bar shows it."""

    id: int
    name: str
    detail: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class AgencySwitch:
    """The agencies of a person, and the address a choice is posted to (field `agency`)."""

    choices: tuple[AgencyChoice, ...]
    url_name: str


@dataclass(frozen=True, slots=True)
class SearchBox:
    """The common search: a page taking `q` by GET, and the address of suggestions if any."""

    url_name: str
    placeholder: Any
    suggest_url_name: str = ""


@dataclass(frozen=True, slots=True)
class Bell:
    """New notices of the person, and the page that lists them."""

    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Onward:
    """The work that waits for the person next, shown after an act so that nobody has to look for it."""

    title: str
    step: str
    url: str


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that the administrator of the system should see on every page, and where it is."""

    text: str
    url_name: str
    label: str


@dataclass(frozen=True, slots=True)
class AccountLink:
    """A place in the menu of the account; some are for administrators of the system only."""

    label: Any
    url_name: str
    icon: str
    for_system_admin: bool = False


AgencySource = Callable[[HttpRequest], AgencySwitch | None]
BellSource = Callable[[HttpRequest], Bell | None]
OnwardSource = Callable[[HttpRequest], Onward | None]
FirstSetup = Callable[..., Any]
SetupDone = Callable[[], bool]
LongWork = Callable[[], str]
WarningSource = Callable[[], Alert | None]

_agency_source: AgencySource | None = None
_bell_source: BellSource | None = None
_onward_source: OnwardSource | None = None
_search: SearchBox | None = None
_long_work: LongWork | None = None
_first_setup: FirstSetup | None = None
_setup_done: SetupDone | None = None
_agency_kinds: Mapping[str, Any] = {}
_warning: WarningSource | None = None
_account_links: dict[str, AccountLink] = {}


def connect_agencies(source: AgencySource) -> None:
    """Set who answers with the agencies of the signed-in person."""
    global _agency_source
    _agency_source = source


def connect_bell(source: BellSource) -> None:
    """Set who answers with the count of new notices."""
    global _bell_source
    _bell_source = source


def connect_onward(source: OnwardSource) -> None:
    """Set who answers with the work that waits for the person next."""
    global _onward_source
    _onward_source = source


def search_box(box: SearchBox) -> None:
    """Show the search form in the top bar; without this call it is left out."""
    global _search
    _search = box


def connect_first_setup(setup: FirstSetup, *, is_done: SetupDone, kinds: Mapping[str, Any]) -> None:
    """Set the service behind the first-run page and the question whether an agency exists.

    `setup` takes the keyword arguments of `forms.SetupForm.values()` and `now`; `kinds` names the
    kinds an agency may be of, by code.
    """
    global _first_setup, _setup_done, _agency_kinds
    _first_setup, _setup_done, _agency_kinds = setup, is_done, kinds


def connect_long_work(source: LongWork) -> None:
    """Set who says what long work is under way; an empty text shows nothing."""
    global _long_work
    _long_work = source


def long_work() -> str:
    """Return the sentence about long work under way, or nothing."""
    return _long_work() if _long_work else ""


def connect_warning(source: WarningSource) -> None:
    """Set who says what the administrator of the system should see at once."""
    global _warning
    _warning = source


def warning() -> Alert | None:
    """Return what the administrator of the system should see at once, or None."""
    return _warning() if _warning else None


def register_account_link(link: AccountLink) -> None:
    """Add a place to the menu of the account; the same address again replaces it."""
    _account_links[link.url_name] = link


def account_links(*, is_system_admin: bool) -> tuple[AccountLink, ...]:
    """Return the places of the account's menu for a person."""
    return tuple(
        link for link in _account_links.values() if is_system_admin or not link.for_system_admin
    )


def agencies_of(request: HttpRequest) -> AgencySwitch | None:
    """Return the switch of the top bar, or None where nobody answers."""
    return _agency_source(request) if _agency_source else None


def bell_of(request: HttpRequest) -> Bell | None:
    """Return the bell of the top bar, or None where nobody answers."""
    return _bell_source(request) if _bell_source else None


def onward_of(request: HttpRequest) -> Onward | None:
    """Return the work that waits for the person next, or None where nobody answers."""
    return _onward_source(request) if _onward_source else None


def search_form() -> SearchBox | None:
    """Return the search form of the top bar, or None."""
    return _search


def first_setup() -> FirstSetup | None:
    """Return the service behind the first-run page, or None before the wiring set it."""
    return _first_setup


def agency_kinds() -> tuple[tuple[str, Any], ...]:
    """Return the kinds of agencies as a form's choices."""
    return tuple(_agency_kinds.items())


def setup_is_open() -> bool:
    """Say whether the first-run page still works: a service is there and no agency exists."""
    return bool(_first_setup and _setup_done and not _setup_done())


def choices_of(switch: AgencySwitch | None) -> Sequence[AgencyChoice]:
    """Return the agencies of a switch, or nothing."""
    return switch.choices if switch else ()
