"""How answers are shown: plain data, text for a terminal."""
