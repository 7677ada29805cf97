"""`propose --ask`: one question at a time, "don't know" always allowed, and at the end a case file."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from command_line import DAY, PYTHON_FAILURE, Run, everything_in, nothing_written

from hazards import hazard

Command = Callable[..., Run]
BOXES = "Does any of these apply?"
NOT_KNOWN = ""
NONE_OF_THEM = "0"
OF_A_BOX = {
    "allergy_cobalamin", "allergy_cobalt", "allergy_benzyl_alcohol", "allergy_parabens", "optic_disease", "renal_impairment",
    "anticoagulation", "thrombocytopenia", "nitrous_oxide_exposure", "pregnancy", "folic_acid", "polycythaemia_vera",
    "medicines",
}  # fmt: skip


class Person:
    """Answers questions by their words, with the words of an answer or a number; keeps what was asked."""

    def __init__(self, answers: dict[str, str], ends_after: int | None = None) -> None:
        self.answers, self.ends_after = answers, ends_after
        self.asked: list[str] = []

    def __call__(self, question: str) -> str | None:
        if len(self.asked) == self.ends_after:
            return None
        self.asked.append(question)
        assert len(self.asked) < 200, "it never stops asking"
        answer = next((answer for words, answer in self.answers.items() if words in question), NOT_KNOWN)
        numbered = re.findall(r"(\d+)  (.+)", question)
        return next((number for number, words in numbered if answer and words.startswith(answer)), answer)


def one_by_one(*typed: str) -> Callable[[str], str]:
    """These answers in their order, and nothing after them."""
    left = list(typed)
    return lambda _question: left.pop(0) if left else NOT_KNOWN


KNOWN = {
    "Country": "gb",
    "Date of birth": "1958-03-02",
    "deficiency confirmed": "confirmed",
    "cause of the deficiency": "pernicious anaemia",
    "neurological involvement": "absent",
    "Is there anaemia": "mild",
    "vegan": "absent",
    "been given before": "none",
    BOXES: NONE_OF_THEM,
}


def facts_in(path: Path) -> dict[str, Any]:
    facts: dict[str, Any] = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader).get("facts") or {}
    return facts


def ask(run: Command, path: Path, answers: dict[str, str], *options: str) -> tuple[Run, Person]:
    person = Person(answers)
    return run("propose", path, "--ask", *DAY, *options, answers=person), person


def test_answers_become_a_case_file_and_a_proposal(run: Command, tmp_path: Path) -> None:
    file = tmp_path / "anna.yaml"
    answer, _ = ask(run, file, KNOWN)
    assert (answer.code, answer.err) == (0, "")
    assert [path.name for path in tmp_path.iterdir()] == ["anna.yaml"]
    assert run("check", file).code == 0
    written = yaml.load(file.read_text("utf-8"), Loader=yaml.BaseLoader)
    assert written["patient"] == {"id": "anna", "birth_date": "1958-03-02", "country": "GB"}
    assert written["facts"].items() >= {
        "deficiency": "confirmed", "cause": "pernicious_anaemia", "neurological_involvement": "absent", "anaemia": "mild", "allergy_cobalt": "absent", "optic_disease": "none",
    }.items()  # fmt: skip
    assert "unknown" not in {written["facts"][name] for name in OF_A_BOX}
    proposed = run("propose", file, *DAY)
    assert proposed.code == 0
    assert answer.out.endswith(proposed.out)
    assert "1. uk-bnf-noneuro" in proposed.out


@hazard("H10")
def test_the_most_decisive_question_comes_first(run: Command, tmp_path: Path) -> None:
    _, person = ask(run, tmp_path / "case.yaml", {})
    assert "neurological involvement" in person.asked[2]


@hazard("H07")
@pytest.mark.parametrize("options", [[], ["--plain"]])
def test_not_known_everywhere_is_recorded_and_not_asked_again(run: Command, tmp_path: Path, options: list[str]) -> None:
    file = tmp_path / "case.yaml"
    answer, first = ask(run, file, {"Country": "GB", "Date of birth": "1958-03-02"}, *options)
    assert answer.code == 4
    assert len(first.asked) > 5
    facts = facts_in(file)
    assert facts.keys() >= {"deficiency", "cause", "neurological_involvement", "anaemia", *OF_A_BOX}
    assert set(facts.values()) == {"unknown"}, "a key that was pressed too soon has cleared something"
    assert run("check", file).code == 0
    with nothing_written(tmp_path):
        again, second = ask(run, file, {})
    assert second.asked == []
    assert again.code == 4
    assert run("propose", file, *DAY, "--json").document["needs"] == []


def test_a_date_of_birth_that_is_not_known_is_not_asked_again(run: Command, tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    ask(run, file, {})
    assert run("check", file).code == 0
    assert run("propose", file, *DAY, "--json").document["needs"] == []


def test_input_that_ends_early_loses_no_answer_wherever_it_ends(run: Command, tmp_path: Path) -> None:
    _, whole = ask(run, tmp_path / "whole.yaml", KNOWN)
    questions = len(whole.asked)
    assert questions > 6
    for number in range(questions):
        folder = tmp_path / str(number)
        folder.mkdir()
        answer = run("propose", folder / "case.yaml", "--ask", *DAY, answers=Person(KNOWN, ends_after=number))
        assert answer.code == 2
        if number < 2:  # country and date of birth make a case
            assert "nothing was written" in answer.err
            assert everything_in(folder) == {}
            continue
        assert f"cobalamin propose {folder / 'case.yaml'} --ask" in answer.err
        _, rest = ask(run, folder / "case.yaml", KNOWN)
        assert len(rest.asked) <= questions - number + 1  # one question with boxes may be asked once more
        assert run("propose", folder / "case.yaml", *DAY, "--json").document["needs"] == []


@pytest.mark.parametrize("typed", ["2126-03-02", "1958-13-02"])
def test_a_birth_date_that_cannot_be_is_asked_again(run: Command, tmp_path: Path, typed: str) -> None:
    file = tmp_path / "case.yaml"
    answer = run("propose", file, "--ask", *DAY, answers=one_by_one("England", typed, "1958-03-02"))
    assert answer.code == 4, answer.err
    assert "country: GB" in file.read_text("utf-8")
    assert "birth_date: 1958-03-02" in file.read_text("utf-8")
    assert f"cobalamin plan {file} --protocol ID --start DATE" in answer.out


def test_a_word_that_is_no_answer_is_asked_again_with_the_words_that_are(run: Command, tmp_path: Path) -> None:
    answers = one_by_one("Atlantis", "GB", "1958-03-02", "female", "confirmed")
    answer = run("propose", tmp_path / "case.yaml", "--ask", *DAY, answers=answers)
    told = " ".join(answer.out.split())
    assert "'Atlantis' is no country code; type two letters, for example GB" in told
    assert "'female' is no answer to this question; type a number from 1 to" in told
    assert answer.code == 4


def test_an_interrupt_loses_no_answer(run: Command, tmp_path: Path) -> None:
    class Interrupting(Person):
        def __call__(self, question: str) -> str | None:
            if len(self.asked) == 4:
                raise KeyboardInterrupt
            return super().__call__(question)

    file = tmp_path / "case.yaml"
    answer = run("propose", file, "--ask", *DAY, answers=Interrupting(KNOWN))
    assert answer.code == 2
    assert f"stopped; what was answered until then is written to {file}" in answer.err
    assert run("check", file).code == 0


def test_input_that_ends_early_leaves_an_existing_case_readable(run: Command, case_file: Callable[..., Path]) -> None:
    file = case_file("cobalamin: 1\npatient: {id: x, birth_date: 1958-03-02}\nfacts:\n  # nothing yet\n")
    answer = run("propose", file, "--ask", *DAY, answers=Person({}, ends_after=2))
    assert answer.code == 2
    assert "what was answered until then is written" in answer.err
    assert run("check", file).code == 0
    assert len(facts_in(file)) == 2


def test_a_process_is_driven_by_lines(cobalamin: Command, tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    answer = cobalamin("propose", file, "--ask", *DAY, answers="GB\n1958-03-02\n" + "\n" * 60)
    assert answer.code == 4
    assert f"{file} is written." in answer.out
    assert cobalamin("check", file).code == 0


@pytest.mark.parametrize(
    "answers", [b"\xff\xfe\n", b"GB\n1958-03-02\n\xe9\n", b"\x00\n", b"\x1b[A\n", b"GB\n" + b"9" * 5000 + b"\n"]
)
def test_bytes_that_are_no_text_are_no_failure(cobalamin: Command, tmp_path: Path, answers: bytes) -> None:
    answer = cobalamin("propose", tmp_path / "case.yaml", "--ask", *DAY, answers=answers)
    assert PYTHON_FAILURE not in answer.err
    assert answer.code in (2, 3)
    assert everything_in(tmp_path) == {} or cobalamin("check", tmp_path / "case.yaml").code == 0


# -- the boxes -------------------------------------------------------------------------------------------------------


def test_contraindications_are_one_question_with_boxes(run: Command, tmp_path: Path) -> None:
    _, person = ask(run, tmp_path / "case.yaml", KNOWN)
    boxes = [question for question in person.asked if BOXES in question]
    assert len(boxes) == 1
    assert boxes[0].count("[ ]") == 9
    for words in (
        "allergy",
        "Leber",
        "kidney",
        "blood thinner",
        "nitrous oxide",
        "pregnan",
        "folic acid",
        "polycythaemia",
        "metformin",
    ):
        assert words in boxes[0]
    others = "".join(question for question in person.asked if BOXES not in question)
    for words in (
        "Is there an allergy",
        "Leber hereditary",
        "kidney function",
        "anticoagulant",
        "platelet",
        "planning a pregnancy",
    ):
        assert words not in others


@pytest.mark.parametrize(
    ("box", "follow_up", "told", "facts"),
    [
        ("Leber", "Leber hereditary optic neuropathy or", "Leber", {"optic_disease": "leber_hereditary_optic_neuropathy"}),
        ("kidney", "kidney function", "present", {"renal_impairment": "present"}),
        ("pregnancy", "planning a pregnancy", "planning", {"pregnancy": "planning"}),
        ("an allergy", "allergy to cobalt", "present", {"allergy_cobalt": "present", "allergy_parabens": "unknown", "allergy_cobalamin": "unknown"}),
        ("a blood thinner", "anticoagulant", "present", {"anticoagulation": "present", "thrombocytopenia": "unknown"}),
        ("folic acid", "folic acid taken", "started", {"folic_acid": "started_before_b12"}),
        ("metformin", "Which of these medicines", "3, 2", {"medicines": ["metformin", "ppi"]}),
        ("metformin", "Which of these medicines", "ppi 2", {"medicines": ["metformin", "ppi"]}),
        ("metformin", "Which of these medicines", "none", {"medicines": "none"}),
        ("metformin", "Which of these medicines", "", {"medicines": "unknown"}),
    ],
)  # fmt: skip
def test_a_ticked_box_asks_for_its_facts_and_the_others_are_absent(
    run: Command, tmp_path: Path, box: str, follow_up: str, told: str, facts: dict[str, str | list[str]]
) -> None:
    file = tmp_path / "case.yaml"
    answers = {**KNOWN, BOXES: box, follow_up: told}
    answer, person = ask(run, file, answers)
    assert answer.code in (0, 1, 4)
    assert any(follow_up in question for question in person.asked)
    written = facts_in(file)
    assert {name: written[name] for name in facts} == facts
    others = {
        written[name] for name in OF_A_BOX - set(facts) if not (box == "an allergy" and name.startswith("allergy"))
    }
    assert others == {"absent", "none"}


@hazard("H07")
@pytest.mark.parametrize("tick", ["01", "3 03", "0 3", "3,0", "+3", "３", "3.", "10", "all", "-1", "?", "x"])
def test_a_tick_that_can_be_read_in_two_ways_never_clears_an_allergy(run: Command, tmp_path: Path, tick: str) -> None:
    """Box 3 is the allergies. Whatever is made of such an answer, no box that its digits name is recorded as absent."""
    file = tmp_path / "case.yaml"
    person = Person({**KNOWN, BOXES: tick}, ends_after=40)
    answer = run("propose", file, "--ask", *DAY, answers=person)
    asked_again = sum(BOXES in question or "must be" in question for question in person.asked) > 1
    if answer.code == 2:
        assert asked_again
        return
    written = facts_in(file)
    named = {"allergy_cobalt"} if "3" in tick else {"optic_disease"}
    assert not {written[name] for name in named} & {"absent", "none"}


def test_what_is_known_already_is_not_asked_in_a_box(run: Command, case_file: Callable[..., Path]) -> None:
    head = "cobalamin: 1\npatient: {id: x, birth_date: 1958-03-02, country: GB}\n"
    file = case_file(f"{head}facts:\n  allergy_cobalt: absent\n  pregnancy: none\n")
    _, person = ask(run, file, {BOXES: "an allergy"})
    assert not any("allergy to cobalt?" in question for question in person.asked)
    assert facts_in(file)["allergy_cobalt"] == "absent"
    assert facts_in(file)["allergy_parabens"] == "unknown"


# -- wrong answers ---------------------------------------------------------------------------------------------------


def test_wrong_answers_are_told_and_asked_again(run: Command, tmp_path: Path) -> None:
    """Each question is answered wrongly first; the third time it is right."""
    wrong = {
        "Country": ["GBR", "G1"],
        "Date of birth": ["1958-02-30", "02/03/58"],
        "neurological involvement": ["0", "4"],
        "deficiency confirmed": ["perhaps", "-1"],
        "cause of the deficiency": ["1 2", "1."],
        BOXES: ["99", "none"],
    }
    right = Person(KNOWN)
    last = [""]

    def person(question: str) -> str | None:
        known = next((words for words in wrong if words in question), "")
        last[0] = known or last[0]
        if wrong.get(last[0]):
            right.asked.append(question)
            return wrong[last[0]].pop(0)
        return (
            right(question if known else f"{asked_before[last[0]]}{question}")
            if last[0] in asked_before
            else right(question)
        )

    asked_before = {
        "Country": "Country", "Date of birth": "Date of birth", BOXES: BOXES,
        "neurological involvement": "neurological involvement\n  2  absent\n", "deficiency confirmed": "deficiency confirmed\n  1  confirmed\n",
        "cause of the deficiency": "cause of the deficiency\n  1  pernicious anaemia\n",
    }  # fmt: skip
    file = tmp_path / "case.yaml"
    answer = run("propose", file, "--ask", *DAY, answers=person)
    assert answer.code == 0, answer.err
    assert not any(wrong.values()), "a wrong answer was taken"
    told = "".join(right.asked)
    for words in (
        "'1958-02-30' does not exist",
        "'02/03/58' needs its year with four digits",
        "'0' is no answer to this question",
        "'99' must be",
    ):
        assert words in told
    assert facts_in(file)["neurological_involvement"] == "absent"


@pytest.mark.parametrize(
    ("typed", "kept"), [("30 cm", "30 cm"), ("30cm", "30cm"), ("", "unknown"), ("unknown", "unknown")]
)
def test_an_amount_is_kept_as_typed(run: Command, tmp_path: Path, typed: str, kept: str) -> None:
    file = tmp_path / "case.yaml"
    ask(run, file, {**KNOWN, "cause of the deficiency": "ileal resection", "centimetres of ileum": typed})
    assert facts_in(file)["ileal_resection_length"] == kept


@pytest.mark.parametrize("typed", ["30", "thirty", "0,3 m", "30 cm, vegan: present", "{}", '"', "30 kg", "-30 cm"])
def test_an_amount_that_can_not_be_read_is_asked_again(run: Command, tmp_path: Path, typed: str) -> None:
    answers = iter([typed, "30 cm"])
    person = Person({**KNOWN, "cause of the deficiency": "ileal resection"})

    def length(question: str) -> str | None:
        return next(answers) if "For example 30 cm" in question else person(question)

    file = tmp_path / "case.yaml"
    answer = run("propose", file, "--ask", *DAY, answers=length)
    assert answer.code in (0, 4)
    assert typed in answer.out
    assert facts_in(file)["ileal_resection_length"] == "30 cm"


# -- existing case files ---------------------------------------------------------------------------------------------

HEAD = "# kept: the first line\ncobalamin: 1\npatient: {id: x, birth_date: 1958-03-02, country: GB}   # kept\n"


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param("", id="no facts"),
        pytest.param("facts:\n  deficiency: confirmed   # kept\n  # kept\n", id="facts on lines"),
        pytest.param("facts:   # kept: beside the key\n  deficiency: confirmed\n", id="a comment beside facts"),
        pytest.param("facts:\n    deficiency: confirmed\n    # kept\n", id="four spaces"),
        pytest.param("facts:\n\n  # kept\n  deficiency: confirmed", id="no last line end"),
        pytest.param("facts:\n  # kept: nothing yet\nrecord: []\n", id="only comments"),
        pytest.param("record:\n  - {date: 2026-01-01, kind: hold}   # kept\n", id="a record and no facts"),
        pytest.param("facts:\r\n  deficiency: confirmed   # kept\r\n", id="line ends of Windows"),
        pytest.param(
            "\r".join(("", *HEAD.splitlines(), "facts:", "  deficiency: confirmed   # kept", "")),
            id="line ends of an old Macintosh",
        ),
    ],
)
def test_an_existing_case_keeps_every_line_and_comment(
    run: Command, case_file: Callable[..., Path], facts: str
) -> None:
    whole = HEAD + facts if "cobalamin" not in facts else facts
    file = case_file(whole)
    answer, person = ask(run, file, KNOWN)
    assert answer.code == 0, answer.err
    assert not any("Date of birth" in question for question in person.asked)
    kept = iter(file.read_bytes().decode().splitlines())
    assert all(line in kept for line in whole.splitlines()), "a line is lost, changed or moved"
    assert run("check", file).code == 0
    assert facts_in(file)["cause"] == "pernicious_anaemia"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(HEAD + "facts: {deficiency: confirmed}\n", id="facts on one line"),
        pytest.param('{"cobalamin": 1, "patient": {"id": "x", "birth_date": "1958-03-02"}}', id="JSON"),
        pytest.param(
            '{"cobalamin": 1, "patient": {"id": "x"},\n "facts": {"deficiency": "confirmed"}}', id="JSON with facts"
        ),
    ],
)
def test_a_case_that_can_not_be_added_to_by_line_loses_no_answer(
    run: Command, case_file: Callable[..., Path], content: str
) -> None:
    """Either the answers are written, or nothing is and they are told, so that nobody types them twice."""
    file = case_file(content)
    answer, _ = ask(run, file, KNOWN)
    if answer.code == 0:
        assert facts_in(file)["cause"] == "pernicious_anaemia"
    else:
        assert file.read_text("utf-8") == content
        assert "nothing was written" in answer.err
        assert "cause: pernicious_anaemia" in answer.out + answer.err


def test_a_case_with_nothing_to_ask_is_not_touched(run: Command, copy_of: Callable[..., Path]) -> None:
    file = copy_of()
    with nothing_written(file.parent):
        answer, person = ask(run, file, {})
    assert (answer.code, person.asked) == (0, [])
    assert "is written" not in answer.out


def test_a_bad_case_is_refused_before_the_first_question(run: Command, case_file: Callable[..., Path]) -> None:
    answer, person = ask(run, case_file("cobalamin: 1\npatient: {id: x, sex: f}\n"), {})
    assert (answer.code, person.asked) == (3, [])


def test_a_place_that_can_not_be_written_is_told_before_the_first_question(run: Command, tmp_path: Path) -> None:
    answer, person = ask(run, tmp_path / "nowhere" / "case.yaml", KNOWN)
    assert answer.code == 3
    assert person.asked == [], "every answer that was typed is lost"


def test_asking_leaves_standard_output_to_the_document(run: Command, tmp_path: Path) -> None:
    answers = "GB\n1958-03-02\n" + "\n" * 60
    answer = run("propose", tmp_path / "case.yaml", "--ask", *DAY, "--json", answers=answers)
    assert answer.code == 4
    assert answer.document["options"] == []


def test_plain_words_ask_the_same_questions(run: Command, tmp_path: Path) -> None:
    for number, options in enumerate(([], ["--plain"])):
        run("propose", tmp_path / f"{number}.yaml", "--ask", *DAY, *options, answers="\n" * 80)
    assert facts_in(tmp_path / "0.yaml") == facts_in(tmp_path / "1.yaml")
