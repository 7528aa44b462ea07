"""The class, live: one teacher, many phones, on every page.

`live` stands beside the page and is drawn again when something of the class changes, without the
page; `catch_up` has a page that is drawn begin where the teacher is. Start and join: `door`. A page
that has a question hands it to `offer`; `train` has the class train one model.
"""

from .asking import offer
from .beside import live
from .door import door
from .follow import catch_up
from .together import is_pupil, train

__all__ = ["catch_up", "door", "is_pupil", "live", "offer", "train"]
