"""The law compared with what is published: the statutes as XML, the department's pages as HTML."""
