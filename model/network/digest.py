"""One short name for one set of weights."""

from __future__ import annotations

import hashlib

from .transformer import Transformer


def digest(network: Transformer) -> str:
    """16 hexadecimal digits that tell one set of weights from another (SHA-256)."""
    total = hashlib.sha256(repr(network.config).encode())
    for name, tensor in sorted(network.state_dict().items()):
        total.update(name.encode())
        total.update(tensor.detach().contiguous().numpy().data)
    return total.hexdigest()[:16]
