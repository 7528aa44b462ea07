"""Addresses, words in quotes, initials and names: copied letter by letter."""

from __future__ import annotations

from random import Random
from string import ascii_uppercase

from ...run.known_names import CITIES, MEN, SURNAMES, WOMEN
from ..augment.names import invent

Pair = tuple[str, str]

_HOSTS = (
    "example school mail university library college city science museum post web test maths net"
)
ENDS = "com org net fr edu co.uk de eu info ca"


def _handle(random: Random) -> str:
    name = random.choice((invent(random), random.choice((*MEN, *WOMEN)), random.choice(SURNAMES)))
    name = name.lower().replace("'", "")
    other = random.choice((random.choice(SURNAMES), invent(random))).lower().replace("'", "")
    return random.choice(
        (
            name,
            name,
            f"{name}.{other}",
            f"{name}_{other}",
            f"{name}{random.randint(1, 99)}",
            f"{name[0]}.{other}",
            f"{name}-{other}",
            f"{name}_{random.randint(1, 2020)}",
        )
    )


def email(random: Random) -> Pair:
    """An address is copied, letter by letter."""
    host = random.choice((random.choice(_HOSTS.split()), invent(random).lower()))
    address = f"{_handle(random)}@{host}.{random.choice(ENDS.split())}"
    return address, address


def web(random: Random) -> Pair:
    """A page's address."""
    host = random.choice((random.choice(_HOSTS.split()), invent(random).lower()))
    start = random.choice(("www.", "www.", "https://", "", "https://www."))
    page = random.choice(("", "", f"/{invent(random).lower()}", f"/{random.randint(1, 99)}"))
    address = f"{start}{host}.{random.choice(ENDS.split())}{page}"
    return address, address


def tag(random: Random) -> Pair:
    """@somebody, #something."""
    shown = f"@{_handle(random)}" if random.random() < 0.5 else f"#{invent(random).lower()}"
    return shown, shown


_FOREIGN = (
    "ubiquitous hello goodbye cheese love butterfly thank_you though colonel squirrel "
    "hippopotamus pneumonia gracias danke sayonara ciao wifi laptop selfie weekend parking "
    "football marketing hashtag bug cookie deadline feedback smartphone onomatopoeia "
    "photosynthesis entropy algorithm transformer encoder softmax gradient query token "
    "embedding beautiful dog cat house awesome whatever queue knight island knee tomorrow "
    "yesterday happiness freedom sunshine umbrella schadenfreude kindergarten spaghetti "
    "karaoke tsunami banana computer library friend"
)
_LETTERS = "b c d f g l m n p r s t v z bl br cr dr fl fr gl gr pl pr sl sn sp st tr sh ch th qu w"


def word(random: Random) -> Pair:
    """A word in quotes, known or not."""
    luck = random.random()
    if luck < 0.45:
        shown = random.choice(_FOREIGN.split()).replace("_", " ")
    elif luck < 0.75:
        parts = [
            random.choice(_LETTERS.split()) + random.choice("aeiou")
            for _ in range(random.choice((1, 2, 2)))
        ]
        shown = "".join(parts) + random.choice(
            ("", "n", "rp", "mp", "x", "rf", "t", "sk", "gle", "ffle", "ng")
        )
    else:
        shown = invent(random).lower()
    mark = random.choice(('"', '"', '"', "'"))
    return f"{mark}{shown}{mark}", f"« {shown} »"


_INITIALS = (
    "NATO UNESCO BERT GPT DNA TV CPU GPU HTML USB FIFA BBC CNN MIT AI IBM UNICEF ESA CERN PDF GPS"
).split()


def acronym(random: Random) -> Pair:
    """Capitals, with a number at times."""
    letters = "".join(
        random.choice(ascii_uppercase) for _ in range(random.choice((2, 3, 3, 3, 4, 4, 5)))
    )
    shown = random.choice((letters, random.choice(_INITIALS)))
    if random.random() < 0.3:
        shown += random.choice(("-", "", " ")) + str(random.randint(1, 20))
    return shown, shown


_PARTICLES = ("van", "de la", "von", "da", "Mc", "Mac", "O'", "D'", "El", "Ben", "St.")
_LATIN = (
    "Zoë Chloë Björn Søren Åsa Łukasz José Íñigo João Conceição Müller Jürgen François Noël "
    "Renée Siân Óscar Ángel Željko Šimon Čapek Dvořák Gülşen Ayşe Şahin Çelik Özil Núñez Peña "
    "Hernández Gómez Sánchez Muñoz Göran Håkon Mårten Erdoğan Đorđe Nikolić Wałęsa Zoltán László "
    "Ágnes Éva Ödön Ștefan Țiriac Māra Kārlis Jānis Žižek Matías Sofía Tomás Inés Iñaki Aoife "
    "Siobhan Niamh Eoin Saoirse Ngozi Chiamaka Oluwaseun Thandiwe Nkosazana Xochitl Itzel Citlali "
    "Nguyen Huong Quyen Xuan Yingying Zhiyuan Xiaoming Qiang Hyun Jiwoo Minseo Aarav Ishaan "
    "Oisin Ulysse Iphigenia Eustace Ebenezer Augustus Uriah Ichabod Othello Aurelia Eurydice"
).split()


def name(random: Random) -> Pair:
    """A name of an unusual make: of two parts, with a particle, or with signs over its letters."""
    luck = random.random()
    first = random.choice((random.choice((*MEN, *WOMEN)), invent(random)))
    last = random.choice((random.choice(SURNAMES), invent(random)))
    if luck < 0.2:
        shown = f"{first}-{random.choice((*MEN, *WOMEN))}"
    elif luck < 0.4:
        particle = random.choice(_PARTICLES)
        close = "" if particle.endswith(("c", "'")) else " "
        shown = f"{particle}{close}{last}" if close == "" else f"{first} {particle} {last}"
    elif luck < 0.7:
        shown = random.choice(_LATIN)
    elif luck < 0.85:
        shown = f"{first} {last}"
    else:
        shown = f"{first[0]}. {last}"
    return shown, shown


def anybody(random: Random) -> Pair:
    """A person or a town, of any make."""
    shown = random.choice((name(random)[0], invent(random), random.choice((*MEN, *WOMEN, *CITIES))))
    return shown, shown
