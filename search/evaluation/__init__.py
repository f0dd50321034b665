"""How good the ranking is, measured on test collections."""
