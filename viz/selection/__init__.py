"""What is selected: one table of parameters, one value, one writer of the address.

`selection.current()` is the value; `selection.update(layer=2)` changes it, as one entry of the
browser's history; `selection.choice("strategy")` and its like read a parameter for a page, and
`**selection.widget("strategy")` makes a widget mirror it; `selection.go(page, section="follow")`
opens another page. A new parameter is a row in `table`.
"""

from .bridge import FRAGMENT, announce, bridge
from .links import (
    address_of,
    follow,
    go,
    is_local,
    link,
    own_address,
    own_addresses,
    share_url,
    values,
)
from .running import adopt, begin, current, here, redraw, settle, update, visit
from .value import Ignored, Selection, positions
from .widgets import (
    cell,
    choice,
    dismiss,
    drop,
    from_link,
    give,
    ignore,
    ignored,
    index,
    number,
    on,
    refused,
    said,
    several,
    text,
    whole,
    widget,
)

__all__ = [
    "FRAGMENT",
    "Ignored",
    "Selection",
    "address_of",
    "adopt",
    "announce",
    "begin",
    "bridge",
    "cell",
    "choice",
    "current",
    "dismiss",
    "drop",
    "follow",
    "from_link",
    "give",
    "go",
    "here",
    "ignore",
    "ignored",
    "index",
    "is_local",
    "link",
    "number",
    "on",
    "own_address",
    "own_addresses",
    "positions",
    "redraw",
    "refused",
    "said",
    "settle",
    "several",
    "share_url",
    "text",
    "update",
    "values",
    "visit",
    "whole",
    "widget",
]
