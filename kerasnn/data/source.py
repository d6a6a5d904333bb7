"""Where images come from, as one value."""

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
    """What to load. `folder`: where Fashion-MNIST's files lie; None searches the usual places.

    `name`: `auto` (Fashion-MNIST, or garments if it cannot be had), `fashion-mnist`, `garments`, or the path of the
    user's own images; None stands for what a model learnt from, which `for_model` fills in.
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
                hint=_("leave one of the two out"),
            )

    def for_model(self, learnt_from: str | None) -> Self:
        """Return what to show a model that learnt from the data set `learnt_from`, None if that is unknown."""
        if self.name is not None:
            return self
        return replace(self, name=AUTO if learnt_from in (None, FASHION_MNIST) else learnt_from)


def source_of(dataset: str | Path | Dataset | None, data_dir: str | Path | None) -> Source | Dataset:
    """Return the source that the arguments of a public function name; a Dataset is returned as it is.

    Raises: UsageError if `data_dir` does not go with `dataset`.
    """
    if isinstance(dataset, Dataset):
        return dataset
    return Source(dataset, Path(data_dir) if data_dir is not None else None)
