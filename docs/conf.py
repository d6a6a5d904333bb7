"""The settings of Sphinx, which `make site` runs in the root: Markdown in, pages to read from a folder offline out."""

project = "kerasnn"
extensions = ["myst_parser"]
root_doc = "docs/index"
include_patterns = ["*.md", "benchmarks/*.md", "docs/**"]
exclude_patterns = [".*", "build", "kerasnn", "models", "tests"]
myst_heading_anchors = 3
highlight_language = "none"
html_theme = "furo"
html_title = "kerasnn"
html_extra_path = ["index.html"]  # leads to the root document
html_copy_source = False
html_show_copyright = False
html_show_search_summary = False  # a page opened from a folder may not fetch the others
