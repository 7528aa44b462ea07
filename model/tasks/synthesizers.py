"""What says digits beside people: speech synthesizers, and recordings that programs come with.

All of it is packaged by Debian; `PACKAGES` names what to install, MBROLA, RHVoice, Pico and some of
festival's voices from its sections contrib and non-free. The voices of MBROLA, festival, flite,
RHVoice and Pico are made from recordings of a person each, who mostly spoke another language than
English; espeak-ng computes its own. A voice is a person, a pitch and a speed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from .accents import SPELT
from .digits import WORDS

PACKAGES = (
    "espeak-ng flite sox festival festvox-kdlpc16k festvox-rablpc16k festvox-don",
    "festvox-czech-dita festvox-czech-krb festvox-czech-machac festvox-czech-ph",
    "festvox-ellpc11k festvox-suopuhe-lj festvox-suopuhe-mv festvox-itapc16k festvox-italp16k",
    "saytime asterisk-core-sounds-en-wav bambam tuxpaint-stamps-default",
    "mbrola mbrola-af1 mbrola-br1 mbrola-br2 mbrola-br3 mbrola-br4 mbrola-ca1 mbrola-ca2",
    "mbrola-cr1 mbrola-cz1 mbrola-cz2 mbrola-de1 mbrola-de2 mbrola-de3 mbrola-de4 mbrola-de5",
    "mbrola-de6 mbrola-de7 mbrola-ee1 mbrola-en1 mbrola-es1 mbrola-es2 mbrola-fr1 mbrola-fr2",
    "mbrola-fr3 mbrola-fr4 mbrola-fr5 mbrola-fr6 mbrola-fr7 mbrola-gr1 mbrola-gr2 mbrola-hu1",
    "mbrola-ic1 mbrola-id1 mbrola-in1 mbrola-in2 mbrola-ir1 mbrola-it3 mbrola-it4 mbrola-la1",
    "mbrola-lt1 mbrola-lt2 mbrola-mx1 mbrola-mx2 mbrola-nl2 mbrola-nl3 mbrola-pl1 mbrola-pt1",
    "mbrola-ro1 mbrola-sw1 mbrola-sw2 mbrola-tr1 mbrola-tr2 mbrola-us1 mbrola-us2 mbrola-us3",
    "mbrola-vz1",
    "rhvoice rhvoice-english rhvoice-albanian rhvoice-brazilian-portuguese rhvoice-czech",
    "rhvoice-esperanto rhvoice-kyrgyz rhvoice-macedonian rhvoice-polish rhvoice-russian",
    "rhvoice-slovak rhvoice-ukrainian libttspico-utils",
)
SAID = "said.wav"


@dataclass(frozen=True)
class Saying:
    """A digit to be said.

    `command` says `text` from its standard input, or what it names itself, into the file `SAID` of
    the folder where it runs.
    """

    voice: str
    digit: int
    command: tuple[str, ...]
    text: str = ""


Synthesizer: TypeAlias = Callable[[np.random.Generator], Iterator[Saying]]

ACCENTS = (
    *["en-us"] * 5,
    *["en-gb"] * 2,
    *("en-gb-scotland", "en-gb-x-rp", "en-029", "en-gb-x-gbclan", "en-gb-x-gbcwmd", "en-us-nyc"),
    *("de", "de", "fr", "fr", "nl", "es", "it", "pl", "el"),
    *("pt-br", "ro", "cs", "hu", "tr", "sv", "ru", "hi", "id"),
)
"""Of espeak-ng, taken in turn."""

THROATS = (
    *("Alex", "Alicia", "Andrea", "Andy", "Annie", "Denis", "Diogo", "Gene", "Gene2", "Henrique"),
    *("Hugo", "Jacky", "Lee", "Marco", "Mario", "Michael", "Mike", "Reed", "RicishayMax", "adam"),
    *("anika", "antonio", "aunty", "belinda", "benjamin", "boris", "caleb", "david", "ed"),
    *("edward", "f1", "f2", "f3", "f4", "f5", "grandma", "grandpa", "gustave", "ian", "iven"),
    *("iven2", "iven3", "john", "kaukovalta", "klatt", "klatt2", "klatt3", "klatt4", "klatt6"),
    *("linda", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "marcelo", "max", "michel"),
    *("miguel", "norbert", "pablo", "paul", "pedro", "quincy", "rob", "robert", "sandro"),
    *("shelby", "steph", "steph2", "steph3", "travis", "victor", "zac"),
)
"""Variants of espeak-ng's voices."""

DIPHONES = {
    "": (
        *("us1", "us2", "us3", "en1", "us1", "us2", "us3", "en1", "af1-en", "nl2-en", "fr1-en"),
        *("fr4-en", "de1-en", "de2-en", "de3-en", "de5-en", "de6-en", "gr2-en", "hu1-en"),
        *("pl1-en", "ro1-en", "sw1-en", "sw2-en"),
    ),
    "de": ("de7", "de2", "de6", "de4"),
    "fr": ("fr2", "fr3", "fr5", "fr6", "fr7", "ca1", "ca2"),
    "nl": ("nl2", "nl3"),
    "it": ("it3", "it4"),
    "es": ("es1", "es2", "mx1", "mx2", "vz1"),
    "pt": ("pt1",),
    "pt-br": ("br1", "br2", "br3", "br4"),
    "la": ("la1",),
    "pl": ("pl1",),
    "cs": ("cz2", "cz1"),
    "hr": ("cr1",),
    "lt": ("lt1", "lt2"),
    "et": ("ee1",),
    "is": ("ic1",),
    "el": ("gr2", "gr1"),
    "tr": ("tr1", "tr2"),
    "hi": ("in1", "in2"),
    "fa": ("ir1",),
    "id": ("id1",),
}
"""Of MBROLA, the persons who lent their voice, by how the digits have to be spelt for them."""

FESTIVAL = {
    "": ("ked_diphone", "rab_diphone", "don_diphone"),
    "es": ("el_diphone",),
    "cs": ("czech_dita", "czech_krb", "czech_machac", "czech_ph"),
    "fi": ("hy_fi_mv_diphone", "suo_fi_lj_diphone"),
    "it": ("lp_diphone", "pc_diphone"),
}
FLITE = ("kal16", "awb", "rms", "slt")
RHVOICE = {
    "": ("alan", "bdl", "clb", "slt", "evgeniy-eng", "lyubov") * 2,
    "ru": (
        *("aleksandr", "aleksandr-hq", "anna", "arina", "artemiy", "elena", "evgeniy-rus", "irina"),
        *("mikhail", "pavel", "tatiana", "timofey", "umka", "victoria", "vitaliy", "vitaliy-ng"),
        *("vsevolod", "yuriy", "azamat", "nazgul"),
    ),
    "uk": ("anatol", "marianna", "natalia", "volodymyr"),
    "pl": ("alicja", "cezary", "magda", "michal", "natan"),
    "cs": ("zdenek", "ondro"),
    "mk": ("kiko", "suze"),
    "sq": ("hana",),
    "eo": ("spomenka",),
    "pt-br": ("leticia-f123",),
}
PICO = ("en-US", "en-GB")

RECORDED = (
    "/usr/share/asterisk/sounds/en_US_f_Allison/digits/{}.wav",
    "/usr/share/bambam/extensions/alphanumeric-en_US/sounds/{}.ogg",
    "/usr/share/saytime/{}.au",
    "/usr/share/tuxpaint/stamps/symbols/math/{}.ogg",
)
"""Four people, each digit once. Those of saytime are µ-law without a header."""


def asked(words: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Each digit and its word, once as a statement and once as a question: they sound different."""
    for digit, word in enumerate(words):
        for end in ".?":
            yield digit, word + end


def read_aloud(voice: str, speed: int, pitch: int) -> tuple[str, ...]:
    """The command by which espeak-ng reads what it is given, in words a minute and 0 to 99."""
    how = ("-v", voice, "-s", f"{speed}", "-p", f"{pitch}")
    return ("espeak-ng", *how, "--stdin", "-w", SAID)


def espeak(random: np.random.Generator) -> Iterator[Saying]:
    """300 voices."""
    for voice in range(300):
        accent, throat = ACCENTS[voice % len(ACCENTS)], random.choice(THROATS)
        speed, pitch = random.integers(100, 190), random.integers(15, 85)
        command = read_aloud(f"{accent}+{throat}", int(speed), int(pitch))
        for digit, word in asked(SPELT.get(accent, WORDS)):
            yield Saying(f"espeak-ng {voice}", digit, command, word)


def mbrola(random: np.random.Generator) -> Iterator[Saying]:
    """Five voices for each time that a person is listed; espeak-ng reads the words for it."""
    for spelling, persons in DIPHONES.items():
        for voice, person in enumerate(persons * 5):
            speed, pitch = random.integers(100, 180), random.integers(20, 80)
            command = read_aloud(f"mb-{person}", int(speed), int(pitch))
            for digit, word in asked(SPELT.get(spelling, WORDS)):
                yield Saying(f"mbrola {person} {voice}", digit, command, word)


def flite(random: np.random.Generator) -> Iterator[Saying]:
    """15 voices of each person."""
    for voice, person in enumerate(FLITE * 15):
        hertz = random.uniform(85, 135) * (1.7 if person == "slt" else 1.0)
        given = (
            f"duration_stretch={random.uniform(0.75, 1.35):.2f}",
            f"int_f0_target_mean={hertz:.0f}",
        )
        how = ("-voice", person, *(part for one in given for part in ("--setf", one)))
        for digit, word in asked(WORDS):
            yield Saying(f"flite {voice}", digit, ("flite", *how, "-t", word, "-o", SAID))


def festival(random: np.random.Generator) -> Iterator[Saying]:
    """Three or nine voices of each person; they differ in speed alone."""
    for spelling, persons in FESTIVAL.items():
        for voice, person in enumerate(persons * (3 if spelling else 9)):
            stretch = f"(Parameter.set 'Duration_Stretch {random.uniform(0.75, 1.35):.2f})"
            command = ("text2wave", "-eval", f"(begin (voice_{person}) {stretch})", "-o", SAID)
            for digit, word in enumerate(SPELT.get(spelling, WORDS)):
                yield Saying(f"festival {person} {voice}", digit, command, word)


def rhvoice(random: np.random.Generator) -> Iterator[Saying]:
    """Five voices of each person, or ten of one who speaks English."""
    for spelling, persons in RHVOICE.items():
        for voice, person in enumerate(persons * 5):
            rate, pitch = random.integers(65, 135), random.integers(80, 125)
            how = ("-p", person, "-r", f"{rate}", "-t", f"{pitch}", "-o", SAID)
            for digit, word in asked(SPELT.get(spelling, WORDS)):
                yield Saying(f"rhvoice {person} {voice}", digit, ("RHVoice-test", *how), word)


def pico(random: np.random.Generator) -> Iterator[Saying]:
    """15 voices of each person."""
    for voice, person in enumerate(PICO * 15):
        pitch, speed = random.integers(70, 140), random.integers(75, 140)
        for digit, word in asked(WORDS):
            text = f'<speed level="{speed}">{word}</speed>'
            marked = f'<pitch level="{pitch}">{text}</pitch>'
            command = ("pico2wave", "-l", person, "-w", SAID, marked)
            yield Saying(f"pico {voice}", digit, command)


def recorded(random: np.random.Generator) -> Iterator[Saying]:
    """Each person counts as eight voices: people are what there is least of."""
    for voice, path in enumerate(RECORDED * 8):
        form = ("-t", "ul", "-r", "8000", "-c", "1") if path.endswith(".au") else ()
        for digit in range(10):
            command = ("sox", *form, path.format(digit), SAID)
            yield Saying(f"recorded {voice}", digit, command)


SYNTHESIZERS: tuple[Synthesizer, ...] = (
    espeak,
    mbrola,
    flite,
    festival,
    rhvoice,
    pico,
    recorded,
)
"""A new one: write how it says the digits, name it here."""
