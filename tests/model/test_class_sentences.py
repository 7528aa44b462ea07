"""What a class types first: the list. `python -m tests.model.report_class` judges a model."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.model.class_sentences import ClassSentence, read_class_sentences

SENTENCES = read_class_sentences()


def test_there_are_120_a_quarter_of_them_famous() -> None:
    assert len({one.source for one in SENTENCES}) == len(SENTENCES) == 120
    kinds = Counter(one.kind for one in SENTENCES)
    assert kinds["famous"] == 30
    assert min(kinds.values()) >= 5


@pytest.mark.parametrize("one", SENTENCES, ids=lambda one: one.source)
def test_the_first_of_every_choice_is_accepted(one: ClassSentence) -> None:
    """The patterns are well formed, and French as it is set: no double space, none before a dot."""
    for accepted in one.accepted:
        output = first_of_every_choice(accepted)
        assert one.accepts(output)
        assert "  " not in output
        assert " ." not in output
        assert output == output.strip()
        assert not one.accepts(output + "x")


def first_of_every_choice(accepted: str) -> str:
    while "(" in accepted:
        start = accepted.rindex("(")
        end = accepted.index(")", start)
        chosen = accepted[start + 1 : end].split("|")[0]
        accepted = accepted[:start] + chosen + accepted[end + 1 :]
    return accepted


def test_only_what_is_listed_is_accepted() -> None:
    one = ClassSentence("", "", ("Le (chat|chien) dort.", "Il dort(.|)"))
    good = ["Le chat dort.", "Le chien dort.", "Il dort.", "Il dort"]
    assert all(one.accepts(text) for text in good)
    bad = ["Le rat dort.", "Le chat dort", "le chat dort.", "Le chat dortx", "Il dort. Il dort."]
    assert not any(one.accepts(text) for text in bad)
