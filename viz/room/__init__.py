"""The class: one teacher, many phones. What a room holds, and how all who are in it hear of it.

`Store` keeps rooms in one SQLite file, `Hub` tells the sessions of this process what changed,
`questions` and `tally` are what is asked and what came of it. Nothing here knows of Streamlit.
"""

from .codes import ALPHABET, animal
from .hub import Hub
from .records import Answer, Asked, Entry, Member, Room, Together
from .store import Store

__all__ = [
    "ALPHABET",
    "Answer",
    "Asked",
    "Entry",
    "Hub",
    "Member",
    "Room",
    "Store",
    "Together",
    "animal",
]
