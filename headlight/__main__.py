"""`python -m headlight`: the same as the command `headlight`."""

from headlight.cli import main

main()
