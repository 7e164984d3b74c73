"""What rules look for, told from their text: spying rules are found before they run."""
