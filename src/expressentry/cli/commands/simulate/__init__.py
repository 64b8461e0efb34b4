"""`expressentry simulate`: populations, runs of scenarios, comparisons."""
