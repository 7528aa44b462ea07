"""A folder in hub layout as a model that every page can run."""

from __future__ import annotations

from pathlib import Path

from ...run.runner import Model
from ..errors import CheckpointError
from . import speech
from .fitting import CONFIG
from .generation import read_settings, rules, strategy
from .languages import choices
from .network import read_config, read_network
from .open_vocabulary import open_vocabulary


def is_hub_folder(folder: Path) -> bool:
    """Whether `config.json` is one of the hub's: it names a model's type."""
    if not (folder / CONFIG).is_file():
        return False
    try:
        return "model_type" in read_config(folder)
    except CheckpointError:
        return False


def read_hub_folder(folder: Path) -> Model:
    """The model in a folder of the hub, under the folder's name.

    Raises:
        CheckpointError: something is wrong with one of its files; says which.
    """
    values = read_config(folder)
    network = read_network(folder)
    vocabulary = open_vocabulary(folder, values, network.config)
    settings = read_settings(folder, values)
    try:
        kept_to, chosen = rules(settings, network.config), strategy(settings)
        if values["model_type"] == "whisper":
            vocabulary = speech.with_times(vocabulary, settings)
            offered = speech.choices(values, settings, vocabulary, kept_to, network.config)
            followers = speech.alignment_heads(settings, network.config)
        else:
            offered = choices(folder, values, vocabulary, kept_to, network.config)
            followers = ()
    except (ValueError, TypeError, AttributeError) as error:
        raise CheckpointError(
            f"The settings of generation in {folder} are wrong: {error}"
        ) from error
    model = Model(
        folder.resolve().name,
        network,
        vocabulary,
        rules=kept_to,
        strategy=chosen,
        choices=offered,
        alignment_heads=followers,
    )
    return model.choose() if offered.apply is not None else model
