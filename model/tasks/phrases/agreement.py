"""Number and gender at a distance: adjectives, participles and pronouns that look back."""

from __future__ import annotations

from random import Random

from .grammar import Adjective, Noun, an, is_vocalic, more, sentence
from .lexicon import (
    ANIMALS,
    COLORS,
    FAMILY,
    MATERIALS,
    MOODS,
    PEOPLE,
    PLACES,
    QUALITIES,
    SCIENCE,
    THINGS,
)

Pair = tuple[str, str]

_BEFORE_VOWEL = {"vieux": "vieil", "nouveau": "nouvel", "beau": "bel"}
_OWNERS = (
    ("my", "m"),
    ("your", "t"),
    ("your", "votre"),
    ("his", "s"),
    ("her", "s"),
    ("our", "notre"),
    ("their", "leur"),
)
_BOUGHT = (
    ("bought", "acheté"),
    ("sold", "vendu"),
    ("found", "trouvé"),
    ("lost", "perdu"),
    ("saw", "vu"),
    ("chose", "choisi"),
    ("forgot", "oublié"),
    ("wanted", "voulu"),
    ("painted", "peint"),
    ("repaired", "réparé"),
    ("brought", "apporté"),
    ("broke", "cassé"),
    ("hid", "caché"),
    ("drew", "dessiné"),
    ("stole", "volé"),
    ("washed", "lavé"),
)
_WHO = (
    ("I", "j'ai"),
    ("you", "tu as"),
    ("you", "vous avez"),
    ("he", "il a"),
    ("she", "elle a"),
    ("we", "nous avons"),
    ("they", "ils ont"),
    ("Tom", "Tom a"),
    ("Mary", "Mary a"),
)


def agreement(random: Random) -> Pair:
    """One of the sentences below."""
    return random.choice(_MAKERS)(random)


def described(noun: Noun, adjective: Adjective, many: bool, article: str) -> tuple[str, str]:
    """“the old man”, “le vieil homme”; “this …”, “ce …” where `article` is "ce"."""
    form = adjective.form(noun.feminine, many)
    french = noun.many_french if many else noun.french
    if not adjective.before:
        whole = f"{french} {form}"
    else:
        if not many and not noun.feminine and is_vocalic(french):
            form = _BEFORE_VOWEL.get(form, form)
        whole = f"{form} {french}"
    as_noun = Noun("", whole, noun.feminine, "", whole)
    english = f"{adjective.english} {noun.many_english if many else noun.english}"
    if article == "le":
        return f"the {english}", as_noun.the(many)
    return f"{'these' if many else 'this'} {english}", as_noun.this(many)


def _subject(random: Random, pool: tuple[Noun, ...]) -> tuple[str, str, Noun, bool]:
    """English, French, and what the rest has to agree with."""
    noun, many, luck = random.choice(pool), random.random() < 0.5, random.random()
    named = noun.many_english if many else noun.english
    if luck < 0.4:
        return f"the {named}", noun.the(many), noun, many
    if luck < 0.55:
        return f"{'these' if many else 'this'} {named}", noun.this(many), noun, many
    if luck < 0.8:
        owner, m = random.choice(_OWNERS)
        return f"{owner} {named}", noun.owned(m, many), noun, many
    adjective = random.choice(COLORS if pool is THINGS else QUALITIES[:6])
    english, french = described(noun, adjective, many, random.choice(("le", "ce")))
    return english, french, noun, many


def _is(random: Random, noun: Noun, many: bool, adjectives: tuple[Adjective, ...]) -> Pair:
    """“are very heavy”, “sont très lourdes”, in the present or the past, denied at times."""
    adjective = random.choice(adjectives)
    form = adjective.form(noun.feminine, many)
    now = random.random() < 0.65
    english = ("are" if many else "is") if now else ("were" if many else "was")
    french = ("sont" if many else "est") if now else ("étaient" if many else "était")
    luck = random.random()
    if luck < 0.2:
        return f"{english} not {adjective.english}", f"{_not(french)} pas {form}"
    more = (("", ""), ("", ""), ("very ", "très "), ("too ", "trop "), ("so ", "si "))
    much, tant = random.choice(more)
    return f"{english} {much}{adjective.english}", f"{french} {tant}{form}"


def _not(verb: str) -> str:
    return f"n'{verb}" if verb[0] in "aeéiou" else f"ne {verb}"


def _plain(random: Random) -> Pair:
    pool = random.choice((THINGS, THINGS, ANIMALS, PEOPLE, SCIENCE, PLACES))
    english, french, noun, many = _subject(random, pool)
    says, dit = _is(random, noun, many, MOODS if pool in (ANIMALS, PEOPLE) else QUALITIES)
    when = random.choice((("", ""),) * 4 + ((" today", " aujourd'hui"), (" now", " maintenant")))
    return sentence(f"{english} {says}{when[0]}."), sentence(f"{french} {dit}{when[1]}.")


def _located(random: Random) -> Pair:
    """The adjective stands behind another noun: “the keys on the table are old”."""
    english, french, noun, many = _subject(random, THINGS)
    place = random.choice(PLACES)
    other = random.choice(THINGS)
    where = random.choice(
        (
            (f"in the {place.english}", f"dans {place.the()}"),
            (f"in the {place.english}", place.of()),
            (f"on the {other.english}", f"sur {other.the()}"),
            (f"under the {other.english}", f"sous {other.the()}"),
            (f"near the {place.english}", f"près {place.of()}"),
            (f"of my {random.choice(FAMILY).english}", ""),
        )
    )
    if not where[1] and not english.startswith("the "):
        return _located(random)
    if not where[1]:
        one = next(p for p in FAMILY if where[0].endswith(p.english))
        where = where[0], f"de {one.owned('m')}"
    says, dit = _is(random, noun, many, COLORS if random.random() < 0.4 else QUALITIES)
    return sentence(f"{english} {where[0]} {says}."), sentence(f"{french} {where[1]} {dit}.")


def _bought(random: Random) -> Pair:
    """The participle agrees with what stands before it: “les lettres que j'ai perdues”."""
    noun, many = random.choice(THINGS), random.random() < 0.5
    verb, participle = random.choice(_BOUGHT)
    if random.random() < 0.4:
        one, several = random.choice(FAMILY), random.random() < 0.6
        who = f"my {one.many_english if several else one.english}"
        qui = f"que {one.owned('m', several)} {'ont' if several else 'a'}"
    else:
        who, qui = random.choice(_WHO)
        qui = f"qu'{qui}" if qui[0] in "ie" else f"que {qui}"
    agreed = participle + ("e" if noun.feminine else "")
    agreed += "s" if many and not agreed.endswith("s") else ""
    named = noun.many_english if many else noun.english
    that = random.choice(("that ", "that ", "which ", ""))
    if random.random() < 0.25:
        seen = random.choice(
            (
                ("I like", "J'aime"),
                ("Where are" if many else "Where is", "Où sont" if many else "Où est"),
            )
        )
        end = ("?", " ?") if seen[0].startswith("Where") else (".", ".")
        return (
            f"{seen[0]} the {named} {that}{who} {verb}{end[0]}",
            f"{seen[1]} {noun.the(many)} {qui} {agreed}{end[1]}",
        )
    says, dit = _is(random, noun, many, QUALITIES)
    return (
        sentence(f"the {named} {that}{who} {verb} {says}."),
        sentence(f"{noun.the(many)} {qui} {agreed} {dit}."),
    )


def _made_of(random: Random) -> Pair:
    """“it” looks back for its gender."""
    noun = random.choice(THINGS)
    adjective = random.choice(QUALITIES[8:])
    stuff, matter = random.choice(MATERIALS)
    it = "elle" if noun.feminine else "il"
    form = adjective.form(noun.feminine)
    if random.random() < 0.5:
        made = f"est {'faite' if noun.feminine else 'fait'} de {matter}"
        made = made.replace("de a", "d'a").replace("de o", "d'o")
        return (
            f"The {noun.english} is {adjective.english} because it is made of {stuff}.",
            sentence(f"{noun.the()} est {form} parce qu'{it} {made}."),
        )
    return (
        f"I do not like this {noun.english} because it is too {adjective.english}.",
        f"Je n'aime pas {noun.this()} parce qu'{it} est trop {form}.",
    )


def _people(random: Random) -> Pair:
    """Women and men as plural subjects, with what they did."""
    one, many = random.choice(FAMILY), random.random() < 0.7
    verb = random.choice(
        (
            ("arrived", "arrivé"),
            ("left", "parti"),
            ("came back", "revenu"),
            ("went out", "sorti"),
            ("fell", "tombé"),
            ("went home", "rentré"),
            ("stayed", "resté"),
            ("went upstairs", "monté"),
        )
    )
    owner, m = random.choice(_OWNERS)
    when = random.choice(
        (
            ("", ""),
            (" yesterday", " hier"),
            (" early", " tôt"),
            (" late", " tard"),
            (" last week", " la semaine dernière"),
            (" this morning", " ce matin"),
        )
    )
    agreed = verb[1] + ("e" if one.feminine else "") + ("s" if many else "")
    named = one.many_english if many else one.english
    return (
        sentence(f"{owner} {named} {verb[0]}{when[0]}."),
        sentence(f"{one.owned(m, many)} {'sont' if many else 'est'} {agreed}{when[1]}."),
    )


def _mine(random: Random) -> Pair:
    """“les miennes”: a pronoun with the noun's gender and number."""
    noun, many = random.choice(THINGS), random.random() < 0.5
    words = {"mine": "mien", "yours": "tien", "his": "sien", "hers": "sien"}
    english = random.choice(list(words))
    stem = words[english] + ("ne" if noun.feminine else "") + ("s" if many else "")
    article = "les" if many else "la" if noun.feminine else "le"
    named, be = (noun.many_english, "are") if many else (noun.english, "is")
    this = "these" if many else "this"
    french = "sont" if many else "est"
    if random.random() < 0.5:
        return (
            sentence(f"{this} {named} {be} not {english}."),
            sentence(f"{noun.this(many)} {_not(french)} pas {article} {stem}."),
        )
    return (
        sentence(f"{this} {named} {be} {english}."),
        sentence(f"{noun.this(many)} {french} {article} {stem}."),
    )


def _seen(random: Random) -> Pair:
    """A described object: “the cat sees a white horse”."""
    who = random.choice((*ANIMALS, *PEOPLE))
    noun = random.choice((*THINGS, *ANIMALS))
    adjective = random.choice((*COLORS, *QUALITIES))
    many = random.random() < 0.3
    verb = random.choice(
        (
            ("sees", "voit"),
            ("saw", "a vu"),
            ("is looking at", "regarde"),
            ("has", "a"),
            ("found", "a trouvé"),
            ("wants", "veut"),
            ("draws", "dessine"),
            ("is looking for", "cherche"),
        )
    )
    english, french = described(noun, adjective, many, "le")
    if random.random() < 0.6:
        plain = english.removeprefix("the ")
        bare = (
            french.removeprefix("les ").removeprefix("le ").removeprefix("la ").removeprefix("l'")
        )
        if many:
            de = "de " if adjective.before else "des "
            if adjective.before and bare[0] in "aeiouéèêâhy":
                return _seen(random)
            english, french = plain, de + bare
        else:
            english, french = an(plain), ("une " if noun.feminine else "un ") + bare
    return (
        sentence(f"the {who.english} {verb[0]} {english}."),
        sentence(f"{who.the()} {verb[1]} {french}."),
    )


def _than(random: Random) -> Pair:
    """Comparison: “plus grande que”."""
    pool = random.choice((THINGS, ANIMALS, PEOPLE, SCIENCE))
    one, two = random.sample(pool, 2)
    adjective = random.choice(QUALITIES[8:36] if pool in (THINGS, SCIENCE) else MOODS)
    form = adjective.form(one.feminine)
    kinds = (
        (more(adjective.english), "plus"),
        (f"less {adjective.english} than", "moins"),
        (f"as {adjective.english} as", "aussi"),
    )
    kind = random.choice(kinds)
    return (
        sentence(f"the {one.english} is {kind[0]} the {two.english}."),
        sentence(f"{one.the()} est {kind[1]} {form} que {two.the()}."),
    )


_MAKERS = (
    _plain,
    _plain,
    _located,
    _located,
    _bought,
    _bought,
    _made_of,
    _people,
    _mine,
    _seen,
    _seen,
    _than,
)
