"""Several server processes behind nginx: `headlight serve`."""
