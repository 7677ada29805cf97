"""Text as a QR code: black on white whatever the page, because a camera reads nothing else; drawn here, nothing is fetched."""

from __future__ import annotations

from cobalamin.app.services import extras

MOST = 1200  # signs of a text; a code of more is too fine for the camera of an old telephone
QUIET, SCALE = 4, 4


def code_of(text: str, title: str) -> str:
    """The picture of the code; "" where the package that makes it is missing or the text is too long."""
    if len(text) > MOST or extras.missing("web", "segno"):
        return ""
    import segno

    made = segno.make(text, error="m", micro=False, encoding="utf-8")
    return str(
        made.svg_inline(
            scale=SCALE,
            border=QUIET,
            dark="#000",
            light="#fff",
            title=title,
            svgclass="code",
            lineclass=None,
            omitsize=True,
        )
    )
