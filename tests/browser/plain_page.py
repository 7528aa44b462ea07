"""A page of hostile texts, each in every place where the app shows text of others."""

from __future__ import annotations

import streamlit as st

from headlight.viz.markdown import plain

TEXTS = (
    "see www.evil.example now",
    "Www.Evil.example",
    "http://evil.example/x?a=b",
    "HTTPS://EVIL.EXAMPLE",
    "me@evil.example",
    "mailto:me@evil.example xmpp:a@b.c",
    "[a](http://x) [x]: http://y <http://z>",
    "![i](http://x/y.png)",
    "<b>x</b> <script>alert(1)</script>",
    "&amp; &copy; &#65;",
    ":material/skull: :streamlit: :smile: :+1:",
    "::material/skull:: :red[x] :small[a] :blue-background[x]:",
    "a -> b <- c <-> d",
    "->",
    "--",
    "a -- b --- c ... (c)",
    "x >= y <= z ~= w == v",
    "$x^2$ and $$y$$ \\(z\\)",
    "    four spaces",
    "line\n\n    block\n- item\n1. one",
    "x  \n  y",
    "a\r\nb\tc",
    "a\n===",
    "# head",
    "> quote",
    "+ item",
    "1. one",
    "1) one",
    "```\ncode\n```",
    "~~~",
    "**b** _i_ `c` ~~s~~ ^a",
    "a | b",
    "a  b   c ",
    "'quoted' \"q\"",
    "\\ back \\* slash\\",
    "=SUM(A1)",
    "[^1]: y ^[x]",
    "\u202eevil\u202c x",
    "\u202eevil",
    "שלום -> b",
    "a\u200fb",
    "www.",
    "@",
    ":",
)


def show() -> None:
    """All of them: `p3-5` is the third place's fifth text."""
    for i, text in enumerate(TEXTS):
        said = plain(text)
        with st.container(key=f"p0-{i}"):
            st.markdown(f"**{said}** and :orange-background[{said}]")
        with st.container(key=f"p1-{i}"):
            st.warning(f"“{said}” cannot be read.")
        with st.container(key=f"p2-{i}"):
            st.caption(said)
        with st.container(key=f"p3-{i}"):
            st.text_input(said, key=f"field-{i}")
        with st.container(key=f"p4-{i}"):
            st.markdown(f"| a | b |\n|---|---|\n| {said} | c |")


if __name__ == "__main__":
    show()
