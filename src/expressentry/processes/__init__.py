"""Work in several processes: that of the site's visitors, and lists of people on every core.

child       what runs in such a process: its memory is limited, and it ends when its parent does
in_order    many pieces of work on every core, answered in their order
"""
