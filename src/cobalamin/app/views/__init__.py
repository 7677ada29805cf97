"""Answers as a tree of headings, paragraphs, tables, callouts and figures, made once for every interface that prints them."""
