"""Pages to read and to weigh: sources side by side, what matters, questions to the library, the library itself."""

from __future__ import annotations

from collections import Counter

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from cobalamin.app.documents import library as library_documents
from cobalamin.app.pictures.timeline import timeline
from cobalamin.app.services import asking, comparing, reviewing, shipped
from cobalamin.app.services.cases import open_case
from cobalamin.app.services.typed import country_code
from cobalamin.app.views.ask import AskBuilder, add_found
from cobalamin.app.views.builder import Builder
from cobalamin.app.views.compare import add_comparison, shown_of
from cobalamin.app.views.library import add_record
from cobalamin.app.views.side_by_side import add_side_by_side
from cobalamin.app.views.whatif import add_what_if
from cobalamin.app.web.frame.blocks import kept, parts
from cobalamin.app.web.frame.folder import NoSuchCase
from cobalamin.app.web.frame.preferences import look_of
from cobalamin.app.web.frame.site import Opened, Site, opened, page, site_of, today, told
from cobalamin.app.web.pages.texts import side_by_side
from cobalamin.errors import CobalaminError, InputError
from cobalamin.spans import Span
from cobalamin.text.days import date_words
from cobalamin.text.safe import entered
from cobalamin.therapy.comparison.comparison import Comparison

routes = APIRouter(include_in_schema=False)
SVG = "image/svg+xml"
MOST_BESIDE = 4  # texts in the short answer about a person
LONGEST_QUESTION, MOST_NAMED, MOST_READ = 500, 10, 100


def _comparison(request: Request, this: Opened, axis: Span) -> Comparison:
    named = [name for name in request.query_params.getlist("protocol") if name][:MOST_NAMED]
    options = comparing.CompareOptions(named=tuple(dict.fromkeys(named)), axis=axis)
    return comparing.compare_for(this.case, options, today(request))


@routes.get("/case/{name}/compare")
def compare(request: Request, name: str) -> Response:
    """Protocols side by side, where they differ and why."""
    this = opened(request, name)
    comparison = _comparison(request, this, comparing.ONE_YEAR)
    screen = told(request, this.country)
    add_side_by_side(screen, shown_of(comparison, False, MOST_BESIDE))
    beside = side_by_side(screen)
    add_comparison(screen, comparison, this.case, False)
    head, *tell = parts(screen)
    lead = [block for block in head.blocks if not beside["drawn"] or block is head.blocks[0]]
    table = [block for block in head.blocks if block not in lead]
    listed = [each for each in shipped.library().protocols() if not each.guidance]
    return page(
        request, "compare", this, screen=screen, lead=lead, head=table, tell=tell, query=request.url.query,
        dated=comparison.dated, protocols=[(each.id, kept(each.title)) for each in listed], **beside,
    )  # fmt: skip


@routes.get("/case/{name}/compare.svg")
def picture(request: Request, name: str) -> Response:
    """The time axes as one printed page."""
    this = opened(request, name)
    drawn = timeline(shipped.library(), _comparison(request, this, comparing.TWO_YEARS), this.case.patient.id)
    return Response(drawn, media_type=SVG)


@routes.get("/case/{name}/whatif")
def what_if(request: Request, name: str) -> Response:
    """The unknown facts that would change the answer, most decisive first."""
    this = opened(request, name)
    screen = told(request, this.country)
    add_what_if(screen, comparing.what_if_for(this.case, today(request)), this.case)
    head, *tell = parts(screen)
    return page(request, "whatif", this, screen=screen, head=head.blocks, tell=tell)


# -- the library -----------------------------------------------------------------------------------------------------


@routes.get("/ask")
def ask(request: Request, q: str = "", country: str = "", case: str = "") -> Response:
    """Cited sentences of the library that answer a question; for a person of the folder also their own dates."""
    this = opened(request, case) if case else None
    own = this.case.patient.country if this else ""
    screen = AskBuilder(shipped.library(), look_of(request).plain, country_code(country) or own or "GB")
    screen.most = 4
    asked = q.strip()[:LONGEST_QUESTION]
    urgent = False
    if asked:
        found = asking.ask(asked, screen.country, this.case if this else None, today(request))
        add_found(screen, found, True)
        urgent = bool(found.urgent)
    names = _people(site_of(request), case)
    return page(
        request, "ask", screen=screen, q=asked, country=screen.country, tell=parts(screen), names=names, chosen=case, urgent=urgent,
        led_by=reviewing.open_matters(this.case, today(request)) if this else (),
    )  # fmt: skip


def _people(site: Site, chosen: str) -> list[tuple[str, str]]:
    """The people of the folder by name and day of birth; a file that can't be read, or stands beyond the first, by its own name."""
    names = site.folder.names()
    told = [(name, _person(site, name)) for name in names[:MOST_READ]] + [(name, name) for name in names[MOST_READ:]]
    often = Counter(words for _, words in told)
    people = [(name, f"{words} ({name})" if often[words] > 1 and words != name else words) for name, words in told]
    return sorted(people, key=lambda each: (each[0] != chosen, each[1].casefold()))


def _person(site: Site, name: str) -> str:
    words = shipped.library().own_words
    try:
        patient = open_case(site.folder.path(name)).patient
    except (CobalaminError, ValueError):
        return name
    born = words.text("web.frame__born", date=date_words(patient.birth_date, words)) if patient.birth_date else ""
    return str(kept(", ".join(filter(None, (entered(patient.id, words), born)))))


@routes.get("/library")
def library(request: Request, country: str = "") -> Response:
    """Every protocol and guidance document."""
    rows, words = library_documents.listing(shipped.library(), country_code(country)), shipped.library().own_words
    every = library_documents.listing(shipped.library(), "")

    def worded(section: str, name: str) -> str:
        return words.find("why", f"{section}__{name}", name.replace("_", " "))

    return page(
        request, "library", rows=rows, country=country, countries=sorted({row.country for row in every}), worded=worded
    )


@routes.get("/library/{record}")
def record(request: Request, record: str) -> Response:
    """One record, as its source says it."""
    screen = Builder(shipped.library(), False, "GB", as_written=True)
    try:
        add_record(screen, record)
    except InputError:
        raise NoSuchCase(record) from None
    source = shipped.library().sources.get(record)
    return page(
        request, "record_of_library", screen=screen, record=record, title=kept(_title(record)), tell=parts(screen),
        address=source.address if source else "",
    )  # fmt: skip


def _title(record: str) -> str:
    """What a record is called; its id where it has no name."""
    known = shipped.library()
    if record in known.ids:
        return known.protocol(record).title
    named = known.sources.get(record)
    if named:
        return named.title
    return known.products[record].name if record in known.products else record


@routes.get("/about")
def about(request: Request) -> Response:
    """What this is, what it is not, and how to use the pages."""
    return page(request, "about")
