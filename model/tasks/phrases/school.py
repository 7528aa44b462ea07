"""What stands in textbooks and on the first page of papers: facts, definitions, greetings."""

from __future__ import annotations

from random import Random

from ...run.known_names import MEN, WOMEN
from .figures import in_english, in_french
from .grammar import Noun, an, elide, is_vocalic, more, sentence
from .lexicon import ANIMALS, COUNTRIES, PEOPLE, QUALITIES, SCIENCE, SUBJECTS, THINGS
from .tables import read_table

Pair = tuple[str, str]


def school(random: Random) -> Pair:
    """One of the sentences below."""
    return random.choice((*(_fact,) * 5, *_MAKERS))(random)


def _is_a(random: Random) -> Pair:
    """“a neuron is a cell”."""
    one, two = random.sample(SCIENCE, 2)
    luck = random.random()
    if luck < 0.4:
        return sentence(f"{an(one.english)} is {an(two.english)}."), sentence(
            f"{one.a()} est {two.a()}."
        )
    if luck < 0.6:
        return f"What is {an(one.english)}?", f"Qu'est-ce qu'{one.a()} ?"
    if luck < 0.8:
        return f"Draw {an(one.english)}.", f"Dessine {one.a()}."
    return (
        f"This {one.english} has many {two.many_english}.",
        sentence(f"{one.this()} a beaucoup {elide('de', two.many_french)}."),
    )


def _studies(random: Random) -> Pair:
    """School subjects and great words."""
    one, two = random.sample(SUBJECTS, 2)
    the = one.the()
    return random.choice(
        (
            (
                f"{sentence(one.english)} is my favorite subject.",
                f"{sentence(the)} est ma matière préférée.",
            ),
            (f"I am interested in {one.english}.", f"Je m'intéresse {one.at()}."),
            (f"She studies {one.english}.", f"Elle étudie {the}."),
            (f"He teaches {one.english} and {two.english}.", f"Il enseigne {the} et {two.the()}."),
            (f"I like {one.english}.", f"J'aime {the}."),
            (f"{sentence(one.english)} is difficult.", f"{sentence(the)} est difficile."),
            (
                f"{sentence(one.english)} is important.",
                f"{sentence(the)} est {'importante' if one.feminine else 'important'}.",
            ),
            (f"We talked about {one.english}.", f"Nous avons parlé {one.of()}."),
            (
                f"{sentence(one.english)} needs {two.english}.",
                f"{sentence(the)} a besoin {_bare(two)}.",
            ),
            (
                f"{sentence(one.english)} and {two.english} go together.",
                f"{sentence(the)} et {two.the()} vont ensemble.",
            ),
            (
                f"There is no {one.english} without {two.english}.",
                f"Il n'y a pas {_bare(one)} sans {two.french}.",
            ),
            (
                f"{sentence(one.english)} begins with {two.english}.",
                f"{sentence(the)} commence par {two.the()}.",
            ),
            (f"What is {one.english}?", f"Qu'est-ce que {the} ?"),
            (f"I have a {one.english} test tomorrow.", f"J'ai un contrôle {_bare(one)} demain."),
            (f"Our {one.english} teacher is sick.", f"Notre professeur {_bare(one)} est malade."),
        )
    )


def _bare(noun: Noun) -> str:
    return elide("de", noun.french)


_NEEDERS = (
    ("you", "tu as"),
    ("you", "vous avez"),
    ("we", "nous avons"),
    ("I", "j'ai"),
    ("he", "il a"),
    ("she", "elle a"),
    ("they", "ils ont"),
    ("everyone", "tout le monde a"),
    ("children", "les enfants ont"),
)


def _need(random: Random) -> Pair:
    """“Love is all we need.”: what one needs stands first."""
    one, (who, a) = random.choice(SUBJECTS), random.choice(_NEEDERS)
    s = "s" if who in ("he", "she", "everyone") else ""
    qui = f"dont {a}"
    if one.english == "attention":
        return f"{sentence(who)} need{s} attention.", f"{sentence(a)} besoin d'attention."
    return random.choice(
        (
            (
                f"{sentence(one.english)} is all {who} need{s}.",
                f"{sentence(one.the())} est tout ce {qui} besoin.",
            ),
            (
                f"{sentence(one.english)} is what {who} need{s}.",
                f"{sentence(one.the())} est ce {qui} besoin.",
            ),
            (f"{sentence(who)} need{s} {one.english}.", f"{sentence(a)} besoin {_bare(one)}."),
            (f"All {who} need{s} is {one.english}.", f"Tout ce {qui} besoin, c'est {one.the()}."),
            (f"This is all {who} need{s}.", f"C'est tout ce {qui} besoin."),
        )
    )


_DOERS = (
    ("reads", "lit"),
    ("writes", "écrit"),
    ("learns", "apprend"),
    ("needs", "a besoin de"),
    ("uses", "utilise"),
    ("explains", "explique"),
    ("describes", "décrit"),
    ("measures", "mesure"),
    ("changes", "change"),
    ("sees", "voit"),
    ("builds", "construit"),
    ("understands", "comprend"),
    ("shows", "montre"),
    ("translates", "traduit"),
    ("forgets", "oublie"),
    ("chooses", "choisit"),
    ("compares", "compare"),
    ("contains", "contient"),
    ("follows", "suit"),
    ("predicts", "prédit"),
    ("produces", "produit"),
    ("discovered", "a découvert"),
    ("invented", "a inventé"),
    ("solved", "a résolu"),
    ("destroyed", "a détruit"),
    ("counts", "compte"),
    ("receives", "reçoit"),
)


def _does(random: Random) -> Pair:
    """“the model reads the sentence”."""
    one = random.choice((*SCIENCE, *SCIENCE, *PEOPLE, *ANIMALS))
    two = random.choice((*SCIENCE, *SCIENCE, *THINGS))
    verb, verbe = random.choice(_DOERS)
    many = random.random() < 0.35
    what = f"the {two.many_english if many else two.english}"
    quoi = two.the(many)
    if verbe.endswith(" de"):
        quoi, verbe = two.of(many), "a besoin"
    if random.random() < 0.25:
        return (
            (
                f"The {one.english} {verb} one {two.english} after another.",
                sentence(f"{one.the()} {verbe} {two.a()} après l'autre."),
            )
            if verbe != "a besoin"
            else (
                sentence(f"the {one.english} {verb} {what}."),
                sentence(f"{one.the()} {verbe} {quoi}."),
            )
        )
    if random.random() < 0.15:
        return (
            f"This {one.english} learns from {two.many_english}.",
            sentence(f"{one.this()} apprend à partir {elide('de', two.many_french)}."),
        )
    return sentence(f"the {one.english} {verb} {what}."), sentence(f"{one.the()} {verbe} {quoi}.")


def _countries(random: Random) -> Pair:
    """Countries with their articles and prepositions."""
    one, two = random.sample(COUNTRIES, 2)
    en = f"en {one.french}" if one.feminine or is_vocalic(one.french) else f"au {one.french}"
    frm = elide("de", one.french) if one.feminine or is_vocalic(one.french) else f"du {one.french}"
    e = "e" if one.feminine else ""
    neighbors = "voisines" if one.feminine and two.feminine else "voisins"
    return random.choice(
        (
            (f"I live in {one.english}.", f"J'habite {en}."),
            (f"They come from {one.english}.", f"Ils viennent {frm}."),
            (f"{one.english} is a beautiful country.", f"{sentence(one.the())} est un beau pays."),
            (f"We are going to {one.english} this summer.", f"Nous allons {en} cet été."),
            (
                f"{one.english} is bigger than {two.english}.",
                f"{sentence(one.the())} est plus grand{e} que {two.the()}.",
            ),
            (
                f"What is the capital of {one.english}?",
                f"Quelle est la capitale {one.of()} ?",
            ),
            (f"She has never been to {one.english}.", f"Elle n'est jamais allée {en}."),
            (
                f"{one.english} and {two.english} are neighbors.",
                f"{sentence(one.the())} et {two.the()} sont {neighbors}.",
            ),
            (f"My cousin was born in {one.english}.", f"Mon cousin est né {en}."),
        )
    )


def _trade(random: Random) -> Pair:
    """What somebody is, without an article in French."""
    one, two = random.sample([p for p in PEOPLE if p.english in _TRADES], 2)
    who, qui = random.choice(
        (
            ("my father", "mon père"),
            ("my brother", "mon frère"),
            ("my uncle", "mon oncle"),
            ("he", "il"),
            ("Tom", "Tom"),
            (random.choice(MEN),) * 2,
        )
    )
    if random.random() < 0.4:
        return (
            sentence(f"{who} is {an(one.english)} and I am {an(two.english)}."),
            sentence(f"{qui} est {one.french} et je suis {two.french}."),
        )
    if random.random() < 0.3:
        woman = random.choice(WOMEN)
        return f"{woman} wants to become {an(one.english)}.", f"{woman} veut devenir {one.french}."
    return sentence(f"{who} is {an(one.english)}."), sentence(f"{qui} est {one.french}.")


_TRADES = (
    "teacher student doctor baker farmer actor writer painter engineer lawyer waiter pilot "
    "soldier musician cook programmer researcher astronaut scientist"
).split()


def _all(random: Random) -> Pair:
    """“All birds are …”, “some are more … than others”."""
    one = random.choice((*ANIMALS, *PEOPLE, *SCIENCE, *THINGS))
    adjective = random.choice(QUALITIES[8:])
    form = adjective.form(one.feminine, many=True)
    tous, certains = ("toutes", "certaines") if one.feminine else ("tous", "certains")
    some, others = f"some {one.many_english}", f"{certains} {one.many_french}"
    return random.choice(
        (
            (
                f"All {one.many_english} are {adjective.english}.",
                f"{sentence(tous)} les {one.many_french} sont {form}.",
            ),
            (
                f"Not all {one.many_english} are {adjective.english}.",
                f"{sentence(tous)} les {one.many_french} ne sont pas {form}.",
            ),
            (
                f"{sentence(some)} are {more(adjective.english)} others.",
                f"{sentence(others)} sont plus {form} que d'autres.",
            ),
            (
                f"Most {one.many_english} are {adjective.english}.",
                f"La plupart des {one.many_french} sont {form}.",
            ),
            (
                f"There are too many {one.many_english}.",
                f"Il y a trop {elide('de', one.many_french)}.",
            ),
            (
                f"How many {one.many_english} are there?",
                f"Combien {elide('de', one.many_french)} y a-t-il ?",
            ),
        )
    )


def _sum(random: Random) -> Pair:
    """“two plus three is five”, in words or in figures."""
    a, b = random.randint(1, 20), random.randint(1, 20)
    sign, signe, c = random.choice(
        (
            ("plus", "plus", a + b),
            ("minus", "moins", a),
            ("times", "fois", a * b if a * b < 100 else 0),
            ("divided by", "divisé par", a),
        )
    )
    if sign == "minus":
        a += b
    if sign == "divided by":
        a *= b
    if max(a, c) >= 100 or c == 0 or a == b == 2:
        return _sum(random)
    spelt = random.random() < 0.7
    one, two, result = ((in_english(n) if spelt else str(n)) for n in (a, b, c))
    un, deux, somme = ((in_french(n) if spelt else str(n)) for n in (a, b, c))
    equals, font = random.choice((("equals", "égale"), ("is", "font"), ("makes", "font")))
    if random.random() < 0.15:
        return f"What is {one} {sign} {two}?", f"Combien font {un} {signe} {deux} ?"
    return sentence(f"{one} {sign} {two} {equals} {result}."), sentence(
        f"{un} {signe} {deux} {font} {somme}."
    )


def _fact(random: Random) -> Pair:
    source, target = random.choice(_FACTS)
    return source, target


_MAKERS = (_is_a, _studies, _does, _need, _countries, _trade, _all, _sum)


_FACTS = read_table("facts.tsv")
