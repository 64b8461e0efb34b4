"""The department's page of criteria of the Comprehensive Ranking System, cell by cell beside a grid."""
