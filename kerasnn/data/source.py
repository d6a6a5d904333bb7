"""The source of a data set: its name or path, and the folder of Fashion-MNIST, as one value."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Self

from kerasnn.data.dataset import Dataset
from kerasnn.errors import UsageError
from kerasnn.language import _
from kerasnn.records.data import FASHION_MNIST

AUTO: Final = "auto"


@dataclass(frozen=True)
class Source:
    """What to load. `folder`: the folder with Fashion-MNIST's files; None searches the usual places.

    `name`: `auto` (Fashion-MNIST, or garments if it is not available), `fashion-mnist`, `garments`, or the path of the
    user's own images; None stands for the data that a model was trained on, which `for_model` fills in.
    """

    name: str | Path | None = AUTO
    folder: Path | None = None

    def __post_init__(self) -> None:
        if self.folder is not None and self.name not in (None, AUTO, FASHION_MNIST):
            raise UsageError(
                _(
                    "--data-dir names the folder of Fashion-MNIST's files and does not go with --dataset {dataset}",
                    dataset=self.name,
                ),
                hint=_("leave out one of the two"),
            )

    def for_model(self, trained_on: str | None) -> Self:
        """Return the source for a model that was trained on `trained_on`; None means unknown."""
        if self.name is not None:
            return self
        return replace(self, name=AUTO if trained_on in (None, FASHION_MNIST) else trained_on)


def source_of(dataset: str | Path | Dataset | None, data_dir: str | Path | None) -> Source | Dataset:
    """Return the source that a public function's arguments name; a Dataset is returned as it is.

    Raises: UsageError if `data_dir` does not go with `dataset`.
    """
    if isinstance(dataset, Dataset):
        return dataset
    return Source(dataset, Path(data_dir) if data_dir is not None else None)
