"""People of public cases, one file a case, and the right answers as tests; all of them are invented."""
