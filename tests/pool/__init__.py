"""The live pool."""
