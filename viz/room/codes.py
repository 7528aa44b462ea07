"""What rooms and pupils are called."""

from __future__ import annotations

import secrets

ALPHABET = "BCDFGHJKMNPRSTWXYZ"
"""Letters of a code: none that looks like another, and no vowels, so that no code is a word."""
LETTERS = 4

ANIMALS = (
    "Otter", "Heron", "Badger", "Falcon", "Gecko", "Lynx", "Marten", "Newt", "Owl", "Puffin",
    "Quail", "Raven", "Seal", "Tapir", "Urchin", "Viper", "Walrus", "Yak", "Zebra", "Adder",
    "Beaver", "Crane", "Dingo", "Eagle", "Ferret", "Goose", "Hare", "Ibis", "Jackal", "Koala",
    "Lemur", "Moose", "Narwhal", "Ocelot", "Panda", "Rabbit", "Stork", "Toad", "Vole", "Wombat",
)  # fmt: skip


def new_code() -> str:
    """A code at random."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LETTERS))


def as_code(typed: str) -> str:
    """What a person typed as a code: capitals, spaces left out."""
    return "".join(typed.split()).upper()[: LETTERS + 1]


def animal(number: int) -> str:
    """The name of the pupil who came in as this number, counted from zero: `Otter`, `Otter 2`."""
    round_, place = divmod(number, len(ANIMALS))
    return ANIMALS[place] + (f" {round_ + 1}" if round_ else "")
