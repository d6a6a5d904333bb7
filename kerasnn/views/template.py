"""Fill the templates beside the code: the drawn network and the page of a report."""

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from kerasnn.views.format import class_name


def fill_template(package: str, name: str, /, **values: Any) -> str:
    """Return the template `name` of a package with `values` filled in and escaped."""
    environment = Environment(
        loader=PackageLoader(package, ""),
        autoescape=True,
        undefined=StrictUndefined,  # a misspelt name is an error, not an empty string
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"kind": lambda block: type(block).__name__.lower(), "g": "{:g}".format, "name": class_name}
    return environment.get_template(name).render(**values)
