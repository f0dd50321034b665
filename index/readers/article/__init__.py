"""What readers make an article with: named values, lines of a head, blocks of text, and findings on all of them."""
