"""Which shipped models read text: what many tests type."""

import headlight

TEXT_MODELS = tuple(slug for slug in headlight.available() if headlight.load(slug).reads == "text")
