"""Words with what French needs to know of them, and the few rules that put them together."""

from __future__ import annotations

from dataclasses import dataclass

VOWELS = "aeiouyàâéèêëîïôöùûüœ"
MUTE_H = ("ho", "he", "hé", "hi", "hu", "ha")
ASPIRATED = ("hibou", "haricot", "hamster", "héros", "haut", "homard", "hérisson", "huit", "hanche")


def is_vocalic(word: str) -> bool:
    """Whether "le", "de", "que" … lose their e before a word."""
    low = word.lower()
    if low.startswith(MUTE_H):
        return not low.startswith(ASPIRATED)
    return low[0] in VOWELS and not low.startswith(("onze", "oui", "ya", "yo", "yu", "yi"))


def elide(word: str, rest: str) -> str:
    """“de” + “eau” is “d'eau”, “le” + “homme” “l'homme”; other words stay apart."""
    short = word in ("de", "le", "la", "je", "me", "te", "se", "ne", "que", "ce", "jusque")
    if short and is_vocalic(rest):
        return f"{word[:-1]}'{rest}"
    return f"{word} {rest}"


@dataclass(frozen=True)
class Noun:
    """An English noun and its French one; plurals where they are not made by rule."""

    english: str
    french: str
    feminine: bool
    many_english: str
    many_french: str

    def the(self, many: bool = False) -> str:
        """With its definite article: le, la, l', les."""
        return (
            f"les {self.many_french}"
            if many
            else elide("la" if self.feminine else "le", self.french)
        )

    def a(self) -> str:
        """With its indefinite article."""
        return f"{'une' if self.feminine else 'un'} {self.french}"

    def of(self, many: bool = False) -> str:
        """Du, de la, de l', des."""
        if many:
            return f"des {self.many_french}"
        return f"du {self.french}" if self._le else f"de {self.the()}"

    def at(self, many: bool = False) -> str:
        """Au, à la, à l', aux."""
        if many:
            return f"aux {self.many_french}"
        return f"au {self.french}" if self._le else f"à {self.the()}"

    @property
    def _le(self) -> bool:
        return not self.feminine and not is_vocalic(self.french)

    def this(self, many: bool = False) -> str:
        """Ce, cet, cette, ces."""
        if many:
            return f"ces {self.many_french}"
        if self.feminine:
            return f"cette {self.french}"
        return f"{'cet' if is_vocalic(self.french) else 'ce'} {self.french}"

    def owned(self, m: str, many: bool = False) -> str:
        """With mon, ma, mes for "m", likewise "t" and "s"; with notre, votre or leur."""
        if m in ("notre", "votre", "leur"):
            several = {"notre": "nos", "votre": "vos", "leur": "leurs"}[m]
            return f"{several} {self.many_french}" if many else f"{m} {self.french}"
        if many:
            return f"{m}es {self.many_french}"
        ma = self.feminine and not is_vocalic(self.french)
        return f"{m}{'a' if ma else 'on'} {self.french}"


@dataclass(frozen=True)
class Adjective:
    """An English adjective and its French forms; `before` says that it stands before its noun."""

    english: str
    masculine: str
    feminine: str
    before: bool = False

    def form(self, feminine: bool, many: bool = False) -> str:
        """Agreeing with a noun or pronoun."""
        one = self.feminine if feminine else self.masculine
        if not many or one.endswith(("s", "x")):
            return one
        return (
            one[:-2] + "aux" if one.endswith("al") else one + ("x" if one.endswith("eau") else "s")
        )


def nouns(text: str) -> tuple[Noun, ...]:
    """From "house maison f, mouse/mice souris f, …"; _ stands for a space."""
    return tuple(_noun(entry.split()) for entry in text.split(",") if entry.strip())


def _noun(entry: list[str]) -> Noun:
    (english, _, many_english), (french, _, many_french) = (
        word.replace("_", " ").partition("/") for word in entry[:2]
    )
    return Noun(
        english,
        french,
        entry[2] == "f",
        many_english or many_of_english(english),
        many_french or many_of_french(french),
    )


def many_of_english(word: str) -> str:
    """The regular plural."""
    if word.endswith(("s", "x", "ch", "sh")):
        return word + "es"
    return word[:-1] + "ies" if word.endswith("y") and word[-2] not in "aeiou" else word + "s"


def many_of_french(word: str) -> str:
    """The regular plural."""
    if word.endswith(("s", "x", "z")):
        return word
    if word.endswith(("eau", "eu")):
        return word + "x"
    return word[:-2] + "aux" if word.endswith("al") else word + "s"


def adjectives(text: str) -> tuple[Adjective, ...]:
    """From "black noir noire, old <vieux vieille, …"; < says that it stands before its noun."""
    rows = [entry.split() for entry in text.split(",") if entry.strip()]
    return tuple(
        Adjective(
            row[0].replace("_", " "),
            row[1].lstrip("<").replace("_", " "),
            (row[2] if len(row) > 2 else feminine_of(row[1].lstrip("<"))).replace("_", " "),
            row[1].startswith("<"),
        )
        for row in rows
    )


def feminine_of(word: str) -> str:
    """The regular feminine."""
    for ending, other in (
        ("eux", "euse"),
        ("er", "ère"),
        ("if", "ive"),
        ("el", "elle"),
        ("en", "enne"),
    ):
        if word.endswith(ending):
            return word[: -len(ending)] + other
    return word if word.endswith("e") else word + "e"


def sentence(text: str) -> str:
    """With a capital at its beginning."""
    return text[0].upper() + text[1:]


def an(word: str) -> str:
    """With the English indefinite article."""
    vowel = word[0].lower() in "aeiou" and not word.startswith(("uni", "use", "eu", "one"))
    return f"{'an' if vowel or word.startswith(('hour', 'honest')) else 'a'} {word}"


def more(adjective: str) -> str:
    """The English comparative with "than"."""
    irregular = {
        "good": "better",
        "bad": "worse",
        "big": "bigger",
        "sad": "sadder",
        "wet": "wetter",
    }
    if adjective in irregular:
        return f"{irregular[adjective]} than"
    if adjective.endswith("y") and len(adjective) < 7:
        return f"{adjective[:-1]}ier than"
    short = len(adjective) < 6 and adjective not in ("empty", "proud", "alone", "ready", "lost")
    if not short or adjective in ("useful", "famous", "open", "equal", "afraid", "clean", "other"):
        return f"more {adjective} than"
    return f"{adjective}{'r' if adjective.endswith('e') else 'er'} than"
