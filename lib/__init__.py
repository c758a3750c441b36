"""Everything behind the pages: what is read, what is measured, what is drawn."""
