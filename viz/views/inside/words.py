"""To be filled."""
NAME = "words"
LOOK = LOOK_FOR = "."


def render(bench):
    """Nothing yet."""
