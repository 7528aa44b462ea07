from __future__ import annotations

import errno
import sys
from types import SimpleNamespace

import pytest

from headlight.cli import APP, main


def test_where_it_listens_is_handed_to_streamlit(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[list[str]] = []
    monkeypatch.setattr("streamlit.web.cli.main", given.append)
    main([])
    main(["--port", "8600", "--address", "127.0.0.1"])
    start = ["run", str(APP.resolve())]
    assert given == [start, [*start, "--server.port=8600", "--server.address=127.0.0.1"]]


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "^/data/train.tsv cannot be used: the disk is full.$"),
        (errno.EROFS, "cannot be used: the place may not be written to.$"),
    ],
)
def test_what_the_system_refuses_a_command_is_said_in_words(
    number: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(given: list[str]) -> None:
        raise OSError(number, "no", "/data/train.tsv")

    module = SimpleNamespace(main=refused)
    monkeypatch.setitem(sys.modules, "headlight.model.training.prepare", module)
    with pytest.raises(SystemExit, match=said):
        main(["prepare", "fra-eng.zip"])
