"""Reports of ratings: one content, as a page, a PDF, a workbook and a table."""
