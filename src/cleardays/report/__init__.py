"""The answer as a page: HTML, PDF, plain text and JSON, all from one `Page`.

`page.compose` turns a `Review` into words and figures once; the renderers only
lay them out, so that every format carries the same content.
"""
