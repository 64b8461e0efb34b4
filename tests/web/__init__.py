"""Tests of the site, the API and the assistant's server."""
