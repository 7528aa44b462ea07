"""The pages, in the order of the sidebar. A new one: write its file, name it in `VIEWS`.

A page is a module with TITLE, ICON, PATH and `render(context)`.
"""

from . import decode, explore, heads, inside, interventions, learn, training

VIEWS = (explore, decode, inside, interventions, heads, learn, training)
