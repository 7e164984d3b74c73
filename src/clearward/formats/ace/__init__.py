"""ACE: headers, codes, and the ways in which its versions 1 and 2 pack."""
