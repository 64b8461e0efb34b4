"""The commands of the record of rounds."""
