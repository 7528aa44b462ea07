"""The line that greets on a first visit, and the tour of the live page that it offers."""

from __future__ import annotations

import streamlit as st

from .static import loader

_COMPONENT = st.components.v2.component("headlight_welcome", js=loader("welcome"))

LINE = (
    "Headlight runs a small transformer in this page and shows where each of its attention heads "
    "looks, with the real numbers. Type a sentence, press Enter, then point at a cell."
)
STOPS = (
    (
        ".st-key-text",
        "1 · Type",
        "Any short English sentence. Press Enter and the model reads it.",
    ),
    (
        ".strips",
        "2 · What it wrote",
        "What the model has read, and below it what it wrote, token by token. Nothing was prepared "
        "beforehand.",
    ),
    (
        ".panel.heatmap .stage",
        "3 · A row",
        "Each row is one step: “noir → dort” means that it has just read “noir” and is about to "
        "write “dort”. The dark cells are the source tokens it looks at; a row adds up to 1.",
    ),
    (
        ".overview",
        "4 · A head",
        "Every small map is one head, on the same sentence. Press one to see it large: some align "
        "words, some look at a neighbour, some rest on the end.",
    ),
    (
        "[data-testid=stSidebarContent]",
        "5 · What next",
        "Learn has short lessons on your own sentence, Decode lets you change the model's "
        "mind, Training shows a model learning while you watch.",
    ),
)


def welcome() -> None:
    """Draw the line; the browser shows it until it was closed once."""
    _COMPONENT(
        key="welcome-line",
        data={
            "line": LINE,
            "tour": "Show me around (60 seconds)",
            "close": "Close",
            "done": "Done",
            "stops": [{"at": at, "title": title, "text": text} for at, title, text in STOPS],
        },
    )
