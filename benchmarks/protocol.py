"""A tab without a browser: opens a page, types, uploads and leaves by Streamlit's own protocol."""

from __future__ import annotations

import json
import os
import time
import urllib.request
from collections.abc import Callable
from glob import glob
from types import TracebackType
from typing import Any
from urllib.parse import urlencode

from google.protobuf.message import Message
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect
from websockets.typing import Subprotocol

LONG = 300.0
AGAIN = 30.0
"""Seconds for a page to be drawn after a break in its connection."""
TEXTS = {"markdown": "body", "alert": "body", "progress": "text", "html": "body", "text": "body"}
"""Kinds of elements that say something, and where."""


class Tab:
    """One session. Use it in a `with` block: leaving it closes the tab.

    Args:
        url: the server, such as http://127.0.0.1:8501.
        page: the page's path; "" for the first.
        query: what its address asks for.

    Attributes:
        elements: what is on the page, by its place.
        heard: called with every element that comes.
    """

    def __init__(self, url: str, page: str = "", **query: str) -> None:
        self.url, self.page, self.query = url, page, query
        self.elements: dict[str, Message] = {}
        self.fragments: dict[str, str] = {}
        self.heard: Callable[[Any], None] = lambda element: None
        self.values: dict[str, object] = {}
        self.origin = url
        self.cookies: dict[str, str] = {}
        self.session = ""
        self.drawn = ""
        self.errors: list[str] = []
        self.bytes = 0

    def reopen(self) -> None:
        """Connect anew after a break and draw the page, as a browser does by itself."""
        self.__exit__(None, None, None)
        self.elements.clear()
        self.__enter__()
        self.rerun(timeout=AGAIN)

    def __enter__(self) -> Tab:
        self._take_cookies("/")  # as a browser that reads the page first
        self._open = connect(
            self.url.replace("http", "ws", 1) + "/_stcore/stream",
            additional_headers={"Cookie": self._cookie, "Origin": self.origin},
            subprotocols=[Subprotocol("streamlit")],
            max_size=None,
            open_timeout=60,
            ping_interval=None,
        )
        self._socket = self._open.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.__exit__(kind, error, trace)

    def rerun(self, *, wait: bool = True, timeout: float = LONG, **once: object) -> float:
        """Run the page's script; seconds until it has ended.

        Args:
            once: `pressed`, the id of a button; `fragment`, the only part that is to run.
        """
        message = BackMsg()
        state = message.rerun_script
        state.query_string = urlencode(self.query)
        state.page_name = self.page
        state.context_info.url = f"{self.url}/{self.page}"
        state.fragment_id = str(once.get("fragment", ""))
        if state.fragment_id:
            state.page_script_hash = self.drawn  # else the page that the address names
        for name, value in self.values.items():
            one = state.widget_states.widgets.add()
            one.id = name
            if isinstance(value, str):
                one.string_value = value
            elif isinstance(value, dict):
                one.json_value = json.dumps(value)
            else:
                one.file_uploader_state_value.CopyFrom(value)
        if "pressed" in once:
            one = state.widget_states.widgets.add()
            one.id, one.trigger_value = str(once["pressed"]), True
        start = time.perf_counter()
        self._socket.send(message.SerializeToString())
        if wait:
            self.finish(timeout, part=bool(state.fragment_id))
        return time.perf_counter() - start

    def press(self, label: str, *, wait: bool = True) -> float:
        """Press a button; seconds until the page has ended."""
        return self.rerun(wait=wait, pressed=self.find("button", label))

    def say(self, key: str, name: str, value: object, *, wait: bool = False) -> None:
        """Have a component of ours set a part of its state, as its program in a browser does."""
        found = self.component(key)
        assert found is not None, f"there is no component {key!r}"
        self.values[found.id] = {name: value}
        self.rerun(wait=wait, fragment=self.fragments.get(found.id, ""))

    def component(self, key: str) -> Any:
        """The component of a key, with its `data` as `data_of` reads it; None for none."""
        element: Any
        for element in self.elements.values():
            if key_of(element) == key:
                return element.bidi_component
        return None

    def shows(self, words: str) -> bool:
        """Whether a text on the page has these words in it."""
        for element in self.elements.values():
            kind = str(element.WhichOneof("type"))
            if kind in TEXTS and words in getattr(getattr(element, kind), TEXTS[kind]):
                return True
        return False

    def holds(self, kind: str) -> bool:
        """Whether there is an element of a kind on the page."""
        return any(element.WhichOneof("type") == kind for element in self.elements.values())

    def finish(self, timeout: float = LONG, *, part: bool = False) -> None:
        """Take messages until the script, or a `part` of it, has ended.

        Raises:
            TimeoutError: it did not.
        """
        until = time.monotonic() + timeout
        begun = False
        ended = (
            ForwardMsg.FINISHED_SUCCESSFULLY,
            ForwardMsg.FINISHED_WITH_COMPILE_ERROR,
            *([ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY] if part else []),
        )
        while True:
            message = self._take(until - time.monotonic())
            kind = message.WhichOneof("type")
            begun = begun or kind == "new_session"
            if kind == "script_finished" and begun and message.script_finished in ended:
                return

    def listen(self, seconds: float) -> None:
        """Take whatever comes for a while, as an open tab does."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            try:
                self._take(left)
            except TimeoutError:
                return

    def type(self, label: str, text: str, *, wait: bool = True) -> float:
        """Enter text into the field of this label; seconds until the page has ended."""
        self.values[self.find("text_input", label)] = text
        return self.rerun(wait=wait)

    def find(self, kind: str, label: str = "") -> str:
        """The id of a widget."""
        for element in self.elements.values():
            if element.WhichOneof("type") == kind:
                widget = getattr(element, kind)
                if label in widget.label:
                    return str(widget.id)
        raise LookupError(f"there is no {kind} “{label}” on the page")

    def upload(self, label: str, name: str, content: bytes) -> float:
        """Give a file to the field of this label; seconds until the page has ended."""
        widget = self.find("file_uploader", label)
        request = BackMsg()
        request.file_urls_request.request_id = "1"
        request.file_urls_request.file_names.append(name)
        request.file_urls_request.session_id = self.session
        self._socket.send(request.SerializeToString())
        message = self._take(30)
        while message.WhichOneof("type") != "file_urls_response":
            message = self._take(30)
        urls = message.file_urls_response.file_urls[0]
        boundary = "headlight-boundary"
        body = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        ).encode()
        body += content + f"\r\n--{boundary}--\r\n".encode()
        token = self._token()
        put = urllib.request.Request(
            self.url + urls.upload_url,
            data=body,
            method="PUT",
            headers={
                "Content-Type": f"multipart/form-data; boundary={boundary}",
                "Cookie": self._cookie,
                "X-Xsrftoken": token,
            },
        )
        with urllib.request.urlopen(put, timeout=60):
            pass
        state = _uploaded(name, len(content), urls)
        self.values[widget] = state
        return self.rerun()

    def clear_caches(self) -> None:
        """Ask the server to clear its caches, as any browser may."""
        message = BackMsg()
        message.clear_cache = True
        self._socket.send(message.SerializeToString())

    def _token(self) -> str:
        """What guards uploads against requests that other pages forge."""
        self._take_cookies("/_stcore/health")
        return self.cookies["_streamlit_xsrf"]

    @property
    def _cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def _take_cookies(self, path: str) -> None:
        """Ask for a path and keep the cookies that come with it."""
        asked = urllib.request.Request(self.url + path, headers={"Cookie": self._cookie})
        with urllib.request.urlopen(asked, timeout=LONG) as answer:
            for one in answer.headers.get_all("Set-Cookie") or ():
                name, _, value = one.partition(";")[0].partition("=")
                self.cookies[name] = value.strip('"')

    def _take(self, timeout: float) -> ForwardMsg:
        content = self._socket.recv(timeout=max(timeout, 0.001))
        assert isinstance(content, bytes)
        self.bytes += len(content)
        message = ForwardMsg()
        message.ParseFromString(content)
        kind = message.WhichOneof("type")
        if kind == "new_session":
            if not message.metadata.run.fragment_ids:
                self.elements.clear()
            self.session = message.new_session.initialize.session_id or self.session
        elif kind == "navigation":
            self.drawn = message.navigation.page_script_hash
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            self.elements[str(list(message.metadata.delta_path))] = element
            if element.WhichOneof("type") == "bidi_component":
                self.fragments[element.bidi_component.id] = message.delta.fragment_id
            elif element.WhichOneof("type") == "text_input" and element.text_input.set_value:
                self.values[element.text_input.id] = element.text_input.value  # as a browser does
            self.heard(element)
            if element.WhichOneof("type") == "exception":
                self.errors.append(element.exception.message)
        return message


def key_of(element: Any) -> str:
    """The key of a component of ours; "" for every other element."""
    if element.WhichOneof("type") != "bidi_component":
        return ""
    return str(element.bidi_component.id).rpartition("-")[2]


def data_of(element: Any) -> dict[str, Any]:
    """What a component was sent."""
    found: dict[str, Any] = json.loads(element.bidi_component.json)
    return found


def _uploaded(name: str, size: int, urls: Message) -> Message:
    from streamlit.proto.WidgetStates_pb2 import WidgetState

    state = WidgetState().file_uploader_state_value
    one = state.uploaded_file_info.add()
    one.file_id, one.name, one.size = urls.file_id, name, size
    one.file_urls.CopyFrom(urls)
    return state


def resident(pid: int) -> float:
    """Megabytes of memory that a process and those that it started hold (Linux)."""
    total = 0.0
    try:
        with open(f"/proc/{pid}/status", encoding="ascii") as lines:
            for line in lines:
                if line.startswith("VmRSS"):
                    total = int(line.split()[1]) / 1024
        total += sum(resident(child) for child in children(pid))
    except OSError:  # it has just ended
        pass
    return total


def children(pid: int) -> list[int]:
    """The processes that a process has started (Linux)."""
    found: list[int] = []
    for listed in glob(f"/proc/{pid}/task/*/children"):
        with open(listed, encoding="ascii") as line:
            found += map(int, line.read().split())
    return found


def cpu_seconds(pid: int) -> float:
    """Seconds that a process has computed so far (Linux)."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as line:
        said = line.read().rpartition(")")[2].split()
    return (int(said[11]) + int(said[12])) / os.sysconf("SC_CLK_TCK")
