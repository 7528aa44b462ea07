"""What pages share: the input bar above them, the menu, links to share, how charts are shown."""
