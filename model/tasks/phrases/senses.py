"""One English word, several French ones: the rest of the sentence tells which."""

from __future__ import annotations

from random import Random

from .grammar import Noun, nouns, sentence
from .lexicon import SIZES, STATES
from .tables import read_table

Pair = tuple[str, str]

_WHO = (
    ("I", "je", "j'ai"),
    ("he", "il", "il a"),
    ("she", "elle", "elle a"),
    ("we", "nous", "nous avons"),
    ("they", "ils", "ils ont"),
    ("Tom", "Tom", "Tom a"),
    ("Mary", "Mary", "Mary a"),
    ("my father", "mon père", "mon père a"),
    ("my mother", "ma mère", "ma mère a"),
    ("the old man", "le vieil homme", "le vieil homme a"),
    ("the children", "les enfants", "les enfants ont"),
)
"""English, French, and French with “have”."""


def senses(random: Random) -> Pair:
    """One of the sentences below."""
    luck = random.random()
    if luck < 0.22:
        return _bank(random)
    if luck < 0.55:
        return _too(random)
    return _filled(random.choice(_PLAIN), random)


def _bank(random: Random) -> Pair:
    """The bank of a river, and the one that keeps money."""
    return _filled(random.choice(_BANKS), random)


def _filled(pair: Pair, random: Random) -> Pair:
    """With somebody for {who}, and with an end."""
    source, target = pair
    who, qui, has = random.choice(_WHO)
    source, target = source.format(who=who), target.format(who=qui, has=has)
    end = ("?", " ?") if source.split()[0] in ("what", "are", "do") else (".", ".")
    return sentence(source) + end[0], sentence(target) + end[1]


_MOVERS = nouns(
    "dog chien m, horse cheval m, cow vache f, cat chat m, sheep/sheep mouton m, goat chèvre f, "
    "turtle tortue f, elephant éléphant m, girl fille f, boy garçon m, woman/women femme f, "
    "soldier soldat m, donkey âne m, child/children enfant m, fox/foxes renard m, hen poule f, "
    "chicken poulet m, mouse/mice souris f, old_lady vieille_dame f, rabbit lapin m, tourist "
    "touriste m"
)
_CROSSED = nouns(
    "road route f, river rivière f, bridge pont m, field champ m, stream ruisseau m, lake lac "
    "m, avenue avenue f, desert désert m, highway autoroute f, valley vallée f, bay baie f, "
    "square place f, forest forêt f, canal canal m, street rue f"
)
_HELD = nouns(
    "book livre m, statue statue f, ball balle f, vase vase m, guitar guitare f, doll poupée f, "
    "lamp lampe f, bottle bouteille f, trophy trophée m, violin violon m, painting tableau m, "
    "table table f, ladder échelle f, computer ordinateur m, cake gâteau m, umbrella parapluie "
    "m"
)
_HOLDERS = nouns(
    "box/boxes boîte f, bag sac m, drawer tiroir m, car voiture f, basket panier m, cupboard "
    "placard m, backpack sac_à_dos m, pocket poche f, truck camion m, room pièce f"
)
_STATES = (
    ("hungry", "avait faim"),
    ("thirsty", "avait soif"),
    ("afraid", "avait peur"),
    ("cold", "avait froid"),
    ("sleepy", "avait sommeil"),
)


def _too(random: Random) -> Pair:
    """“it” is the one that crosses, or what is crossed; what is put in, or what it is put into."""
    if random.random() < 0.3:
        held, holder = random.choice(_HELD), random.choice(_HOLDERS)
        big = random.random() < 0.5
        it, adjective, form = (
            (held, *random.choice((("big", "grand"), ("large", "grand"), ("long", "long"))))
            if big
            else (holder, *random.choice((("small", "petit"), ("full", "plein"))))
        )
        if it.feminine:
            form = "longue" if form == "long" else form + "e"
        cannot = random.choice(("does not fit in", "doesn't fit in", "would not fit into"))
        ne = "ne rentrait pas" if "would" in cannot else "ne rentre pas"
        was, était = ("was", "était") if "would" in cannot else ("is", "est")
        return (
            f"The {held.english} {cannot} the {holder.english} because it {was} too {adjective}.",
            sentence(f"{held.the()} {ne} dans {holder.the()} parce {_qu(it)} {était} trop {form}."),
        )
    mover, crossed = random.choice(_MOVERS), random.choice(_CROSSED)
    not_, pas = random.choice(
        (
            ("did not cross", "n'a pas traversé"),
            ("didn't cross", "n'a pas traversé"),
            ("could not cross", "n'a pas pu traverser"),
            ("couldn't cross", "n'a pas pu traverser"),
            ("did not want to cross", "n'a pas voulu traverser"),
        )
    )
    who = random.choice(("the", "the", "the", "my"))
    qui = mover.the() if who == "the" else mover.owned("m")
    start = f"{who} {mover.english} {not_} the {crossed.english}"
    début = f"{qui} {pas} {crossed.the()}"
    if random.random() < 0.5:
        tired = random.choice(STATES)
        if random.random() < 0.3:
            tired = next(state for state in STATES if state.english == "tired")
        if random.random() < 0.2:
            state, avait = random.choice(_STATES)
            return (
                sentence(f"{start} because it was {state}."),
                sentence(f"{début} parce {_qu(mover)} {avait}."),
            )
        return (
            sentence(f"{start} because it was too {tired.english}."),
            sentence(f"{début} parce {_qu(mover)} était trop {tired.form(mover.feminine)}."),
        )
    wide = random.choice(SIZES)
    if random.random() < 0.3:
        wide = next(size for size in SIZES if size.english == "wide")
    return (
        sentence(f"{start} because it was too {wide.english}."),
        sentence(f"{début} parce {_qu(crossed)} était trop {wide.form(crossed.feminine)}."),
    )


def _qu(noun: Noun) -> str:
    return "qu'elle" if noun.feminine else "qu'il"


_PLAIN = read_table("senses.tsv")
_BANKS = read_table("banks.tsv")
