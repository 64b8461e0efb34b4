"""The department's pages that carry figures, read by their headings and labels and compared with the law."""
