"""A data set as files that all worker processes map into their memory, so that memory holds it only once.

NumPy is imported inside the functions, because a worker process must set its number of threads first.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kerasnn.errors import EnvironmentFault
from kerasnn.files.locks import temporary_folder
from kerasnn.language import _
from kerasnn.records import DatasetInfo

if TYPE_CHECKING:
    from kerasnn.data.dataset import Dataset

PARTS: Final = ("train", "validation", "test")


@dataclass(frozen=True)
class SharedDataset:
    """The files of a data set in `folder`; this record is what a worker process is sent."""

    info: DatasetInfo
    folder: Path

    def open(self) -> "Dataset":
        """Return the data set; its images are mapped from the files, not copied."""
        import numpy as np

        from kerasnn.data.dataset import Dataset, Part

        # "c": only an array that could be written shares its memory with TensorFlow, and nobody writes
        images = (np.load(self.folder / f"{part}-images.npy", mmap_mode="c") for part in PARTS)
        labels = (np.load(self.folder / f"{part}-labels.npy") for part in PARTS)
        return Dataset(self.info, *map(Part, images, labels))


@contextmanager
def share(dataset: "Dataset") -> Iterator[SharedDataset]:
    """Write the arrays of `dataset` to a temporary folder that exists while the block runs.

    Raises: EnvironmentFault if they do not fit on the disk.
    """
    import numpy as np

    kinds = ("images", "labels")
    arrays = {f"{part}-{kind}": getattr(getattr(dataset, part), kind) for part in PARTS for kind in kinds}
    with temporary_folder("study") as folder:
        try:
            for name, array in arrays.items():
                np.save(folder / f"{name}.npy", array)
        except OSError as error:
            size = sum(array.nbytes for array in arrays.values())
            raise EnvironmentFault(
                _("the images cannot be written to disk for the workers: {reason}", reason=error.strerror or error),
                expected=_("{size:.0f} MB of free space in {folder}", size=size / 1e6 + 1, folder=folder.parent),
                hint=_("set TMPDIR to a folder on a disk with more space"),
            ) from None
        yield SharedDataset(dataset.info, folder)
