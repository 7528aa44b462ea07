"""The Python side of what runs in the browser: what each part is sent, and its mount.

Their programs are the folders of `viz/web`, built into `static/`. Nothing is imported here: a
notebook uses `lens.html`, and need not have Streamlit.
"""
