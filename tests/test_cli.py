from __future__ import annotations

import pytest

from headlight.cli import APP, main


def test_where_it_listens_is_handed_to_streamlit(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[list[str]] = []
    monkeypatch.setattr("streamlit.web.cli.main", given.append)
    main([])
    main(["--port", "8600", "--address", "127.0.0.1"])
    start = ["run", str(APP.resolve())]
    assert given == [start, [*start, "--server.port=8600", "--server.address=127.0.0.1"]]
