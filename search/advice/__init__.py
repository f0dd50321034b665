"""What is said where a query finds nothing or little: what is to blame, how it may have been meant."""
