"""The closed words of the library and of case files (contract, sections 1 and 2)."""

from __future__ import annotations

SUBSTANCES = ("hydroxocobalamin", "cyanocobalamin", "mecobalamin")
ROUTES = ("intramuscular", "subcutaneous", "intravenous", "oral", "nasal", "sublingual")
ROUTE_SHORT = {"im": "intramuscular", "sc": "subcutaneous", "iv": "intravenous"}
INJECTIONS = frozenset({"intramuscular", "subcutaneous", "intravenous"})
# Doses by these routes taken more often than weekly are a course: nobody records them one by one.
COURSE_ROUTES = frozenset({"oral", "sublingual"})

LEVELS = ("primary", "secondary", "article", "recalled")  # best first
STATUSES = ("current", "superseded", "withdrawn")
# In the order in which a proposal ranks them.
PROTOCOL_KINDS = ("formulary", "label", "guideline", "local_guideline", "review", "programme", "trial", "article")
SOURCE_KINDS = (
    "label", "formulary", "guideline", "local_guideline", "review", "trial", "compendium", "textbook", "laboratory",
    "code_list", "regulator_notice", "patient_information", "commentary", "case_report", "article", "not_checked",
    "arithmetic",
)  # fmt: skip
# What a note is about. The first three are what a source says about whom and when a dose is for, and how it can be had.
# Where records with an id stand that are no protocol: file, key, and the word for one; the first is told first.
KINDS = (
    ("sources.yaml", "sources", "source"), ("products.yaml", "products", "product"), ("markers.yaml", "markers", "marker"),
    ("facts.yaml", "facts", "fact"), ("thresholds.yaml", "thresholds", "threshold"), ("assessment/bands.yaml", "bands", "band"),
    ("assessment/rules.yaml", "rules", "rule"), ("assessment/rules.yaml", "follow_up", "follow-up"), ("assessment/lists.yaml", "lists", "list"), ("cautions.yaml", "cautions", "caution"),
    ("contradictions.yaml", "contradictions", "contradiction"), ("disagreements.yaml", "disagreements", "disagreement"),
    ("interference.yaml", "interferences", "interference"), ("response.yaml", "responses", "response"),
    ("red_flags.yaml", "red_flags", "warning sign"), ("asked/signs.yaml", "signs", "warning sign"), ("misstatements.yaml", "misstatements", "misstatement"),
    ("precautions.yaml", "precautions", "check"), ("precautions.yaml", "program_checks", "check"), ("countries.yaml", "countries", "country"),
)  # fmt: skip
NOTE_KINDS = ("dose", "population", "availability", "history", "practice")
CAVEAT_KINDS = NOTE_KINDS[:3]
SEVERITIES = ("block", "acknowledge", "note")
WAITS, GOES_ON = "waits", "goes_on"
NEXT_DOSE = (WAITS, GOES_ON)  # while an alarm is open, does the next dose wait for its answer?
ENDS = ("doses", "duration", "total", "decision", "never", "not_stated")
ANCHORS = ("plan_start", "first_dose", "phase_start", "last_dose", "decision")

LIFELONG_CAUSES = ("pernicious_anaemia", "total_gastrectomy", "transcobalamin_deficiency", "inborn_error")
NOT_STATED = "not_stated"
