"""Which simulator, to which rules."""

VERSION = "0.1.0"
RULES_VERSION = "深圳FAQ-2021"
