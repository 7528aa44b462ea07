"""One of several server processes; started by `headlight serve`."""

from __future__ import annotations

import sys

from streamlit.web.cli import main

from headlight.viz.quiet import ask_nothing

if __name__ == "__main__":
    ask_nothing()
    main(["run", *sys.argv[1:]])
