"""How the decoder's matrices lie in memory: column by column, as decoding reads them.

One row times a matrix is a sum of the matrix's columns, weighed by the numbers of the row. Where
each column lies in one piece, torch adds them up (`embedding_bag`) in less time than its product of
one row takes. Products of many rows take either layout, with the same numbers.
"""

from __future__ import annotations

from torch import nn

from .transformer import Transformer


def lay_by_columns(network: Transformer) -> None:
    """Lay the decoder's matrices and the table of the output so; their numbers stay."""
    matrices = [one.weight for one in network.decoder.modules() if isinstance(one, nn.Linear)]
    for matrix in (*matrices, network.unembed_weight):
        matrix.data = matrix.data.t().contiguous().t()
