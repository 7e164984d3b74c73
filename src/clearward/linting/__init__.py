"""Rules that hunt documents are found before anybody runs them."""
