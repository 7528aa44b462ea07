"""To be filled."""
NAME = "breaking"
LOOK = LOOK_FOR = "."


def render(bench):
    """Nothing yet."""
