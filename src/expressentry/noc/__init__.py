"""The National Occupational Classification: codes, titles, TEER, the concordance of its versions."""
