"""The command `headlight`: the app by itself, everything else as a subcommand."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path

COMMANDS = {
    "serve": ("headlight.hosting.serve", "several processes behind nginx, for many people"),
    "train": ("training.train", "train a task from nothing; stop it and go on at any time"),
    "prepare": ("training.prepare", "the translator's corpus from its public file"),
    "distil": ("training.distil", "easier targets for a translator, found by a trained one"),
    "evaluate": ("training.evaluate", "how good a model is, on inputs it never saw"),
    "card": ("training.card", "measure a model and write the figures of its card and README"),
    "join": ("training.joining", "a training that went on from another, as one run"),
    "publish": ("training.publish", "put a finished run among the shipped models"),
    "record": ("training.record", "keep what each snapshot of a training computes"),
    "seeds": ("training.seeds", "the same trainings with several seeds, and what recurs"),
    "atlas": ("analysis.heads.atlas", "every metric of every head over a corpus"),
    "prune": ("analysis.interventions.pruning", "remove heads one by one, and measure"),
    "patch": ("analysis.interventions.carriers", "which heads carry a difference of sentences"),
    "build-assets": ("analysis.build_assets", "compute what is shipped with the models"),
}
"""A subcommand, the module of `headlight.model` (or another) whose `main(argv)` it is, and what it
does."""

APP = Path(__file__).parent / "app.py"


def main(argv: Sequence[str] | None = None) -> None:
    """Run a subcommand, or start the app."""
    given = list(sys.argv[1:] if argv is None else argv)
    if given and given[0] in COMMANDS:
        module, _ = COMMANDS[given[0]]
        whole = module if module.startswith("headlight.") else f"headlight.model.{module}"
        _run(whole, given[1:])
        return
    options = _parser().parse_args(given)
    where = {"port": options.port, "address": options.address}
    _start({name: str(value) for name, value in where.items() if value}, options.models)


def _run(module: str, given: Sequence[str]) -> None:
    """A subcommand; where the system refuses a file, that is said in words."""
    command = import_module(module)
    try:
        command.main(given)
    except OSError as error:
        from headlight.model.files import in_words

        raise SystemExit(
            f"{error.filename or 'A file'} cannot be used: {in_words(error)}."
        ) from error


def _parser() -> argparse.ArgumentParser:
    width = max(map(len, COMMANDS))
    commands = "\n".join(f"  {name:{width}}  {what}" for name, (_, what) in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="headlight",
        description="Start the app in the browser, or run one of the commands below.",
        epilog=f"commands:\n{commands}\n\n`headlight COMMAND --help` tells more of each.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=int, help="where the app listens (default 8501)")
    parser.add_argument(
        "--address", help="whom it listens to (default everybody; 127.0.0.1: this machine alone)"
    )
    parser.add_argument(
        "--models",
        help=f"a folder of checkpoints, or several paths with “{os.pathsep}” between them",
    )
    return parser


def _start(where: Mapping[str, str], models: str | None) -> None:
    """Hand over to Streamlit, which reads the configuration beside the app's file.

    Args:
        where: Streamlit's options of the server.
    """
    from streamlit.web.cli import main as streamlit

    from headlight.viz.quiet import ask_nothing

    ask_nothing()
    if models:
        os.environ["HEADLIGHT_MODELS"] = os.pathsep.join(
            str(Path(one).resolve()) for one in models.split(os.pathsep)
        )
    streamlit(["run", str(APP.resolve()), *(f"--server.{one}={where[one]}" for one in where)])
