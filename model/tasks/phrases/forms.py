"""Said, denied, asked, ordered: the same few things to do in every form of the verb."""

from __future__ import annotations

from random import Random

from .grammar import is_vocalic, sentence
from .tables import read_rows

Pair = tuple[str, str]

_DOINGS = read_rows("doings.tsv")

_SUBJECTS = (
    ("I", "je", 0),
    ("you", "tu", 1),
    ("you", "vous", 4),
    ("he", "il", 2),
    ("she", "elle", 2),
    ("we", "nous", 3),
    ("they", "ils", 5),
    ("Tom", "Tom", 2),
    ("Mary", "Mary", 2),
    ("my brother", "mon frère", 2),
    ("my sister", "ma sœur", 2),
    ("my parents", "mes parents", 5),
    ("the children", "les enfants", 5),
    ("our teacher", "notre professeur", 2),
)
_HAVE = ("ai", "as", "a", "avons", "avez", "ont")
_GO = ("vais", "vas", "va", "allons", "allez", "vont")
_CAN = ("peux", "peux", "peut", "pouvons", "pouvez", "peuvent")
_MUST = ("dois", "dois", "doit", "devons", "devez", "doivent")
_WANT = ("veux", "veux", "veut", "voulons", "voulez", "veulent")
_SHALL = ("ai", "as", "a", "ons", "ez", "ont")
_FUTURE = {"voir": "verr", "faire": "fer", "acheter": "achèter"}
_NO = (("never", "jamais"), ("no longer", "plus"))


def forms(random: Random) -> Pair:
    """One thing to do in one form."""
    english, rest, french, suite = random.choice(_DOINGS)
    base, third, done, ing = english.split()
    *present, participle, infinitive = french.split()
    rest, suite = rest and f" {rest}", suite and f" {suite}"
    none = suite
    for partitive in (" de la ", " de l'", " du ", " une ", " un "):
        if suite.startswith(partitive) and "jou" not in infinitive:
            vowel = is_vocalic(suite.removeprefix(partitive))
            none = (" d'" if vowel else " de ") + suite.removeprefix(partitive)
    who, qui, i = random.choice(_SUBJECTS)
    now, has = present[i], third if i == 2 else base
    do = "does" if i == 2 else "do"
    kind = random.randrange(16)
    if kind == 0:
        return _said(f"{who} {has}{rest}", f"{_with(qui, now)}{suite}")
    if kind == 1:
        not_ = random.choice((f"{do} not", f"{do}n't"))
        return _said(f"{who} {not_} {base}{rest}", f"{_denied(qui, now)} pas{none}")
    if kind == 2:
        never, jamais = random.choice(_NO)
        return _said(f"{who} {never} {has}{rest}", f"{_denied(qui, now)} {jamais}{none}")
    if kind == 3:
        any_more = random.choice(("anymore", "any more"))
        not_ = random.choice((f"{do} not", f"{do}n't"))
        return _said(f"{who} {not_} {base}{rest} {any_more}", f"{_denied(qui, now)} plus{none}")
    if kind == 4:
        have = "has" if i == 2 else "have"
        return _said(
            f"{who} {have} never {done}{rest}",
            f"{_denied(qui, _HAVE[i])} jamais {participle}{none}",
        )
    if kind == 5:
        return _said(f"nobody {third}{rest}", f"personne {_ne(present[2])}{none}")
    if kind == 6:
        stem = _FUTURE.get(infinitive, infinitive.removesuffix("e"))
        will = random.choice(("will", "will not"))
        verb = stem + _SHALL[i]
        if will == "will":
            return _said(f"{who} will {base}{rest} tomorrow", f"{_with(qui, verb)}{suite} demain")
        return _said(f"{who} won't {base}{rest} tomorrow", f"{_denied(qui, verb)} pas{none} demain")
    if kind == 7:
        be = {0: "am", 2: "is"}.get(i, "are")
        if random.random() < 0.5:
            return _said(f"{who} {be} going to {base}{rest}", f"{qui} {_GO[i]} {infinitive}{suite}")
        return _said(f"{who} {be} {ing}{rest}", f"{_with(qui, now)}{suite}")
    if kind == 8:
        can, pouvoir = random.choice((("can", _CAN), ("must", _MUST)))
        if random.random() < 0.5:
            return _said(f"{who} {can} {base}{rest}", f"{qui} {pouvoir[i]} {infinitive}{suite}")
        cannot = "can't" if can == "can" else "must not"
        return _said(
            f"{who} {cannot} {base}{rest}", f"{qui} ne {pouvoir[i]} pas {infinitive}{none}"
        )
    if kind == 9:
        want = "wants" if i == 2 else "want"
        return _said(f"{who} {want} to {base}{rest}", f"{qui} {_WANT[i]} {infinitive}{suite}")
    if kind in (10, 11):
        return _asked(random, who, qui, i, (base, done), rest, now, participle, suite)
    if kind == 12:
        tu, vous = random.random() < 0.5, sentence(base)
        order = _order(present, infinitive, tu)
        please = random.choice(
            ((("", ""),) * 2) + ((", please", ", s'il te plaît" if tu else ", s'il vous plaît"),)
        )
        return f"{vous}{rest}{please[0]}.", f"{sentence(order)}{suite}{please[1]}."
    if kind == 13:
        order = _ne(_order(present, infinitive, random.random() < 0.5))
        dont = random.choice(("Don't", "Do not"))
        end = random.choice((("!", " !"), (".", ".")))
        return f"{dont} {base}{rest}{end[0]}", f"{sentence(order)} pas{none}{end[1]}"
    if kind == 14:
        end = random.choice((("!", " !"), (".", ".")))
        return f"Let's {base}{rest}{end[0]}", f"{sentence(present[3])}{suite}{end[1]}"
    return _never(random, base, rest, present, infinitive, none)


def _never(
    random: Random, base: str, rest: str, present: list[str], infinitive: str, none: str
) -> Pair:
    order = _ne(_order(present, infinitive, random.random() < 0.5))
    return f"Never {base}{rest}.", f"{sentence(order)} jamais{none}."


def _asked(
    random: Random,
    who: str,
    qui: str,
    i: int,
    english: tuple[str, str],
    rest: str,
    now: str,
    participle: str,
    suite: str,
) -> Pair:
    """With do, have, why, when and where; turned round, or with “est-ce que”."""
    word, mot = random.choice(
        (("", ""),) * 3
        + (
            ("why", "pourquoi "),
            ("when", "quand "),
            ("where", "où "),
            ("how often", "combien de fois "),
        )
    )
    perfect = random.random() < 0.25
    verb = _HAVE[i] if perfect else now
    ask = ("has" if i == 2 else "have") if perfect else ("does" if i == 2 else "do")
    ending = f" {participle}{suite}" if perfect else suite
    source = f"{word} {ask} {who} {english[perfect]}{rest}?".strip()
    if qui in ("je", "Tom", "Mary") or " " in qui or random.random() < 0.3:
        return sentence(source), sentence(f"{mot}{_est_ce_que(qui, verb)}{ending} ?")
    t = "t-" if qui in ("il", "elle") and verb[-1] in "aeé" else ""
    return sentence(source), sentence(f"{mot}{verb}-{t}{qui}{ending} ?")


def _est_ce_que(qui: str, verb: str) -> str:
    return f"est-ce {'qu' + chr(39) if is_vocalic(qui) else 'que '}{_with(qui, verb)}"


def _order(present: list[str], infinitive: str, tu: bool) -> str:
    """The imperative: without the s of "tu" behind e."""
    order = present[1] if tu else present[4]
    return order[:-1] if tu and order.endswith("es") else order


def _with(qui: str, verb: str) -> str:
    return f"j'{verb}" if qui == "je" and is_vocalic(verb) else f"{qui} {verb}"


def _denied(qui: str, verb: str) -> str:
    return f"{qui} {_ne(verb)}"


def _ne(verb: str) -> str:
    return f"n'{verb}" if is_vocalic(verb) else f"ne {verb}"


def _said(english: str, french: str) -> Pair:
    return sentence(english) + ".", sentence(french) + "."
