"""Charts: the data of each, and one definition for the site, the PDF and notebooks."""
