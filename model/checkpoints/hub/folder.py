"""A folder in hub layout as a model that every page can run."""

from __future__ import annotations

from pathlib import Path

from ...run.runner import Model
from ..errors import CheckpointError
from .generation import read_settings, rules, strategy
from .languages import choices
from .network import CONFIG, read_config, read_network
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
    if values.get("model_type") == "whisper":
        raise CheckpointError(
            f"{folder} is a Whisper. Its network can be read (hub.network.read_network), but not "
            "run from here yet: nothing makes its spectrogram of a sound."
        )
    network = read_network(folder)
    vocabulary = open_vocabulary(folder, values, network.config)
    settings = read_settings(folder, values)
    try:
        kept_to, chosen = rules(settings, network.config), strategy(settings)
    except (ValueError, TypeError) as error:
        raise CheckpointError(
            f"The settings of generation in {folder} are wrong: {error}"
        ) from error
    offered = choices(folder, values, vocabulary, kept_to, network.config)
    model = Model(
        folder.resolve().name, network, vocabulary, rules=kept_to, strategy=chosen, choices=offered
    )
    return model.choose() if offered.all else model
