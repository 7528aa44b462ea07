"""To be filled."""
NAME = "layers"
LOOK = LOOK_FOR = "."


def render(bench):
    """Nothing yet."""
