"""The report of one person as a tagged PDF: sections as plain data, set by one typst template.

sections(dossier, "en")                  what the report says, as data
report_pdf(dossier, "en", name="…")      the document: tagged, the same bytes for the same input
"""

from expressentry.present.report.document import report_data, sections
from expressentry.present.report.render import report_pdf

__all__ = ["report_data", "report_pdf", "sections"]
