"""Pages and documents about what went wrong: one clear sentence a fault, what is safe, and what to do next."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from datetime import date
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from cobalamin.app.documents import plain
from cobalamin.app.documents.inspection import fault_answer
from cobalamin.app.services import shipped
from cobalamin.app.services.files import ChangedMeanwhile
from cobalamin.app.web.frame.field_words import as_typed
from cobalamin.app.web.frame.folder import NoSuchCase
from cobalamin.app.web.frame.site import opened, page, site_of
from cobalamin.errors import Fault, InputError, Refused
from cobalamin.records import replace
from cobalamin.text.days import date_words

UNREADABLE, REFUSED, GONE, DEFECT = 422, 409, 404, 500


def with_faults(answer: Response) -> Response:
    """A form that is shown again because of what was typed; where there is none to show, it leads on as it does."""
    if not isinstance(answer, RedirectResponse):
        answer.status_code = UNREADABLE
    return answer


def in_words(faults: list[Fault]) -> list[Fault]:
    """Faults of a form in the words of the page: the name of a test for that of the file, and no hint on how a file is written."""
    return [replace(fault, message=_in_words(fault.message, fault.path)) for fault in faults]


def _in_words(message: str, path: str) -> str:
    if _NO_SUCH_DAY.search(message) or (_NO_DAY.search(message) and path not in _ONE_FIELD):
        return _text("no_such_day")
    message = _COMMAND.sub("", message)
    message = _DAY.sub(lambda found: date_words(date.fromisoformat(found[0]), shipped.library().own_words), message)
    markers = shipped.library().markers
    return _FILE_WORD.sub(
        lambda found: str(markers[found[0]]["name"]) if found[0] in markers else found[0].replace("_", " "), message
    )


def _text(name: str) -> str:
    return shipped.library().own_words.text(f"web.fault__{name}")


_NO_SUCH_DAY = re.compile(r"^'[\d-]+' does not exist|write it as \d{4}-")
_NO_DAY = re.compile(r"is not a date; write year, month and day")
_ONE_FIELD = ("expires_on",)  # a day or a month that is typed as one text, where that is the help that is needed
_COMMAND = re.compile(
    r"; (?:see `cobalamin [^`]*`|known are .*$|`cobalamin dose .*? a volume holds)"
)  # what is typed where there is a command line
_DAY = re.compile(r"(?<!as )(?<!example )(?<!['\w-])\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?!['\w-])")
_FILE_WORD = re.compile(r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b")


def install(app: FastAPI) -> None:
    for kind, answer in (
        (NoSuchCase, _no_case), (ChangedMeanwhile, _changed), (InputError, _unreadable), (Refused, _refused),
        (RequestValidationError, _not_understood), (HTTPException, _http),
    ):  # fmt: skip
        app.add_exception_handler(kind, answer)


def is_api(request: Request) -> bool:
    return request.url.path.startswith("/api/")


def _document(status: int, faults: list[Fault]) -> Response:
    return JSONResponse({"faults": [plain(fault_answer(fault)) for fault in faults]}, status)


def _page(request: Request, status: int, kind: str, faults: list[Fault] | None = None, **values: Any) -> Response:
    if is_api(request):
        return _document(status, faults or [Fault("", 0, "", kind)])
    return page(
        request,
        "fault",
        code=status,
        kind=kind,
        faults=faults or [],
        **{"name": "", "typed_rows": _typed_rows(request), **values},
    )


# What a page of this address did not find, where it is not the case file.
_NOT_THERE = {
    "/library/{record}": "no_text", "/compare": "no_text", "/case/{name}/question": "no_question",
    "/case/{name}/recorded": "no_entry", "/case/{name}/record/{kind}": "no_form", "/examples/{name}": "no_example",
    "/case/{name}/taken-over": "no_entry",
}  # fmt: skip


def _no_case(request: Request, error: Exception) -> Response:
    if is_api(request):
        return _document(GONE, [Fault(str(error), 0, "", "nothing of that name is in the folder or in the library")])
    route = getattr(request.scope.get("route"), "path", "")
    return _page(request, GONE, "no_case" if _lacks_its_case(request, route) else _NOT_THERE.get(route, "no_case"))


def _lacks_its_case(request: Request, route: str) -> bool:
    """Whether it is the case file itself that is not there."""
    if not route.startswith("/case/"):
        return False
    try:
        site_of(request).folder.path(request.path_params.get("name", ""))
    except NoSuchCase:
        return True
    return False


def _unreadable(request: Request, error: Exception) -> Response:
    faults = error.faults if isinstance(error, InputError) else []
    name = request.path_params.get("name", "")
    there = name and any(fault.file == name for fault in faults)
    if is_api(request) or there:
        return _page(
            request, UNREADABLE, "unreadable" if there else "not_understood", faults, name=name if there else ""
        )
    return _page(request, UNREADABLE, "not_shown" if request.method == "GET" else "not_understood", in_words(faults))


def _refused(request: Request, error: Exception) -> Response:
    return _page(request, REFUSED, "refused", [Fault("", 0, "", line) for line in str(error).split("\n")])


def _not_understood(request: Request, error: Exception) -> Response:
    found = error.errors() if isinstance(error, RequestValidationError) else []
    faults = [Fault("request", 0, ".".join(map(str, each["loc"])), str(each["msg"])) for each in found]
    return _page(request, UNREADABLE, "not_understood", faults)


def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else DEFECT
    kind = "no_page" if status == GONE else "not_understood"
    answer = _page(request, status, kind, [Fault("", 0, "", _text("no_such_page"))] if status == GONE else [])
    answer.headers.update((error.headers or {}) if isinstance(error, HTTPException) else {})
    return answer


def defect(scope: MutableMapping[str, Any]) -> Response:
    """What is answered where this program itself is wrong; nothing of the inside is shown."""
    return _page(Request(scope), DEFECT, "defect")


def _changed(request: Request, _: Exception) -> Response:
    """Two pages of one file: what was typed is shown again, and may be sent on the file as it is now."""
    name = request.path_params.get("name", "")
    sent = _sent(request)
    if is_api(request):
        return _document(REFUSED, [Fault(name, 0, "mark", "the file has changed since; nothing was written")])
    now = opened(request, name)
    return page(
        request,
        "changed",
        now,
        REFUSED,
        sent=sent,
        typed_rows=_typed_rows(request),
        folder=str(site_of(request).folder.root),
    )


def _typed_rows(request: Request) -> list[tuple[str, str]]:
    return as_typed(_sent(request), request.path_params.get("kind", ""))


def _sent(request: Request) -> dict[str, list[str]]:
    """What was typed, so that nobody has to type it again."""
    form = getattr(request.state, "form", None)
    return {key: texts for key, texts in form.values.items() if key != "mark"} if form else {}
