"""What `kerasnn export` wrote, and how exactly it computes what kerasnn computes."""

from dataclasses import dataclass

from kerasnn.records.data import DatasetInfo
from kerasnn.records.note import Note
from kerasnn.records.shown import Shown


@dataclass(frozen=True)
class Export(Shown, brief=("model", "format", "path", "bytes", "largest_difference")):
    """A network in another form. `path`: of the file or folder; `files`: all that was written.

    `largest_difference`: between its probabilities, read back, and kerasnn's, on the `images` test images of `dataset`.
    `pixels`: what it takes: `0..255` if the division by 255 is inside, else `0..1`. `input_shape`: of one image.
    `opened_with`: a line of code. `seconds`: to write and to compare.
    """

    model: str
    format: str
    path: str
    files: tuple[str, ...]
    bytes: int
    images: int
    largest_difference: float
    dataset: DatasetInfo
    pixels: str
    input_shape: tuple[int, ...]
    classes: tuple[str, ...]
    opened_with: str
    seconds: float
    notes: tuple[Note, ...] = ()
