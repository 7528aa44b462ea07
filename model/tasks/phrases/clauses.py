"""Clauses, lists and counts that the rest of the sentence has to agree with."""

from __future__ import annotations

from random import Random

from ...run.known_names import CITIES, MEN, SURNAMES, WOMEN
from .figures import in_english, in_french
from .grammar import Noun, elide, sentence
from .lexicon import ANIMALS, FAMILY, MOODS, PEOPLE, THINGS

Pair = tuple[str, str]

_DOES = (
    ("live here", "lives here", "vit ici", "vivent ici"),
    (
        "live in this street",
        "lives in this street",
        "habite dans cette rue",
        "habitent dans cette rue",
    ),
    ("work with me", "works with me", "travaille avec moi", "travaillent avec moi"),
    ("sing well", "sings well", "chante bien", "chantent bien"),
    ("wait outside", "waits outside", "attend dehors", "attendent dehors"),
    ("sell bread", "sells bread", "vend du pain", "vendent du pain"),
    ("read a lot", "reads a lot", "lit beaucoup", "lisent beaucoup"),
    ("play in the park", "plays in the park", "joue dans le parc", "jouent dans le parc"),
    ("come from far away", "comes from far away", "vient de loin", "viennent de loin"),
)
_MOVED = (
    ("came", "venu"),
    ("arrived", "arrivé"),
    ("went", "allé"),
    ("came back", "revenu"),
    ("stayed", "resté"),
    ("died", "mort"),
    ("left", "parti"),
    ("fell", "tombé"),
)
_WHERE = (
    ("to the concert", "au concert", ("came", "went")),
    ("to the meeting", "à la réunion", ("came", "went")),
    ("to the wedding", "au mariage", ("came", "went")),
    ("to school", "à l'école", ("came", "went", "came back")),
    ("at home", "à la maison", ("stayed",)),
    ("yesterday", "hier", ("arrived", "came back", "left", "died")),
    ("this morning", "ce matin", ("arrived", "came back", "left", "fell")),
    ("in the war", "pendant la guerre", ("died",)),
    ("too late", "trop tard", ("arrived", "came", "left")),
)
_WAITED = (
    ("we waited", "nous avons attendu"),
    ("I waited", "j'ai attendu"),
    ("she waited", "elle a attendu"),
    ("they had to wait", "ils ont dû attendre"),
    ("the children had to wait", "les enfants ont dû attendre"),
    ("stay here", "reste ici"),
    ("do not move", "ne bouge pas"),
    ("he stayed", "il est resté"),
)
_UNTIL = (
    ("closed the window", "closes the window", "ferme la fenêtre"),
    ("came back", "comes back", "revienne"),
    ("finished", "finishes", "finisse"),
    ("said yes", "says yes", "dise oui"),
    ("found the key", "finds the key", "trouve la clé"),
    ("arrived", "arrives", "arrive"),
    ("was ready", "is ready", "soit prêt"),
    ("had time", "has time", "ait le temps"),
    ("left", "leaves", "parte"),
    ("fell asleep", "falls asleep", "s'endorme"),
)
_SHUT = (
    ("shop", "magasin", "closed", "fermé"),
    ("bakery", "boulangerie", "closed", "fermée"),
    ("library", "bibliothèque", "closed", "fermée"),
    ("door", "porte", "locked", "fermée à clé"),
    ("road", "route", "blocked", "bloquée"),
    ("market", "marché", "closed", "fermé"),
    ("museum", "musée", "full", "plein"),
    ("computer", "ordinateur", "broken", "en panne"),
)
_COULD_NOT = (
    ("buy any bread", "acheter de pain"),
    ("buy any flowers", "acheter de fleurs"),
    ("find any books", "trouver de livres"),
    ("get in", "entrer"),
    ("go home", "rentrer"),
    ("finish my work", "finir mon travail"),
    ("see anything", "rien voir"),
    ("send the letter", "envoyer la lettre"),
)
_MORE = (
    ("âgé", "older"),
    ("grand", "taller"),
    ("petit", "smaller"),
    ("jeune", "younger"),
    ("riche", "richer"),
    ("prudent", "more careful"),
)
_KNOWN = tuple(
    one
    for one in PEOPLE
    if one in FAMILY or one.english in "teacher doctor nurse baker lawyer singer pilot".split()
)


def clauses(random: Random) -> Pair:
    """One of the sentences below."""
    here, there = random.choice(_MAKERS)(random)
    return sentence(here), sentence(there)


def _agreed(participle: str, feminine: bool, many: bool) -> str:
    return participle + ("e" if feminine else "") + ("s" if many else "")


def _who(random: Random) -> Pair:
    """“the women who live here are kind”: over the clause, “gentilles”."""
    noun, many = random.choice((*PEOPLE, *FAMILY)), random.random() < 0.75
    live, lives, vit, vivent = random.choice(_DOES)
    adjective = random.choice(MOODS)
    named, le = (noun.many_english if many else noun.english), noun.the(many)
    if random.random() < 0.3:
        old = random.choice((("old", "vieux", "vieilles"), ("young", "jeunes", "jeunes")))
        named, many = f"{old[0]} {noun.many_english}", True
        le = f"les {old[2] if noun.feminine else old[1]} {noun.many_french}"
    here = "are" if many else "is"
    dit = "sont" if many else "est"
    return (
        f"the {named} who {live if many else lives} {here} {adjective.english}.",
        f"{le} qui {vivent if many else vit} {dit} {adjective.form(noun.feminine, many)}.",
    )


def _count(random: Random) -> Pair:
    """“twenty-one girls came to the concert”: “venues”, and “vingt et une”."""
    noun = random.choice((*PEOPLE, *ANIMALS))
    if random.random() < 0.3:
        noun = Noun("person", "personne", True, "people", "personnes")
    n = random.choice((random.randint(2, 20), random.randint(20, 99), random.randint(100, 999)))
    many = in_french(n)
    if noun.feminine and many.endswith("un"):
        many += "e"
    came, venu = random.choice(_MOVED)
    where = [(here, there) for here, there, fit in _WHERE if came in fit]
    here, there = random.choice(where)
    shown = (in_english(n), many) if random.random() < 0.6 else (str(n), str(n))
    return (
        f"{shown[0]} {noun.many_english} {came} {here}.",
        f"{shown[1]} {noun.many_french} sont {_agreed(venu, noun.feminine, True)} {there}.",
    )


def _until(random: Random) -> Pair:
    """“until the doctor came back”: “jusqu'à ce que le médecin revienne”."""
    waited, attendu = random.choice(_WAITED)
    came, comes, vienne = random.choice(_UNTIL)
    noun = random.choice(PEOPLE)
    who, qui = f"the {noun.english}", noun.the()
    feminine = noun.feminine
    if random.random() < 0.3:
        feminine = random.random() < 0.5
        who = qui = random.choice(WOMEN if feminine else MEN)
    if vienne == "soit prêt" and feminine:
        vienne = "soit prête"
    that = elide("que", qui)
    now = waited in ("stay here", "do not move")
    return (
        f"{waited} until {who} {comes if now else came}.",
        f"{attendu} jusqu'à ce {that} {vienne}.",
    )


def _neither(random: Random) -> Pair:
    """“no cats or dogs”: “pas de chats ni de chiens”."""
    pool = random.choice((THINGS, ANIMALS, FAMILY))
    one, two = random.sample(pool, 2)
    who, pas = random.choice(
        (
            ("I have no", "je n'ai pas"),
            ("she has no", "elle n'a pas"),
            ("we have no", "nous n'avons pas"),
            ("they have no", "ils n'ont pas"),
            ("there are no", "il n'y a pas"),
            ("Tom has no", "Tom n'a pas"),
        )
    )
    luck = random.random()
    if luck < 0.65:
        return (
            f"{who} {one.many_english} or {two.many_english}.",
            f"{pas} {elide('de', one.many_french)} ni {elide('de', two.many_french)}.",
        )
    who, ne = random.choice(
        (("I have", "je n'ai"), ("he has", "il n'a"), ("we have", "nous n'avons"))
    )
    return (
        f"{who} neither {one.many_english} nor {two.many_english}.",
        f"{ne} ni {one.many_french} ni {two.many_french}.",
    )


def _relative(random: Random) -> Pair:
    """“Emma's brother is older than Paul's sister”, asked or said."""
    one, two = random.sample(FAMILY, 2)
    owner, other = random.sample((*MEN, *WOMEN), 2)
    agreed, comparative = random.choice(_MORE)
    than, que = random.choice(
        (
            (f"you and {other}", f"que toi et {other}"),
            (f"my {two.english}", f"que {two.owned('m')}"),
            (f"{other}'s {two.english}", f"que {two.the()} {elide('de', other)}"),
            ("me", "que moi"),
        )
    )
    here = f"{owner}'s {one.english}"
    there = f"{one.the()} {elide('de', owner)}"
    plus = f"plus {agreed}{'e' if one.feminine and not agreed.endswith('e') else ''}"
    luck = random.random()
    if luck < 0.5:
        it = "elle" if one.feminine else "il"
        asked = f"{there} est-{it} {plus} {que} ?"
        if random.random() < 0.5:
            asked = f"est-ce {elide('que', there)} est {plus} {que} ?"
        return f"is {here} {comparative} than {than}?", asked
    return f"{here} is {comparative} than {than}.", f"{there} est {plus} {que}."


def _called(random: Random) -> Pair:
    """Titles and towns behind names."""
    noun = random.choice(_KNOWN)
    title, titre = ("Mrs.", "Mme") if noun.feminine else ("Mr.", "M.")
    name, first = random.choice(SURNAMES), random.choice(WOMEN if noun.feminine else MEN)
    town, other = random.sample(CITIES, 2)
    owner, m = random.choice((("my", "m"), ("our", "notre"), ("their", "leur"), ("your", "votre")))
    mine = noun.owned(m)
    return random.choice(
        (
            (f"{owner} {noun.english}'s name is {name}.", f"{mine} s'appelle {name}."),
            (f"{owner} {noun.english} is called {first}.", f"{mine} s'appelle {first}."),
            (f"{title} {name} is {owner} {noun.english}.", f"{titre} {name} est {mine}."),
            (
                f"{first} works in {town} and I live in {other}.",
                f"{first} travaille à {town} et j'habite à {other}.",
            ),
            (
                f"I am {first} and I come from {town}.",
                f"je suis {first} et je viens {elide('de', town)}.",
            ),
        )
    )


def _could_not(random: Random) -> Pair:
    """What was not possible for a reason: “je n'ai pas pu”."""
    shop, magasin, closed, fermé = random.choice(_SHUT)
    buy, acheter = random.choice(_COULD_NOT)
    le = elide("la" if fermé.startswith(("fermée", "bloquée")) else "le", magasin)
    who, pu = random.choice(
        (
            ("I", "je n'ai {} pu"),
            ("we", "nous n'avons {} pu"),
            ("she", "elle n'a {} pu"),
            ("they", "ils n'ont {} pu"),
        )
    )
    nothing = acheter.startswith("rien ")
    pu = pu.format("rien" if nothing else "pas")
    if who == "we":
        buy, acheter = buy.replace("my", "our"), acheter.replace("mon", "notre")
    elif who != "I":
        buy = buy.replace("my", "her" if who == "she" else "their")
        acheter = acheter.replace("mon", "son" if who == "she" else "leur")
    so = random.choice((", so", " and"))
    donc = ", donc" if so == ", so" else " et"
    return (
        f"the {shop} was {closed}{so} {who} could not {buy}.",
        f"{le} était {fermé}{donc} {pu} {acheter.removeprefix('rien ')}.",
    )


_MAKERS = (_who, _who, _count, _until, _neither, _relative, _relative, _called, _could_not)
