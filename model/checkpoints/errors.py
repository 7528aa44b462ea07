"""What is wrong with a checkpoint, in the user's words."""


class CheckpointError(ValueError):
    """A checkpoint that is missing, damaged, foreign or does not fit together."""
