"""Damaged data sets as people bring them: a table, a packed one, Parquet, a folder of pictures, an archive of it."""

import gzip
import io
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import Final

from PIL import Image

from kerasnn.data.dataset import Part
from kerasnn.data.load import load_data
from kerasnn.errors import DataError
from tests.conftest import tiny_source
from tests.faults.cases.data import refused
from tests.faults.frame import Lost, Plan, Trial, case
from tests.faults.mutate import mutate


def table(part: Part) -> bytes:
    rows = part.images.reshape(len(part), -1).tolist()
    lines = ["label," + ",".join(f"pixel{number}" for number in range(36))]
    lines += [",".join(map(str, [label, *row])) for label, row in zip(part.labels.tolist(), rows, strict=True)]
    return ("\n".join(lines) + "\n").encode()


def picture(pixels: object) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")  # type: ignore[arg-type]
    return file.getvalue()


def save_csv(folder: Path) -> Path:
    (folder / "own.csv").write_bytes(table(tiny_source().learning))
    return folder / "own.csv"


def save_gzip(folder: Path) -> Path:
    (folder / "own.csv.gz").write_bytes(gzip.compress(table(tiny_source().learning), mtime=0))
    return folder / "own.csv.gz"


def save_zip(folder: Path) -> Path:
    source = tiny_source()
    with zipfile.ZipFile(folder / "own.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in (("train", source.learning), ("test", source.test)):
            archive.writestr(zipfile.ZipInfo(f"{name}.csv"), table(part), zipfile.ZIP_DEFLATED)
    return folder / "own.zip"


def save_parquet(folder: Path) -> Path:
    import pyarrow as pa
    from pyarrow import parquet

    part = tiny_source().learning
    columns = {"image": [{"bytes": picture(image), "path": None} for image in part.images], "label": part.labels}
    features = {"info": {"features": {"label": {"names": ["a", "b", "c"]}}}}
    parquet.write_table(
        pa.table(columns).replace_schema_metadata({"huggingface": json.dumps(features)}), folder / "own.parquet"
    )
    return folder / "own.parquet"


def save_folder(folder: Path) -> Path:
    part = tiny_source(40).learning
    for number, (image, label) in enumerate(zip(part.images, part.labels, strict=True)):
        place = folder / "own" / f"class {label}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{number}.png").write_bytes(picture(image))
    return folder / "own"


def save_archive(form: str) -> Callable[[Path], Path]:
    """The folder of pictures as an archive, as `shutil` makes one."""
    return lambda folder: Path(shutil.make_archive(str(folder / "own"), form, folder, save_folder(folder).name))


KINDS: Final[Mapping[str, Callable[[Path], Path]]] = {
    "csv": save_csv,
    "gzip": save_gzip,
    "zip": save_zip,
    "pictures": save_folder,
    "pictures in a zip": save_archive("zip"),
    "pictures in a tar": save_archive("tar"),
    "pictures in a tar.gz": save_archive("gztar"),
    **({"parquet": save_parquet} if find_spec("pyarrow") else {}),  # the extra kerasnn[parquet]
}


@case("own data", goal="refused in 3 s, code 3, or read as data", full=500, quick=10)
def own_data(plan: Plan) -> Iterator[Trial]:
    """Each kind in turn; of the folder, one picture is damaged."""
    random, kinds = Random(plan.seed), list(KINDS)
    for number in range(plan.count):
        kind = kinds[number % len(kinds)]
        folder = plan.folder / f"own-{number}"
        yield Trial(f"mutation {number} of {kind}", partial(_mutated, kind, folder, random.randrange(2**32)))


def _mutated(kind: str, folder: Path, seed: int) -> None:
    folder.mkdir()
    path, random = KINDS[kind](folder), Random(seed)
    good = load_data(path).info.sha256 if kind == "gzip" else None  # its checksum guards the content
    place = random.choice(sorted(path.rglob("*.png"))) if path.is_dir() else path
    place.write_bytes(mutate(place.read_bytes(), random))
    try:
        data = load_data(path)
    except DataError:
        refused(["--dataset", str(path)], "own", folder / "runs")
    else:
        if good is not None and data.info.sha256 != good:
            raise Lost("taken for good with other content")
        if data.train.images.ndim != 3 or not 1 < data.classes <= 1000 or data.train.labels.max() >= data.classes:
            raise Lost("read as something that is no data set")
