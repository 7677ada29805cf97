"""Forms a case file may have, events of every kind with any text, and how a text may differ from the one before."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.yaml"))
TOP = "# first\ncobalamin: 1   # beside\npatient: {id: \"Zoë 😀\", birth_date: 1958-03-02, country: GB}\n"  # fmt: skip
ONE = "{date: 2025-12-29, kind: result, marker: potassium, value: 3.90 mmol/L}"
TWO = "{date: 2025-12-30, kind: omission, reason: declined}"
LINES = f"record:\n  - {ONE}   # the zero\n  - {TWO}\n"
LAST = "facts:\n  # asked by phone\n  vegan: absent\n"

GROWING = {
    "no record": TOP + LAST,
    "no record, comments last": TOP + LAST + "  # weight: 62 kg\n# the end\n",
    "no record, document marks": "%YAML 1.1\n---\n" + TOP + "...\n# after\n",
    "no record, indented as a whole": "".join(f"   {line}\n" for line in (TOP + LAST).splitlines()),
    "nothing under record": TOP + "record:\n" + LAST,
    "only comments under record": TOP + "record:   # none yet\n  # one line each\n\n  # like this\n\n# facts\n" + LAST,
    "nothing under record, at the end": TOP + "record:",
    "flow entries": TOP + LINES,
    "record in the middle": TOP + LINES + "\n# what is known\n" + LAST,
    "record first": LINES + TOP,
    "comments after the last entry": TOP + LINES + "  # after the second\n\n    # deeper\n# not of the list\n\n" + LAST,
    "no final line end": TOP + LINES.rstrip("\n"),
    "a comment without a final line end": TOP + LINES + "# the end",
    "zero indentation": TOP + f"record:\n- {ONE}\n- {TWO}\n" + LAST,
    "zero indentation at the end": TOP + f"record:\n- {ONE}\n# the end\n",
    "deep indentation": TOP + f"record:\n          - {ONE}\n          - {TWO}  # x\n" + LAST,
    "block entries": TOP + "record:\n  - date: 2025-12-29\n    kind: symptoms\n    own:\n      Kribbeln: 4\n    red_flags:\n    - new_vision_loss\n" + LAST,
    "block entries, zero indentation": TOP + "record:\n- kind: hold\n  date: 2026-01-01\n  reason: >-\n    waits\n    # for the result\n\n\n" + LAST,
    "a dash on its own line": TOP + "record:\n  -\n    kind: hold\n    date: 2026-01-01\n  # end\n",
    "a text of several lines last": TOP + "record:\n  - date: 2026-01-01\n    kind: hold\n    note: |+\n      - {not: an entry}\n      # not a comment\n\n\n" + LAST,
    "an entry over two lines": TOP + "record:\n  - {date: 2026-01-01, kind: hold,\n     reason: waits}  # x\n" + LAST,
    "words over two lines": TOP + "record:\n  - date: 2026-01-01\n    kind: hold\n    reason: waits\n      for the result\n" + LAST,
    "tabs in comments": TOP + f"record: #\ta\tb\n  - {ONE} #\tc\t\n  #\td\n" + LAST,
    "blank lines between": TOP + f"\n\nrecord:\n\n  - {ONE}\n\n\n  - {TWO}\n\n\n",
    "a quoted key": TOP + f'"record":\n  - {ONE}\n',
    "an explicit key": TOP + f"? record\n: - {ONE}\n  - {TWO}\n",
    "a record that speaks of records": TOP + "record:\n  - {date: 2026-01-01, kind: hold, reason: 'record: []'}\n# record:\n",
    "brackets on one line": TOP + f"record: [{ONE}, {TWO}]   # all\n" + LAST,
    "brackets on the next line": TOP + f"record:\n  [ {ONE} ]\n" + LAST,
    "a file in brackets": f"{{cobalamin: 1, patient: {{id: x}}, record: [{ONE}]}}\n",
    "a file in brackets without a record": "{cobalamin: 1, patient: {id: x}}",
    "brackets over several lines around": f"{{cobalamin: 1,\n patient: {{id: x}},\n record: [{ONE}]}}\n",
    "halves of a character": TOP.replace("😀", "\\ud83d\\ude00 \\\\ud83d\\\\ude00") + LINES,
}  # fmt: skip
GROWING |= {f"{name}, Windows": text.replace("\n", "\r\n") for name, text in GROWING.items()}
GROWING |= {
    f"{name}, Macintosh": text.replace("\n", "\r") for name, text in [*GROWING.items()] if "Windows" not in name
}
GROWING["line ends of two kinds"] = (TOP + LINES).replace("\n", "\r\n") + LAST
REPLACED = {
    "an empty list": TOP + "record: []\n",
    "an empty list with a comment": TOP + "record: [  ]   # none yet\n  # one line each\n" + LAST,
    "an empty list on the next line": TOP + "record:\n  []\n" + LAST,
    "an empty text": TOP + "record: ''  # none\n" + LAST,
    "a trailing comma": TOP + f"record: [{ONE}, ]\n" + LAST,
    "a file in brackets with an empty record": "{cobalamin: 1, patient: {id: x}, record: [ ], facts: {}}",
}
CASE: dict[str, Any] = {
    "cobalamin": 1,
    "patient": {"id": "Zoë \u200b😀\U000e0067"},
    "facts": {"vegan": "absent"},
    "record": [{"date": "2025-12-29", "kind": "symptoms", "tiredness": 7}],
}
JSON = {
    "indented": json.dumps(CASE, indent=2, ensure_ascii=False),
    "escaped": json.dumps(CASE),
    "with tabs, Windows": json.dumps(CASE, indent="\t").replace("\n", "\r\n"),
    "without a record": '{"cobalamin":1,"patient":{"id":"x"}}',
    "with an empty record": '{"cobalamin":1,"record":[],"patient":{"id":"x"}}',
    "numbers that keep their zeros": '{"cobalamin":1,"patient":{"id":3.90},"record":[{"date":"2025-12-29","kind":"hold","note":1e5}]}',
}
REFUSED = {
    "brackets over several lines": TOP + f"record: [\n  {ONE},\n  {TWO}\n]\n",
    "empty brackets over several lines": TOP + "record: [\n  # none\n]\n",
    "a file in brackets over several lines": "{cobalamin: 1,\n patient: {id: x}}\n",
}


def only_grew(before: str, after: str) -> bool:
    """Whether `after` is `before` with something put in at one place."""
    kept = next((at for at, (old, new) in enumerate(zip(before, after, strict=False)) if old != new), len(before))
    return len(after) > len(before) and after.endswith(before[kept:])


# -- events ----------------------------------------------------------------------------------------------------------

WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30).filter(str.strip)
DAYS = st.dates(min_value=date(1960, 1, 1)).map(str).filter(lambda day: day < "2399")
SCORES = st.integers(0, 10).map(str)


def _of(kind: str, needed: dict[str, Any], more: dict[str, Any] | None = None) -> st.SearchStrategy[dict[str, Any]]:
    texts = dict.fromkeys(("by", "note", "time", "zone"), WORDS)
    optional = {**texts, "id": st.from_regex(r"[a-z][a-z0-9]{12}", fullmatch=True), **(more or {})}
    return st.fixed_dictionaries(
        {"date": DAYS, "kind": st.just(kind), **needed},
        optional={key: value for key, value in optional.items() if key not in needed},
    )


SIMPLE = st.one_of(
    _of("administration", {"as_planned": st.just("true")}, {"batch": WORDS, "expires_on": st.just("2027-02"), "authority": st.fixed_dictionaries({"by": WORDS})}),
    _of("administration", {"substance": st.just("cyanocobalamin"), "dose": st.sampled_from(["1 mg", "250\u00a0µg"]), "route": st.just("im")}),
    _of("symptoms", {"own": st.dictionaries(WORDS, SCORES, min_size=1, max_size=3)}, {"balance": SCORES, "red_flags": st.just(["new_vision_loss"])}),
    _of("result", {"marker": st.just("potassium"), "value": st.sampled_from(["3.90 mmol/L", "<3 mmol/L"])}, {"laboratory": WORDS, "method": WORDS}),
    _of("decision", {"decision": st.just("stop"), "by": WORDS, "reason": WORDS}),
    _of("history", {"phase": WORDS, "last_dose": st.just("unknown")}),
    _of("plan", {"protocol": st.just("uk-bnf-noneuro"), "version": st.just("1"), "start": DAYS}, {"choices": st.just({"maintenance_interval": "3 mo"})}),
)  # fmt: skip
EVENTS = st.one_of(SIMPLE, _of("correction", {"withdraws": WORDS, "replaced_by": SIMPLE}))
