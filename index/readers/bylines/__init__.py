"""Names and dates as bylines have them, in many languages."""
